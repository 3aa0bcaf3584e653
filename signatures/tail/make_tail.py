#!/usr/bin/env python3
"""make_tail.py: providers.tsv to ../tail.json, the signatures of services whose keys have no mark of their own.

Such a key is told by the service's name near it. All these signatures are one pattern with a name and a value in
it; this file holds the pattern, the shapes of values and the sentences, the table holds what differs. README.md
beside it explains the columns. Run it without arguments after a change; `make_tail.py FILE` writes elsewhere.
The result is the same on every machine.
"""
import json
import random
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
COLUMNS = ("id", "provider", "names", "value", "power", "page")

# ---- values ----

CHARACTERS = {
    "hex": "0123456789abcdef",
    "HEX": "0123456789ABCDEF",
    "num": "0123456789",
    "lower": "0123456789abcdefghijklmnopqrstuvwxyz",
    "upper": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "alnum": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "word": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-",
    "base64": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/",
}
CLASSES = {"hex": "[0-9a-f]", "HEX": "[0-9A-F]", "num": r"\d", "lower": "[0-9a-z]", "upper": "[0-9A-Z]", "alnum": "[0-9A-Za-z]",
           "word": r"[\w-]", "base64": "[0-9A-Za-z+/]"}
HEX_GROUPS = (8, 4, 4, 4, 12)
ANY = "any"  # nothing is published: what keys mostly look like
ANY_MIN, ANY_MAX = 20, 80


class Shape:
    """One form of a value: `hex:32`, `alnum:20-40`, `=pk_+hex:32` with a fixed beginning, `uuid`, `jwt`, `any`."""

    def __init__(self, text):
        self.prefix, _, self.form = text[1:].rpartition("+") if text.startswith("=") else ("", "", text)
        self.kind, _, size = self.form.partition(":")
        if self.kind == ANY:
            size = f"{ANY_MIN}-{ANY_MAX}"
        least, _, most = size.partition("-")
        self.least, self.most = int(least or 0), int(most or least or 0)

    def pattern(self):
        if self.kind == "uuid":
            return re.escape(self.prefix) + "-".join(f"[0-9a-fA-F]{{{size}}}" for size in HEX_GROUPS) + r"(?![\w-])"
        if self.kind == "jwt":
            return r"eyJ[\w-]{17,400}\.eyJ[\w-]{17,1200}\.[\w-]{20,700}"
        if self.kind == ANY:  # a digit keeps most names in programs out
            return rf"(?=[A-Za-z_-]{{0,40}}\d)[\w-]{{{ANY_MIN},{ANY_MAX}}}(?![\w-]|[.(\[]\w)"
        count = f"{{{self.least}}}" if self.least == self.most else f"{{{self.least},{self.most}}}"
        end = r"={0,2}(?![\w+/=-])" if self.kind == "base64" else r"(?![\w-])"
        return re.escape(self.prefix).replace(r"\-", "-") + CLASSES[self.kind] + count + end

    def min_score(self):
        """Random values pass, words do not (engine/confirm/README.md, "Score"); a fixed beginning tells enough."""
        if self.prefix:
            return 0
        if self.kind == "num" or self.least < 16:
            return 0.3
        if self.kind == "uuid":
            return 0.4
        return 0.75 if self.kind == ANY else 0.7 if self.least >= 24 else 0.6

    def is_telling(self):
        """Whether a value near the name alone may be told from other values."""
        return self.kind in ("uuid", "jwt") or (self.kind != ANY and self.least >= 24)

    def make(self, rng, size=None):
        """A made-up value; `size` only where the shape has one."""
        if self.kind == "uuid":
            return self.prefix + "-".join(made("hex", rng, size) for size in HEX_GROUPS)
        if self.kind == "jwt":
            return f"eyJ{made('word', rng, 30)}.eyJ{made('word', rng, 90)}.{made('word', rng, 43)}"
        kind = "alnum" if self.kind in (ANY, "word") else self.kind
        return self.prefix + made(kind, rng, size or self.least + (8 if self.kind == ANY else 0))

    def make_short(self, rng):
        """One character less than the shape wants."""
        whole = self.make(rng, max(self.least, 1))
        return whole[:-1] if self.kind != "jwt" else whole[: whole.index(".") + 8]


def made(kind, rng, size):
    """Random characters that look random: digits among them, few repeated."""
    while True:
        text = "".join(rng.choice(CHARACTERS[kind]) for _ in range(size))
        digits = sum(character.isdigit() for character in text)
        is_even = len(set(text)) >= min(size, len(CHARACTERS[kind])) * 0.55 and not re.search(r"(.)\1\1", text)
        if size < 12 or (is_even and (kind == "num" or size / 8 <= digits <= size * 0.8)):
            return text


