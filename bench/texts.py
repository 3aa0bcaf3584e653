"""texts.py: made-up texts, the same on every machine for the same signatures/*.json.

planted   every signature's examples pasted into many contexts: what two builds of silt must agree on
worst     text that is dear to match: every line looks like an assignment, with keywords and tokens that miss narrowly
trees     many small files, for the cost of a file
"""
import base64
import io
import json
import random
import re
import tarfile

WORDS = ["river", "silt", "delta", "layer", "image", "stone", "water", "config", "value", "return", "import", "class"]
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def signatures_in(folder):
    """All signatures of a folder of files, by id."""
    found = [one for file in sorted(folder.glob("*.json")) for one in json.loads(file.read_text())["signatures"]]
    return sorted(found, key=lambda one: one["id"])


def examples_of(signature, kind="match"):
    return ["".join(pieces) for pieces in signature.get("examples", {}).get(kind, [])]


def prose(rng, words):
    return " ".join(rng.choice(WORDS) for _ in range(words))


def token(rng, size):
    return "".join(rng.choice(LETTERS) for _ in range(size))


def noise(rng, size):
    return bytes(rng.getrandbits(8) for _ in range(size))


def in_json(rng, example):
    return (json.dumps({"id": rng.getrandbits(20), "value": example, "note": prose(rng, 3)}) + "\n").encode()


def in_script(rng, example):
    quoted = example.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'!function(e,t){{var n="{quoted}";return e(n,{rng.getrandbits(8)})}}(a,b);'.encode()


def in_binary(rng, example):
    return noise(rng, 40) + b"\0" + example.encode() + b"\0" + noise(rng, 40)


CONTEXTS = {
    "plain.txt": lambda rng, example: f"{prose(rng, 4)}\n{example}\n".encode(),
    "data.json": in_json,
    "conf.yaml": lambda rng, example: f"- name: {prose(rng, 1)}\n  value: {example}\n".encode(),
    "env.sh": lambda rng, example: f"export {prose(rng, 1).upper()}={example}\n".encode(),
    "bundle.min.js": in_script,
    "blob.bin": in_binary,
    "links.txt": lambda rng, example: f"https://example.net/{prose(rng, 1)}?q={example}&n={rng.getrandbits(9)}\n".encode(),
    "line.txt": lambda rng, example: f"{prose(rng, 20)} {example} ".encode(),
    "dos.ini": lambda rng, example: f"[{prose(rng, 1)}]\r\nname = {example}\r\n".replace("\n\n", "\n").encode(),
    "wide.txt": lambda rng, example: f"{prose(rng, 2)}\r\n{example}\r\n".encode("utf-16-le"),
    "packed.txt": lambda rng, example: b"data: " + base64.b64encode(f"x={example} ".encode()) + b"\n",
}


def name_from(glob):
    """A file name that a signature's path glob fits."""
    name = re.sub(r"\{([^,}]*)[^}]*\}", r"\1", glob)
    name = re.sub(r"\[(.)[^\]]*\]", r"\1", name)
    return name.replace("**/", "some/").replace("**", "some").replace("*", "x").replace("?", "a").lstrip("/")


def planted_files(signatures):
    """(name, bytes) of the planted corpus: one file a provider and context, then those that need a name."""
    groups = {}
    for signature in signatures:
        groups.setdefault(signature["id"].partition(".")[0], []).append(signature)
    for group, members in groups.items():
        examples = [example for one in members for kind in ("match", "no_match") for example in examples_of(one, kind)]
        for context, paste in CONTEXTS.items():
            rng = random.Random(f"{group} {context}")
            yield f"{group}/{context}", b"".join(paste(rng, example) for example in examples)
    for signature in signatures:
        for number, example in enumerate(examples_of(signature)):
            if "path" in signature:
                name = name_from(signature["path"]) if "pattern" in signature else example.split("\n")[0].lstrip("/")
                content = example if "pattern" in signature else example.partition("\n")[2]
                yield f"{signature['id']}/{number}/{name}", content.encode()


def write_tar(out, files):
    """A tar of (name, bytes), the same bytes on every machine."""
    with tarfile.open(out, "w", format=tarfile.GNU_FORMAT) as tar:
        for name, content in files:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))


def planted(out, folder):
    write_tar(out, planted_files(signatures_in(folder)))


def missed(rng, example):
    """The longest word of an example, cut so that its beginning promises a token that does not come."""
    word = max(re.findall(r"[\w./+-]+", example), key=len)[:80]
    return word[: len(word) * rng.randrange(40, 70) // 100]


def worst_lines(rng, signatures):
    """Lines without end: names of secrets with values that are none, and values like secrets under other names."""
    keywords = sorted({word for one in signatures for word in one.get("keywords", [])} | {"password", "secret", "token", "api_key", "auth"})
    examples = [example for one in signatures for example in examples_of(one)]
    shapes = [
        lambda key: f'{prose(rng, 1)}_{rng.getrandbits(10)} = "{missed(rng, rng.choice(examples))} {missed(rng, rng.choice(examples))}"',
        lambda key: f"export {key.upper()}=your-{prose(rng, 1)}-here",
        lambda key: f"{key}: ${{{prose(rng, 1)}.{rng.choice(keywords)}}}",
        lambda key: f'"{key}": "{rng.choice(WORDS) * 4}",',
        lambda key: f"{key} = {prose(rng, 1)}({' '.join(rng.choice(keywords) for _ in range(5))})",
    ]
    while True:
        yield rng.choice(shapes)(f"{rng.choice(keywords)}_{rng.choice(('key', 'token', 'secret', 'password'))}")


def worst(out, folder, size):
    """`size` bytes of such lines; a longer text begins with the shorter one."""
    lines, written = worst_lines(random.Random(5), signatures_in(folder)), 0
    with open(out, "wb") as file:
        while written < size:
            line = (next(lines) + "\n").encode()[: size - written]
            file.write(line)
            written += len(line)
