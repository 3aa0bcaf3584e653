#!/usr/bin/env python3
"""Builds a recipe's image, scans it with the command in $SILT_COMMAND, and compares with what the recipe expects.

An `expect` line names a finding: `expect SIGNATURE PATH [KEY=VALUE ...]`; `-` is any signature, KEYs are
layer, state, origin, removed_in, confidence, line, also (a path in also_at), chain (containers, joined by !),
decoded. `expect nothing` wants no findings at all; `expect only` wants no findings beside those named; `expect
exit N`; `expect skip REASON`; `expect error TEXT` wants TEXT in the errors or on standard error.
`forms LAYOUT[:COMPRESSION] ...` says in which forms the image is scanned (default: all); `options ...` are
added to the command line.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import make_image  # noqa: E402

FORMS = ["oci:gzip", "oci:zstd", "oci:none", "oci:xz", "oci:bzip2", "oci-archive:gzip", "docker-archive:none",
         "docker-archive-old:none"]


class Expectations:
    """What a recipe says of the scan."""

    def __init__(self, text):
        self.findings, self.exit, self.skips, self.errors = [], None, [], []
        self.is_only = self.is_nothing = False
        self.forms, self.options = FORMS, []
        for word, rest, _ in make_image.Reader(text).statements:
            if word == "expect":
                self.add(rest.split())
            elif word == "forms":
                self.forms = rest.split()
            elif word == "options":
                self.options = rest.split()

    def add(self, words):
        if words[0] == "nothing":
            self.is_nothing = True
        elif words[0] == "only":
            self.is_only = True
        elif words[0] == "exit":
            self.exit = int(words[1])
        elif words[0] == "skip":
            self.skips.append(words[1])
        elif words[0] == "error":
            self.errors.append(" ".join(words[1:]))
        else:
            self.findings.append((words[0], words[1], dict(word.split("=", 1) for word in words[2:])))


def field(finding, key):
    layer = finding["layer"] or {}
    values = {"layer": layer.get("index"), "state": finding["state"], "origin": finding["origin"],
              "removed_in": finding["removed_in"], "confidence": finding["confidence"], "line": finding["line"],
              "chain": "!".join(finding["chain"]), "decoded": ",".join(finding["decoded_from"]),
              "created_by": (layer.get("created_by") or "").replace(" ", "_")}
    return values[key]


def fits(finding, signature, path, keys):
    if signature not in ("-", finding["signature"]) or path not in ("-", finding["path"]):
        return False
    for key, value in keys.items():
        if key == "also":
            if value not in [place["path"] for place in finding["also_at"]]:
                return False
        elif key == "created_by":
            if value not in field(finding, key):
                return False
        elif str(field(finding, key)) != value:
            return False
    return True


def scan(target, options):
    done = subprocess.run([os.environ["SILT_COMMAND"], "scan", "--format", "json", "--no-progress", "--no-cache", *options, target],
                          capture_output=True, timeout=250)
    report = json.loads(done.stdout) if done.stdout.strip() else {"targets": []}
    return done.returncode, report, done.stderr.decode(errors="replace")


def compare(expected, code, report, stderr):
    """Complaints about one scan."""
    findings = [finding for target in report["targets"] for finding in target["findings"]]
    skips = [skip["reason"] for target in report["targets"] for skip in target["coverage"]["skipped"]]
    errors = stderr + "\n".join(error["message"] for target in report["targets"] for error in target["errors"])
    for signature, path, keys in expected.findings:
        if not any(fits(finding, signature, path, keys) for finding in findings):
            yield f"not found: {signature} in {path} {keys}"
    if expected.is_nothing and findings:
        yield "findings where none are expected"
    for finding in findings if expected.is_only else []:
        if not any(fits(finding, *row) for row in expected.findings):
            yield f"not expected: {finding['signature']} in {finding['path']}"
    if expected.exit is not None and code != expected.exit:
        yield f"exit code {code} instead of {expected.exit}"
    for reason in expected.skips:
        if reason not in skips:
            yield f"no skip: {reason}, only {sorted(set(skips))}"
    for text in expected.errors:
        if text not in errors:
            yield f"no error with {text!r}"


def show(report, stderr):
    for target in report["targets"]:
        for finding in target["findings"]:
            layer = finding["layer"] or {}
            print("   ", finding["signature"], finding["chain"], finding["path"], finding["line"], layer.get("index"), finding["state"],
                  finding["origin"], finding["confidence"])
        print("    skipped:", target["coverage"]["skipped"], "errors:", target["errors"])
    print("   ", stderr.strip())


def leaks(text, report):
    """Pieces of secrets that the recipe joins with @@ and that stand in the report's text."""
    whole = json.dumps(report)
    for line in text.splitlines():
        for word in line.split():
            if "@@" in word and len(word) > 24 and word.replace("@@", "").strip("'\"") in whole:
                yield f"the report holds a secret: {word}"


def main():
    path = pathlib.Path(sys.argv[1])
    text = path.read_text(encoding="utf-8")
    expected = Expectations(text)
    failures = 0
    for form in expected.forms:
        layout, _, compression = form.partition(":")
        with tempfile.TemporaryDirectory() as folder:
            image = make_image.build(text)
            image.layout, image.compression = layout, compression or image.compression
            out = os.path.join(folder, "image")
            make_image.write_image(image, out)
            code, report, stderr = scan(f"{layout.removesuffix('-old')}:{out}", expected.options)
            complaints = list(compare(expected, code, report, stderr)) + list(leaks(text, report))
        for complaint in complaints:
            print(f"{path.name} as {form}: {complaint}")
        if complaints:
            show(report, stderr)
        failures += bool(complaints)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