# ---- the pattern ----

# Classes in place of alternatives wherever that loses little: PCRE2 compiles a pattern when its name is first seen in
# a scan, and six hundred of these must not be felt.
QUOTES = r"[\\\"'`]{0,4}"
CLOSE = r"[\\\"'`\])}]{0,6}"
OPEN = r"[@bu]?[\\\"'`(\[]{0,6}"
OPERATOR = r"[ \t]{0,8}(?:[:=?<|]{0,2}[=:>?|-]|,|%3d)[ \t]{0,8}"
# A name and its value in two fields: Kubernetes, Terraform, web.config; two elements: property lists.
PAIR = (rf"[ ]?[,{{]?\s{{0,24}}{QUOTES}(?:value|default){QUOTES}[ \t]{{0,3}}[:=][ \t]{{0,4}}"
        r"|</[\w:-]{1,12}>\s{0,16}<[\w:-]{1,12}>")
BETWEEN = rf"(?:{OPERATOR}|{PAIR}|[ \t]{{1,8}})"
KINDS = r"(?:api[_. -]?)?key|token|secret(?:[_. -]?key)?|pass(?:wor)?d|pwd|auth(?:orization)?|access|credentials?|bearer|jwt|pat|api"
LONG_KINDS = (r"authorization|api[_. -]?key|(?:access|auth|secret|private)[_. -]?key|secret|token|password|x-[\w-]{1,16}key"
              r"|[?&][\w-]{0,8}(?:key|auth|access)|(?<![\w.-])key")
SUFFIX = r"s?(?:[_.-](?!id|name|ur[il]|path|file|len|size|type|hash)[a-z\d]{1,10})?"
SCHEME = r"(?:(?:bearer|token|basic|key|api-?key|token token)[ =]{1,2}[\"']?)?"
HOST = r"\.(?:com|io|co|ai|app|net|org|dev|eu|me|us|xyz|cloud)(?![0-9A-Za-z])"
# An ordinary word is a service's name in its address, and where it opens a block.
OPENS = rf"(?:{HOST}|[\w\"'. ]{{0,16}}[:=(]{{1,2}}[ ]?[{{\n])"
# The block that a name opens: {"name": {"key": …, [name] key=…, name:\n  key: …
BLOCK = rf"{CLOSE}\s{{0,2}}[:=>]{{0,2}}\s{{0,16}}[{{(<\[]{{0,2}}\s{{0,12}}{QUOTES}[\w.-]{{0,12}}?"
# What stands before a value that is no secret, though a service's name does too: checksums and identifiers.
OTHERS = (r"(?:sha\d|md5|hash|digest|integrity|commit|checksum|etag|resolved|revision|fingerprint|version|uuid"
          r"|(?:client|app|application|account|user|project|org|tenant|site|key)[_. -]?id)")


# The name goes on to a word for a key, or such a word stands in its block; farther away only words that are for
# nothing else, as in headers and queries of the service's address. What ends a statement or a block ends the search, or the key
# of the next one would be taken for this one's.
NEAR = rf"(?:[\w .:-]{{0,24}}?|{BLOCK})(?:{KINDS})"
WIDE = rf"[^\0;)}}]{{0,64}}?(?:{LONG_KINDS})"
VALUE_FOLLOWS = f"{SUFFIX}{CLOSE}{BETWEEN}{OPEN}{SCHEME}"
WEAK = rf"(?<weak>)(?![^\0]{{0,40}}?{OTHERS})[^\0/#@%]{{0,40}}?(?<=[\"'=:>\s(,`])"
# A word by itself: "front" in front_key and frontKey, not in frontier or FRONTIER.
LEFT, RIGHT = r"(?:(?<![A-Za-z])|(?<=\\[nrt]))", r"(?-i:(?![a-z]|(?<=[A-Z])[A-Z]))"


def spelled(names):
    """Names as alternatives. A space stands for a separator or none, a full stop for one as well: each form is a text to look for."""
    texts = [re.escape(name).replace(r"\ ", "[_-]?").replace(r"\.", "[._-]?").replace(r"\-", "-") for name in names]
    return "(?:" + "|".join(texts) + ")" if len(texts) > 1 else texts[0]


def pattern_of(row, shapes):
    values = "|".join(shape.pattern() for shape in shapes)
    has_weak = all(shape.is_telling() for shape in shapes)
    own = [name for name in row["names"] if not name.startswith("~")]
    words = [name[1:] for name in row["names"] if name.startswith("~")]
    ways = []
    if own:
        ways.append(f"{spelled(own)}(?:(?:{NEAR}|{WIDE}){VALUE_FOLLOWS}{'|' + WEAK if has_weak else ''})")
    if words:
        ways.append(f"{LEFT}{spelled(words)}{RIGHT}(?:{NEAR}|{OPENS}{WIDE}){VALUE_FOLLOWS}")
    return f"(?i:{'|'.join(ways)})(?<secret>{values})"


