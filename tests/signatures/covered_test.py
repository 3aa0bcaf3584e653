#!/usr/bin/env python3
"""covered_test.py SILT SIGNATURES_DIR WORK_DIR [--write]: the table of what is covered in signatures/README.md is what
`silt signatures list` says now; --write makes it so."""
import collections
import json
import os
import re
import subprocess
import sys

BEGIN, END = "<!-- covered: made by tests/signatures/covered_test.py --write -->\n", "<!-- covered: end -->"
SEVERITIES = ("critical", "high", "medium", "low", "info")


def listed(silt, directory):
    environment = dict(os.environ, SILT_DATA_DIR=os.path.dirname(os.path.abspath(directory)))
    run = subprocess.run([silt, "signatures", "list", "--format", "json"], capture_output=True, env=environment, check=True)
    return json.loads(run.stdout)


def row(name, signatures):
    count = collections.Counter(signature["severity"] for signature in signatures)
    providers = len({signature["provider"] for signature in signatures})
    checked = sum(1 for signature in signatures if signature["validators"])
    cells = [name, len(signatures), providers, checked] + [count[severity] for severity in SEVERITIES]
    return "| " + " | ".join(str(cell) for cell in cells) + " |\n"


def table(signatures):
    families = collections.defaultdict(list)
    for signature in signatures:
        families[signature["family"]].append(signature)
    head = ["family", "signatures", "providers", "with a check"] + list(SEVERITIES)
    lines = ["| " + " | ".join(head) + " |\n", "| --- |" + " ---: |" * (len(head) - 1) + "\n"]
    lines += [row(name, families[name]) for name in sorted(families)]
    return "".join(lines) + row("all", signatures)


def main():
    silt, directory = sys.argv[1:3]
    if not os.path.exists(silt):
        sys.exit(77)
    path = os.path.join(directory, "README.md")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    pattern = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.DOTALL)
    fresh = pattern.sub(lambda _: BEGIN + table(listed(silt, directory)) + END, text)
    if "--write" in sys.argv:
        with open(path, "w", encoding="utf-8") as file:
            file.write(fresh)
    elif fresh != text or not pattern.search(text):
        print(f"{path}: the table is not what silt has now; run\n  {' '.join(sys.argv)} --write")
        sys.exit(1)


if __name__ == "__main__":
    main()
