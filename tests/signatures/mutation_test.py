#!/usr/bin/env python3
"""mutation_test.py SILT SIGNATURES_DIR WORK_DIR: a changed example is no example.

Of every matching example of every signature with an anchor, copies are made in which one thing is wrong:
a character of a fixed text, a character of a run that is not in its alphabet, a run that is too short or too long.
The real engine must find none of them. What may be found all the same follows from the pattern, and is counted: a run of
open length or alphabet, a run whose neighbour takes over, another form of the secret or another place. A fixed text may
be wrong only behind a run of open alphabet, which takes it in.
Exits with 77 where silt is not built."""
import collections
import glob
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import shape  # noqa: E402

WRONG, OTHER_WRONG = "!", "\x01"
KEYWORD_FORMS = ("(?:=>|:=|:-|", "[=:>?|-]")  # a provider's name near a value: no anchor of its own
LEAST_RUN, TEXTS_TRIED = 3, 8


def load(directory):
    for path in sorted(glob.glob(os.path.join(directory, "*.json"))):
        with open(path, encoding="utf-8") as file:
            yield from json.load(file)["signatures"]


def is_anchored(signature):
    pattern = signature.get("pattern", "")
    return pattern and not any(form in pattern for form in KEYWORD_FORMS) and not signature["id"].startswith("generic.")


def change(text, start, end, with_text):
    return text[:start] + with_text + text[end:]


def mutants(pattern, text, parts):
    """(what is wrong, whether the pattern may allow it, where, the changed example)"""
    wrong = OTHER_WRONG if WRONG in pattern.replace("(?!", "").replace("(?<!", "") else WRONG
    for number, (kind, least, most, is_open, start, end) in enumerate(parts):
        if kind == shape.TEXT:
            is_after_open = number > 0 and parts[number - 1][3]
            for at in range(start, min(end, start + TEXTS_TRIED)):
                yield "prefix", is_after_open, at, change(text, at, at + 1, wrong)
            continue
        if least < LEAST_RUN:
            continue
        middle = start + least // 2
        yield "alphabet", is_open, middle, change(text, middle, middle + 1, wrong)
        yield "short", True, start, change(text, start + least - 1, end, "")
        if number + 1 == len(parts) and most is not None:
            filler = (text[start:end] * (most // (end - start) + 2))[:most + 1]
            yield "long", True, end, change(text, start, end, filler)


def joined(example):
    return example if isinstance(example, str) else "".join(example)


def survives(form, original, changed, at):
    """None, or how a changed example is still one: "same", or another form or place."""
    match = form.regex.search(changed)
    if match is None:
        return None
    group = 1 if original.start(1) <= at <= original.end(1) else 0
    is_elsewhere = not match.start(group) <= at <= match.end(group)
    return "other" if is_elsewhere or form.form(match) != form.form(original) else "same"


def mutate(signature, survivors):
    """A copy of the signature whose counter-examples are the mutants that its pattern does not allow."""
    form = shape.Shape(signature["pattern"])
    made, wrong = collections.Counter(), []
    for example in signature["examples"]["match"]:
        text = joined(example)
        match, parts = form.find(text)
        for what, may_be, at, changed in mutants(form.pattern, text, parts) if match else ():
            made[what] += 1
            how = survives(form, match, changed, at)
            if how is None:
                wrong.append(changed)
            elif how == "other":
                survivors["another form or place"].add(signature["id"])
            else:
                survivors[what if may_be else "not allowed: " + what].add(signature["id"])
    copy = {key: value for key, value in signature.items() if key != "companion"}
    copy["examples"] = {"match": signature["examples"]["match"], "no_match": wrong}
    return copy, made


def main():
    silt, directory, work = sys.argv[1:4]
    if not os.path.exists(silt):
        sys.exit(77)
    survivors, made, copies, bare = collections.defaultdict(set), collections.Counter(), [], []
    for signature in filter(is_anchored, load(directory)):
        copy, counts = mutate(signature, survivors)
        made += counts
        copies.append(copy)
        if not counts["prefix"]:
            bare.append(signature["id"])
    os.makedirs(work, exist_ok=True)
    path = os.path.join(work, "mutants.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"schema": "silt.signatures/1", "signatures": copies}, file)
    run = subprocess.run([silt, "signatures", "test", path, "--no-cache"], capture_output=True, text=True)
    print(run.stdout[-20000:], run.stderr, sep="")
    print(f"{len(copies)} signatures; mutants:", ", ".join(f"{n} {what}" for what, n in sorted(made.items())))
    for what, ids in sorted(survivors.items()):
        print(f"{what}: the pattern allows it in {len(ids)}: {' '.join(sorted(ids))}")
    print(f"no fixed text in {len(bare)}: {' '.join(bare)}")
    is_loose = any(what.startswith("not allowed") for what in survivors)
    sys.exit(1 if run.returncode or is_loose else 0)


if __name__ == "__main__":
    main()