# ---- sentences ----

POWERS = {
    "q": ("low", "Uses {thing} of {provider} on its owner's quota."),
    "r": ("medium", "Reads {thing} in its owner's {provider} account."),
    "a": ("medium", "Reads and changes {thing} in its owner's {provider} account."),
    "s": ("medium", "Sends {thing} through its owner's {provider} account."),
    "h": ("high", "Reads and changes {thing} in its owner's {provider} account."),
    "m": ("critical", "Moves money: {thing} in its owner's {provider} account."),
}
CAPITALS = {"api": "API", "api-key": "API key", "api-token": "API token", "api-secret": "API secret", "oauth-secret": "OAuth secret"}


def name_of(row):
    kind = row["id"].split(".")[1]
    return f"{row['provider']} {CAPITALS.get(kind, kind.replace('-', ' '))}"


# ---- examples ----


def pieces(text, value):
    """Cut so that no piece looks like a credential."""
    at = text.index(value)
    size = len(value) // 3 + 1
    parts = [text[:at], *(value[i:i + size] for i in range(0, len(value), size)), text[at + len(value):]]
    return [part for part in parts if part]


def misspelled(variable):
    """Each word with another second letter, so that no spelling of the name is left in it."""
    return re.sub(r"(?<![A-Z0-9])([A-Z0-9]?)[A-Z0-9]", lambda found: found[1] + ("X" if found[0][-1] != "X" else "V"), variable)


def match_examples(name, shapes, rng, has_weak):
    variable = name.replace(" ", "_").replace(".", "_").replace("-", "_").upper()
    frames = [f"{variable}_API_KEY=%s", f'"{name.replace(" ", "_")}": {{"token": "%s"}}']
    if has_weak:
        frames.append(f"new {name.title().replace(' ', '')}('%s')")
    values = [shapes[i % len(shapes)].make(rng) for i in range(max(len(frames), len(shapes)))]
    return [pieces(frames[i % len(frames)] % value, value) for i, value in enumerate(values)]


def other_examples(name, shapes, rng):
    shape = shapes[0]
    variable = name.replace(" ", "_").replace(".", "_").replace("-", "_").upper()
    short = min(shapes, key=lambda one: one.least if one.kind not in ("uuid", "jwt") else 99).make_short(rng)
    whole = shape.make(rng, shape.least)
    wrong = whole[:6] + "!" + whole[7:]
    other = shape.make(rng)
    return [pieces(f"{variable}_API_KEY={short}", short), pieces(f"{variable}_API_KEY={wrong}", wrong),
            pieces(f"{misspelled(variable)}_API_KEY={other}", other)]


# ---- the table ----


def read_table(path):
    rows = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) != len(COLUMNS):
            sys.exit(f"{path}:{number}: {len(cells)} columns, not {len(COLUMNS)}")
        row = dict(zip(COLUMNS, cells))
        if "." not in row["id"]:
            row["id"] += ".api-key"
        row["names"] = (row["provider"].lower() if row["names"] == "." else row["names"]).split(", ")
        rows.append(row)
    return sorted(rows, key=lambda row: row["id"])


def signature_of(row):
    shapes = [Shape(text) for text in ("any" if row["value"] == "." else row["value"]).split(", ")]
    rng = random.Random(row["id"])
    severity, sentence = POWERS[row["power"][0]]
    page, name = "https://" + row["page"], row["names"][0].lstrip("~")
    has_weak = all(shape.is_telling() for shape in shapes) and not row["names"][0].startswith("~")
    return {
        "id": row["id"],
        "name": name_of(row),
        "provider": row["provider"],
        "severity": severity,
        "confidence": "medium",
        "pattern": pattern_of(row, shapes),
        "min_score": min(shape.min_score() for shape in shapes),
        "description": sentence.format(thing=row["power"][2:], provider=row["provider"]),
        "remediation": f"Revoke it in the settings of the {row['provider']} account, make a new one, and hand that in at run time.",
        "references": [page],
        "examples": {"match": match_examples(name, shapes, rng, has_weak), "no_match": other_examples(name, shapes, rng)},
    }


def main():
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent / "tail.json"
    signatures = [signature_of(row) for row in read_table(HERE / "providers.tsv")]
    lines = ",\n".join(json.dumps(signature, ensure_ascii=False) for signature in signatures)
    out.write_text('{"schema": "silt.signatures/1", "signatures": [\n' + lines + "\n]}\n")


if __name__ == "__main__":
    main()
