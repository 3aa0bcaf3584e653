#!/usr/bin/env python3
"""pairs_test.py SILT SIGNATURES_DIR WORK_DIR: both halves of a login name each other in `related` and are of high
confidence: in a file, and in variables of an image; a half that stands alone is medium at most."""
import hashlib
import io
import json
import os
import random
import shutil
import string
import subprocess
import sys
import tarfile

chance = random.Random(4)
ALNUM, HEX = string.ascii_letters + string.digits, "0123456789abcdef"


def some(size, alphabet=ALNUM):
    return "".join(chance.choice(alphabet) for _ in range(size))


def aws_id(prefix="AKIA"):
    return prefix + "2E5JQ7YD" + some(8, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


def uuid():
    return "-".join(some(size, HEX) for size in (8, 4, 4, 4, 12))


# name: two lines, and the signature that each is found by
PAIRS = {
    "aws": (f"aws_access_key_id = {aws_id()}", "aws.access-key-id",
            f"aws_secret_access_key = {some(40)}", "aws.key-pair"),
    "aws-apart": (f"AWS_ACCESS_KEY_ID: {aws_id()}\n  region: eu-central-1\n  output: json", "aws.access-key-id",
                  f"AWS_SECRET_ACCESS_KEY: {some(40)}", "aws.secret-access-key"),
    "aws-reversed": (f"AWS_SECRET_ACCESS_KEY={some(40)}", "aws.secret-access-key",
                     f"AWS_ACCESS_KEY_ID={aws_id('ASIA')}", "aws.temporary-key-id"),
    "alibaba": (f"ALIBABA_CLOUD_ACCESS_KEY_ID=LTAI{some(20)}", "alibaba.access-key-id",
                f"ALIBABA_CLOUD_ACCESS_KEY_SECRET={some(30)}", "alibaba.access-key-secret"),
    "tencent": (f"TENCENTCLOUD_SECRET_ID=AKID{some(32)}", "tencent.secret-id",
                f"TENCENTCLOUD_SECRET_KEY={some(32)}", "tencent.secret-key"),
    "datadog": (f"DD_API_KEY={some(32, HEX)}", "datadog.api-key",
                f"DD_APP_KEY={some(40, HEX)}", "datadog.app-key"),
    "plaid": (f"PLAID_ACCESS_TOKEN=access-production-{uuid()}", "plaid.access-token",
              f"PLAID_SECRET={some(30, HEX)}", "plaid.secret"),
    "slack": (f"token: xoxc-{some(12, string.digits)}-{some(12, string.digits)}-{some(12, string.digits)}-{some(64, HEX)}",
              "slack.session-token", f"d: xoxd-{some(160)}", "slack.session-cookie"),
    "endor": (f"ENDOR_API_CREDENTIALS_KEY=endr+{some(16)}", "endorlabs.api-credential",
              f"ENDOR_API_CREDENTIALS_SECRET=endr+{some(16)}", "endorlabs.api-credential"),
}
LONE = {"lone-aws": f"id = {aws_id()}", "lone-alibaba": f"x: LTAI{some(20)}"}


def scan(silt, directory, target):
    environment = dict(os.environ, SILT_DATA_DIR=os.path.dirname(os.path.abspath(directory)))
    run = subprocess.run([silt, "scan", "--format", "json", "--min-confidence", "low", target],
                         capture_output=True, env=environment)
    return [finding for entry in json.loads(run.stdout)["targets"] for finding in entry["findings"]]


def add(archive, name, content):
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))


def make_image(path, variables):
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w"):
        pass
    layer = layer.getvalue()
    config = json.dumps({"architecture": "amd64", "os": "linux", "config": {"Env": variables},
                         "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest()]},
                         "history": [{"created_by": "COPY x /"}]}).encode()
    with tarfile.open(path, "w") as archive:
        add(archive, "layer.tar", layer)
        add(archive, "config.json", config)
        manifest = [{"Config": "config.json", "RepoTags": ["a:1"], "Layers": ["layer.tar"]}]
        add(archive, "manifest.json", json.dumps(manifest).encode())


def check_pair(name, findings, ids):
    """The problem with what was found of a pair, or None."""
    halves = [finding for wanted in ids for finding in findings if finding["signature"] == wanted]
    if ids[0] == ids[1]:
        halves = halves[:2]
    if len(halves) != 2:
        return f"{name}: found {[finding['signature'] for finding in findings]}, not {ids}"
    if [half["confidence"] for half in halves] != ["high", "high"]:
        return f"{name}: not high: {[(half['signature'], half['confidence']) for half in halves]}"
    if halves[0]["related"] != [halves[1]["fingerprint"]] or halves[1]["related"] != [halves[0]["fingerprint"]]:
        return f"{name}: the halves do not name each other"
    return None


def check_lone(name, findings):
    is_right = len(findings) == 1 and findings[0]["confidence"] == "medium" and findings[0]["related"] == []
    return None if is_right else f"{name}: {[(finding['signature'], finding['confidence']) for finding in findings]}"


def main():
    silt, directory, work = sys.argv[1:4]
    if not os.path.exists(silt):
        sys.exit(77)
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(os.path.join(work, "files"))
    for name, pair in PAIRS.items():
        with open(os.path.join(work, "files", name), "w", encoding="utf-8") as file:
            file.write(f"login:\n  {pair[0]}\n  {pair[2]}\n")
    for name, text in LONE.items():
        with open(os.path.join(work, "files", name), "w", encoding="utf-8") as file:
            file.write(text + "\n")
    findings = scan(silt, directory, "dir:" + os.path.join(work, "files"))
    found = {name: [finding for finding in findings if finding["path"] == name] for name in [*PAIRS, *LONE]}
    problems = [check_pair(name, found[name], (pair[1], pair[3])) for name, pair in PAIRS.items()]
    problems += [check_lone(name, found[name]) for name in LONE]

    image = os.path.join(work, "image.tar")
    make_image(image, [f"AWS_ACCESS_KEY_ID={aws_id()}", "PATH=/bin", f"AWS_SECRET_ACCESS_KEY={some(40)}"])
    ids = ("aws.access-key-id", "aws.secret-access-key")
    problems.append(check_pair("image", scan(silt, directory, "docker-archive:" + image), ids))
    problems = [problem for problem in problems if problem]
    print("\n".join(problems) or f"{len(PAIRS)} pairs, {len(LONE)} halves alone, 1 image")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
