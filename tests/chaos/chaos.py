#!/usr/bin/env python3
"""Fails the n-th call of a kind in `silt scan`, for n = 1, 2, 3 … until a run has fewer calls than that.

usage: chaos.py malloc|read|write|open SHIM [N ...]      the command is $SILT_COMMAND; N: only these, with what they said

Whatever fails: no signal, an exit code of the contract, a message that says what failed, and never a clean report. A
report may say that it is complete only if it has every finding and every byte all the same: the failed call was made
up for, as when a compiled database that cannot be read is compiled anew. Runs n = 1 to 100 of each form, then with growing steps until the time for a form
(CHAOS_SECONDS, default 14) would be used up; CHAOS_ALL=1 runs every n.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "recipes"))
import make_image  # noqa: E402

SILT = os.environ["SILT_COMMAND"]
RECIPE = HERE.parent / "fixtures" / "demo.recipe"
SECONDS = float(os.environ.get("CHAOS_SECONDS", "14"))

# jansson 2.14 drops bytes or writes beyond its string buffer when that cannot grow; engine/base/json.c asks for the room
# beforehand, and that is what fails here.
SPARED = "libjansson"

# libarchive ends the process in some of its functions; silt sees to the exit code and says so.
ENDED = "silt: a library ended the program"

# How the image is packed, and the opened file from which on calls are counted.
FORMS = [("oci", "zstd", "image"), ("docker-archive", "none", "image"), ("oci-archive", "gzip", "ai.json")]


class Run:
    """One run of silt in which one call fails; number 0 fails none."""

    def __init__(self, kind, shim, target, start, number):
        report = os.path.join(os.path.dirname(target.partition(":")[2]), "calls")
        environment = dict(os.environ, LD_PRELOAD=shim, CHAOS_KIND=kind, CHAOS_AT=str(number), CHAOS_START=start,
                           CHAOS_REPORT=report, CHAOS_SPARE=SPARED, NO_COLOR="1")
        done = subprocess.run([SILT, "scan", "--format", "json", "--jobs", "1", "--no-progress", "--no-cache", target],
                              env=environment, capture_output=True, timeout=60)
        self.code, self.stderr, self.stdout = done.returncode, done.stderr.decode(errors="replace"), done.stdout
        with open(report) as file:
            self.calls = int(file.read())
        try:
            self.report = json.loads(done.stdout)
        except ValueError:
            self.report = None
        targets = self.report["targets"] if self.report else []
        self.is_complete = bool(targets) and all(target["complete"] for target in targets)
        self.messages = [error["message"] for target in targets for error in target["errors"]]
        self.messages += [skip["reason"] for target in targets for skip in target["coverage"]["skipped"]]
        self.seen = [[target["coverage"][key] for key in ("entries", "bytes", "bytes_scanned")] for target in targets]
        self.findings = sorted((finding["signature"], finding["path"], finding["state"], str(finding["layer"]))
                               for target in targets for finding in target["findings"])

    def complaints(self, kind, whole):
        if ENDED in self.stderr and self.code == 3 and kind == "malloc":
            return
        if self.code not in (0, 1, 2, 3):
            yield f"exit code {self.code}"
        if self.code in (2, 3) and not self.stderr.strip() and not self.messages:
            yield f"exit code {self.code} without a word"
        if self.code in (0, 1, 3) and self.report is None and kind != "write":
            yield f"exit code {self.code} without a report"
        if self.code == 0:
            yield "exit code 0 where secrets are"
        if self.is_complete and (self.findings, self.seen) != (whole.findings, whole.seen):
            yield f"complete, but {len(self.findings)} findings instead of {len(whole.findings)}, {self.seen} seen, not {whole.seen}"
        if self.report is not None and not self.is_complete and not self.messages and self.code != 2:
            yield "incomplete, and no reason is given"
        if kind == "write" and self.code != 2:
            yield f"exit code {self.code} although the report could not be written"
        if self.code == 1 and not self.findings and kind != "write":
            yield "exit code 1 without findings"


def numbers(count, seconds, seconds_per_run):
    """The calls to fail: all of the first hundred, then as many as there is time for."""
    if os.environ.get("CHAOS_ALL") or count <= 100:
        return range(1, count + 1)
    room = max(int(seconds / seconds_per_run) - 100, 20)
    step = max((count - 100) // room, 1)
    return [*range(1, 101), *range(101, count + 1, step)]


def build(folder, layout, compression):
    image = make_image.build(RECIPE.read_text(encoding="utf-8"))
    image.layout, image.compression = layout, compression
    out = os.path.join(folder, "image")
    make_image.write_image(image, out)
    return f"{layout}:{out}"


def torment(kind, shim, form, only):
    """Runs one form; answers how many runs there were and how many of them went wrong."""
    layout, compression, start = form
    with tempfile.TemporaryDirectory() as folder:
        target = build(folder, layout, compression)
        began = time.monotonic()
        whole = Run(kind, shim, target, start, 0)
        took = time.monotonic() - began
        if whole.code != 1 or not whole.is_complete or (whole.calls == 0 and kind != "open"):
            print(f"{target}: without any failure: exit code {whole.code}, {whole.calls} calls: {whole.stderr}")
            return 1, 1
        bad, runs = 0, 0
        for number in only or numbers(whole.calls, SECONDS, took):
            run = Run(kind, shim, target, start, number)
            runs += run.calls >= number
            complaints = list(run.complaints(kind, whole)) if run.calls >= number else []
            bad += bool(complaints)
            if complaints or only:
                print(f"{kind} {number} of {layout}: {'; '.join(complaints) or 'fine'}: exit {run.code},"
                      f" {run.messages} {run.stderr.strip()[:300]}")
        print(f"{kind}: {layout}: {runs} of {whole.calls} calls failed in turn, {bad} runs went wrong")
        return runs, bad


def main():
    kind, shim, only = sys.argv[1], os.path.abspath(sys.argv[2]), [int(word) for word in sys.argv[3:]]
    results = [torment(kind, shim, form, only) for form in FORMS]
    sys.exit(1 if any(bad for _, bad in results) else 0)


if __name__ == "__main__":
    main()
