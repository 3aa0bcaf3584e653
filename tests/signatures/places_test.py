#!/usr/bin/env python3
"""places_test.py SILT SIGNATURES_DIR WORK_DIR: what is found in one kind of file is found in every other.

Of every signature with an anchor of its own, what matches in its first example is written into the places below, and
the real engine must find it in each. Left out are signatures that look at the name of the file or at words around the
secret, and places that the pattern does not reach into; those are listed. A secret of known alphabet on one line must be
reached everywhere, but for a name that begins behind an escaped line break; a password ends where it ends."""
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import shape  # noqa: E402
from mutation_test import is_anchored, joined, load  # noqa: E402

PLACES = {
    "text": "{}",
    "JSON": '{{\n  "name": "a",\n  "apiToken": "{}",\n  "port": 80\n}}\n',
    "JSON on one line": '{{"a":1,"k":"{}","b":2}}',
    "JSON in JSON": '{{"t":"{{\\"k\\":\\"{}\\"}}"}}',
    "escaped lines": '{{"s":"a\\n{}\\nb"}}',
    "YAML": "a:\n  key: {}\n  b: 1\n",
    "quoted YAML": "a:\n  key: '{}'\n",
    ".env": "A=1\nMY_VALUE={}\nB=2\n",
    "shell": '#!/bin/sh\nexport MY_VALUE="{}"\n',
    "XML attribute": '<a b="{}" c="d"/>',
    "XML text": "<a>\n  <b>{}</b>\n</a>",
    "URL query": "GET https://api.example.net/v1/x?k={}&p=1 done",
    "Dockerfile": "FROM x\nENV MY_VALUE {}\nRUN true\n",
    "properties": "a.b = {}\nc = d\n",
    "minified JavaScript": 'var a=1;function b(){{return c("{}")}}',
    "template string": "e.x={{k:`{}`}};",
    "Python": "VALUE = '{}'\n",
    "binary": "\1\2abc\3{}\4def\5\1\2\3",
    "Markdown": "Use `{}` here\n",
    "HTTP header": "GET / HTTP/1.1\r\nX-Api-Key: {}\r\nHost: a\r\n\r\n",
    "curl": 'curl -H "Authorization: Bearer {}" https://x.example.net/\n',
    "SQL": "INSERT INTO t VALUES (1,'{}',NULL);\n",
    "TOML": '[a]\nb = "{}"\n',
    "log": "2026-11-25T10:00:00Z INFO got key={}, next\n",
    "CSV": "1,{},x\n",
}


def cut_out(form, text):
    """What matches, with the word before or behind it where the pattern asks for one; the secret; whether it must be
    reached everywhere."""
    match, parts = form.find(text)
    is_closed = "\n" not in match[0] and not any(part[3] for part in parts)
    if form.find(match[0])[0]:
        return match[0], match[1], is_closed
    before = re.search(r"[\w.@-]*$", text[:match.start()])[0]
    behind = re.match(r"[\w.$\[-]*", text[match.end():])[0]
    return before + match[0] + behind, match[1], is_closed


def place(signature):
    """A copy of the signature whose examples are what it matches, in every place; the places left out; whether that may
    be."""
    form = shape.Shape(signature["pattern"])
    whole, secret, is_closed = cut_out(form, joined(signature["examples"]["match"][0]))
    texts, left_out = [], []
    for name, text in PLACES.items():
        text = text.format(whole)
        found = form.regex.search(text)
        if found is not None and found[1] == secret:
            texts.append(text)
        else:
            left_out.append(name)
    copy = {key: value for key, value in signature.items() if key != "companion"}
    copy["examples"] = {"match": texts, "no_match": []}
    return copy, left_out, not is_closed or left_out in ([], ["escaped lines"])


def is_placeable(signature):
    return is_anchored(signature) and not signature.get("path") and not signature.get("keywords")


def main():
    silt, directory, work = sys.argv[1:4]
    if not os.path.exists(silt):
        sys.exit(77)
    copies, narrow, bad = [], {}, []
    for signature in filter(is_placeable, load(directory)):
        copy, left_out, is_right = place(signature)
        copies.append(copy)
        if not is_right:
            bad.append(signature["id"])
        if left_out:
            narrow[signature["id"]] = left_out
    os.makedirs(work, exist_ok=True)
    path = os.path.join(work, "placed.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"schema": "silt.signatures/1", "signatures": copies}, file)
    run = subprocess.run([silt, "signatures", "test", path, "--no-cache"], capture_output=True, text=True)
    print(run.stdout[-20000:], run.stderr, sep="")
    print(f"{len(copies)} signatures in {len(PLACES)} places; the pattern does not reach into some of:")
    print("\n".join(f"  {name}: {', '.join(places)}" for name, places in sorted(narrow.items())))
    if bad:
        print("should be found in all of them:", " ".join(bad))
    sys.exit(1 if run.returncode or bad else 0)


if __name__ == "__main__":
    main()
