#!/usr/bin/env python3
"""The layer cache changes nothing but the time: reports without it, cold and warm are the same, whatever the image, the
options, the state of the cache, and whoever else uses it; and no secret is in it.

Each function `case_…` gets a folder of its own. usage: cache_test.py [CASE ...]      runs the named cases, or all
"""
import json
import os
import pathlib
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import bad_test  # noqa: E402
import make_image  # noqa: E402

SILT = os.environ["SILT_COMMAND"]
HERE = pathlib.Path(__file__).parent
RECIPES = [*sorted(HERE.glob("*.recipe")), HERE.parent / "fixtures" / "demo.recipe"]
FORMS = ["oci:gzip", "oci-archive:none", "docker-archive:none", "docker-archive-old:none"]
SETTLED = 4.2  # seconds after which a file's identity is believed
SECRET_MIN = 8  # shorter ones may stand in a file by accident

WEAK = "Zq8" + "vTn5Lw2"
THREE_LAYERS = f"""copy base /
file etc/base.conf
  | token: glpat-@@Xk4mVq8rTz2LbNw7YcHd
fill usr/share/filler 300k
  | password = {WEAK}
copy app /
file app/config
  | GITHUB_TOKEN=ghp_@@q7XcV2bN9mKd4RtZhW8sLp3FyJ6gTu2Ecg4i
hardlink app/link app/config
run echo x{WEAK}x > /dev/null
file app/version
  | release 1
"""


def secret_free(text):
    return text.replace("@@", "")


def build(folder, text, form, name="image"):
    layout, _, compression = form.partition(":")
    image = make_image.build(text)
    image.layout, image.compression = layout, compression or image.compression
    out = os.path.join(folder, name)
    make_image.write_image(image, out)
    return f"{layout.removesuffix('-old')}:{out}"


class Scan:
    """One run of silt; `report` is what must not change, `cached` how many layers came from the cache."""

    def __init__(self, target, *options, cache=None):
        where = ["--no-cache"] if cache is None else ["--cache-dir", cache]
        self.done = subprocess.run([SILT, "scan", "--format", "json", "--no-progress", "--min-confidence", "low",
                                    *where, *options, target], capture_output=True, timeout=250)
        self.stderr = self.done.stderr.decode(errors="replace")
        self.whole = json.loads(self.done.stdout)
        self.cached = sum(target["coverage"].pop("cached_layers") for target in self.whole["targets"])
        for target in self.whole["targets"]:
            target.pop("duration_ms")
        self.report = (self.done.returncode, json.dumps(self.whole, indent=1))

    def same_as(self, other, what):
        if self.report != other.report:
            for mine, theirs in zip(self.report[1].splitlines(), other.report[1].splitlines()):
                assert mine == theirs, f"{what}: {mine} instead of {theirs}"
        assert self.report == other.report, f"{what}: exit codes or lengths differ"
        return self


def raw_bytes(cache):
    return b"".join(path.read_bytes() for path in pathlib.Path(cache).rglob("*") if path.is_file() and "layers" in path.parts)


def secrets_of(target):
    shown = Scan(target, "--show-secrets").whole
    found = {finding["secret"] for target in shown["targets"] for finding in target["findings"]}
    return [secret.encode() for secret in found if len(secret) >= SECRET_MIN]


def database(cache):
    return sqlite3.connect(os.path.join(cache, "layers", "results.db"))


def case_all_recipes(folder):
    cache, targets, fresh = folder + "/cache", [], {}
    for recipe in RECIPES:
        for form in FORMS:
            target = build(folder, recipe.read_text(encoding="utf-8"), form, f"{recipe.stem}-{form}")
            targets.append(target)
            fresh[target] = Scan(target)
            Scan(target, cache=cache).same_as(fresh[target], f"cold: {target}")
    time.sleep(1)
    for turn in ("by its digest", "by its file"):
        cached = sum(Scan(target, cache=cache).same_as(fresh[target], f"{turn}: {target}").cached for target in targets)
        assert cached > 2 * len(targets), f"{turn}: only {cached} layers of {len(targets)} images from the cache"
    raw = raw_bytes(cache)
    for target in targets[:: len(FORMS)]:
        for secret in secrets_of(target):
            assert secret not in raw, f"{target}: the cache holds the secret {secret}"


def case_bad_input(folder):
    """Every case of bad_test.py, each of its scans once more without a warm cache and with one."""
    cache = folder + "/cache"

    class Thrice(bad_test.Scan):
        def __init__(self, *arguments, **more):
            super().__init__(*arguments, **more)
            code, report, stderr = self.code, json.dumps(self.plain()), self.stderr
            for turn in ("cold", "warm") if not more else ():
                type(self).options = ["--cache-dir", cache]
                super().__init__(*arguments)
                type(self).options = ["--no-cache"]
                assert (self.code, json.dumps(self.plain()), self.stderr) == (code, report, stderr), \
                    f"{turn}: {arguments}: {self.code} {self.stderr} {self.report}"

        def plain(self):
            for target in self.report["targets"]:
                target.pop("duration_ms", None)
                target["coverage"].pop("cached_layers", None)
            return self.report

    other = ("manifest_of_100_mib", "gzip_bomb", "zip_bomb",  # slow
             "disk_full", "closed_pipe", "no_time")  # without a report, or never twice the same
    bad_test.Scan = Thrice
    for name, function in list(vars(bad_test).items()):
        if name.startswith("case_") and name[5:] not in other:
            with tempfile.TemporaryDirectory() as inner:
                function(inner)


def case_one_changed_layer(folder):
    cache = folder + "/cache"
    for form in FORMS:
        first = build(folder, THREE_LAYERS, form, "first-" + form)
        second = build(folder, THREE_LAYERS.replace("release 1", f"release 2, {form}") + "delete app/config\n", form, "second-" + form)
        Scan(first, cache=cache)
        warm = Scan(second, cache=cache).same_as(Scan(second), f"{form}: changed")
        assert warm.cached == 2, f"{form}: {warm.cached} of 3 layers from the cache"
        states = [finding["state"] for finding in warm.whole["targets"][0]["findings"]]
        assert "deleted" in states and "present" in states, states
        text = json.dumps(warm.whole)
        assert "layers" in text and WEAK not in text, "a secret that only a layer knows shows in an instruction"


def case_options_are_part_of_the_key(folder):
    cache, target = folder + "/cache", build(folder, (HERE / "good-nested.recipe").read_text(), "oci:gzip")
    Scan(target, cache=cache)
    assert Scan(target, cache=cache).cached > 0
    for options in (["--max-depth", "1"], ["--max-depth", "0"], ["--max-entry-size", "100"], ["--max-ratio", "7"],
                    ["--max-memory", "100M"], ["--only", "github.*"], ["--disable", "gitlab.pat"]):
        fresh = Scan(target, *options)
        cold = Scan(target, *options, cache=cache).same_as(fresh, f"{options}: cold")
        assert cold.cached == 0, f"{options} make no other key"
        Scan(target, *options, cache=cache).same_as(fresh, f"{options}: warm")
    for options in (["--jobs", "1"], ["--timeout", "1h"], ["--max-total-size", "1G"], ["--platform", "linux/amd64"]):
        fresh = Scan(target, *options)
        assert Scan(target, *options, cache=cache).same_as(fresh, f"{options}").cached > 0, f"{options} need no other key"


def case_cut_short_is_not_kept(folder):
    cache, target = folder + "/cache", build(folder, THREE_LAYERS, "oci:gzip")
    for options in (["--max-total-size", "1000"], ["--timeout", "1ms"]):
        for _ in range(3):
            assert Scan(target, *options, cache=cache).cached < 3, "a layer that was not scanned to its end is kept"
    fresh = Scan(target)
    Scan(target, cache=cache).same_as(fresh, "after scans that were cut short")
    assert Scan(target, cache=cache).same_as(fresh, "warm").cached == 3
    limited = Scan(target, "--max-total-size", "1000", cache=cache)
    assert limited.done.returncode == Scan(target, "--max-total-size", "1000").done.returncode
    assert not limited.whole["targets"][0]["complete"], "a limit that a scan would hit is hit with a cache as well"


def case_show_secrets_scans(folder):
    cache, target = folder + "/cache", build(folder, THREE_LAYERS, "oci:gzip")
    Scan(target, "--show-secrets", cache=cache)
    shown = Scan(target, "--show-secrets", cache=cache).same_as(Scan(target, "--show-secrets"), "--show-secrets")
    assert shown.cached == 0 and secret_free("glpat-@@Xk4mVq8rTz2LbNw7YcHd") in shown.report[1]
    assert Scan(target, cache=cache).same_as(Scan(target), "after --show-secrets").cached == 3
    for secret in secrets_of(target):
        assert secret not in raw_bytes(cache)


def overwrite(path, offset, data):
    """In place, with the modification time put back."""
    before = os.stat(path)
    with open(path, "r+b") as file:
        file.seek(offset)
        file.write(data)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def case_changed_files_are_read(folder):
    """Changes that only the kernel's time of change tells of, and a file that takes another's place."""
    cache = folder + "/cache"
    archive = build(folder, THREE_LAYERS, "docker-archive-old:none", "archive")
    layout = build(folder, THREE_LAYERS, "oci:none", "layout")
    time.sleep(SETTLED)
    for target in (archive, layout):
        Scan(target, cache=cache)
        assert Scan(target, cache=cache).cached == 3
    path = archive.partition(":")[2]
    at = open(path, "rb").read().index(b"release 1")
    overwrite(path, at, b"release 9")
    fresh = Scan(archive)
    assert Scan(archive, cache=cache).same_as(fresh, "an archive changed in place").cached == 2
    blobs = sorted((pathlib.Path(layout.partition(":")[2]) / "blobs/sha256").iterdir(), key=lambda path: path.stat().st_size)
    largest, second = blobs[-1], blobs[-2]
    os.rename(largest, folder + "/aside")
    os.rename(second, largest)
    os.rename(folder + "/aside", second)
    fresh = Scan(layout)
    assert "digest" in fresh.report[1]
    Scan(layout, cache=cache).same_as(fresh, "blobs under each other's names")
    Scan(layout, cache=cache).same_as(fresh, "again")


def case_promises_are_not_believed(folder):
    """Another layer under the name and digest of one that is cached as clean: its secret is found."""
    cache, clean = folder + "/cache", "copy a /\nfile a\n  | nothing\n"
    out, manifest = bad_test.layout(folder, clean)
    Scan("oci:" + out, cache=cache)
    assert Scan("oci:" + out, cache=cache).cached == 1
    path = bad_test.blob(out, manifest["layers"][0]["digest"])
    time.sleep(SETTLED)
    bad_test.rewrite(path, make_image.compress(bad_test.tar_bytes(("a", bad_test.MARKER.encode())), "gzip"))
    for _ in range(2):
        scan = Scan("oci:" + out, cache=cache).same_as(Scan("oci:" + out), "a false promise")
        assert scan.cached == 0 and [finding["path"] for finding in scan.whole["targets"][0]["findings"]] == ["a"]


def case_toxic_rows(folder):
    """Whatever stands in the file: it is found to be worth nothing, or does no harm."""
    cache, target = folder + "/cache", build(folder, THREE_LAYERS, "oci:gzip")
    time.sleep(SETTLED)
    fresh = Scan(target)
    flip = lambda value, at: value[:at] + bytes([value[at] ^ 1]) + value[at + 1:]
    harms = {"a flipped bit in front": lambda value, other: flip(value, 0), "in the middle": lambda value, other: flip(value, len(value) // 2),
             "at the end": lambda value, other: flip(value, len(value) - 1), "cut off": lambda value, other: value[:40],
             "nothing": lambda value, other: b"", "longer": lambda value, other: value + b"x", "another's": lambda value, other: other,
             "zeros": lambda value, other: bytes(100000), "a number": lambda value, other: 7, "text": lambda value, other: "text"}
    for what, harm in harms.items():
        Scan(target, cache=cache)
        assert Scan(target, cache=cache).cached == 3, what
        with database(cache) as db:
            rows = db.execute("SELECT rowid, value FROM entry ORDER BY rowid").fetchall()
            for number, (row, value) in enumerate(rows):
                db.execute("UPDATE entry SET value = ? WHERE rowid = ?", (harm(value, rows[number - 1][1]), row))
        db.close()
        scan = Scan(target, cache=cache).same_as(fresh, what)
        assert scan.cached == 0 and scan.stderr == "", (what, scan.cached, scan.stderr)


def case_damaged_file(folder):
    cache, target = folder + "/cache", build(folder, THREE_LAYERS, "oci:gzip")
    fresh = Scan(target)
    for data in (b"no database at all" * 1000, os.urandom(8192), b"SQLite format 3\0" + os.urandom(5000)):
        Scan(target, cache=cache)
        bad_test.rewrite(cache + "/layers/results.db", data)
        hurt = Scan(target, cache=cache).same_as(fresh, "damaged")
        assert "set aside" in hurt.stderr and "layers.damaged" in hurt.stderr, hurt.stderr
        assert os.path.exists(cache + "/layers.damaged/results.db")
    Scan(target, cache=cache)
    assert Scan(target, cache=cache).same_as(fresh, "made anew").cached == 3
    Scan(target, cache=cache)
    with database(cache) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    newer = Scan(target, cache=cache).same_as(fresh, "newer")
    assert "newer silt" in newer.stderr and newer.cached == 0, newer.stderr
    quiet = subprocess.run([SILT, "scan", "-q", "--cache-dir", cache, target], capture_output=True)
    assert quiet.stderr == b"", quiet.stderr


def case_no_place(folder):
    target = build(folder, THREE_LAYERS, "oci:gzip")
    fresh = Scan(target)
    bad_test.rewrite(folder + "/file", b"")
    for place in (folder + "/file", "/proc/nowhere", "/dev/null"):
        scan = Scan(target, cache=place).same_as(fresh, place)
        assert scan.cached == 0 and place in scan.stderr and "--no-cache" in scan.stderr, scan.stderr


def case_opened_only_for_layers(folder):
    bad_test.rewrite(folder + "/tiny.txt", b"nothing\n")
    Scan("file:" + folder + "/tiny.txt", cache=folder + "/cache")
    Scan("dir:" + folder, cache=folder + "/cache")
    assert not os.path.exists(folder + "/cache/layers")


def case_many_at_once(folder):
    cache = folder + "/cache"
    targets = [build(folder, THREE_LAYERS.replace("release 1", f"release {n}"), "oci:gzip", f"image{n}") for n in range(3)]
    fresh = [Scan(target).report[1] for target in targets]
    command = [SILT, "scan", "--format", "json", "--no-progress", "--min-confidence", "low", "--cache-dir", cache]
    for _ in range(3):
        running = [subprocess.Popen([*command, targets[n % 3]], stdout=subprocess.PIPE, stderr=subprocess.PIPE) for n in range(6)]
        for number, process in enumerate(running):
            out, errors = process.communicate(timeout=200)
            whole = json.loads(out)
            for target in whole["targets"]:
                target.pop("duration_ms")
                target["coverage"].pop("cached_layers")
            assert json.dumps(whole, indent=1) == fresh[number % 3] and errors == b"", errors
    assert Scan(targets[0], cache=cache).cached == 3


def case_killed(folder):
    """SIGKILL at any moment of a scan, then a scan that must be whole and quiet."""
    cache, target = folder + "/cache", build(folder, THREE_LAYERS, "oci:gzip")
    fresh, chance, warm = Scan(target), random.Random(5), 0
    began = time.monotonic()
    Scan(target, cache=folder + "/other")
    took = time.monotonic() - began
    for turn in range(25):
        if turn % 8 == 0:
            subprocess.run(["rm", "-rf", cache])
        process = subprocess.Popen([SILT, "scan", "-q", "--cache-dir", cache, target])
        time.sleep(chance.random() * took)
        process.send_signal(signal.SIGKILL)
        process.wait()
        scan = Scan(target, cache=cache).same_as(fresh, f"killed, turn {turn}")
        assert scan.stderr == "", scan.stderr
        warm += scan.cached
    assert warm > 0


def case_bounded(folder):
    cache = folder + "/cache"
    for number in range(8):
        lines = "".join(f"file d{number}/f{i}\n  | nothing\n" for i in range(1500))
        Scan(build(folder, "copy a /\n" + lines, "oci:gzip", f"image{number}"), "--cache-size", "64K", cache=cache)
    assert os.path.getsize(cache + "/layers/results.db") <= 2 * 65536
    Scan(build(folder, THREE_LAYERS, "oci:gzip"), "--cache-size", "0", cache=folder + "/none")
    assert not os.path.exists(folder + "/none/layers")


def main():
    cases = {name[5:]: function for name, function in globals().items() if name.startswith("case_")}
    failed = []
    for name in sys.argv[1:] or cases:
        with tempfile.TemporaryDirectory() as folder:
            began = time.monotonic()
            try:
                cases[name](folder)
                print(f"ok    {name} ({time.monotonic() - began:.0f} s)", flush=True)
            except Exception:
                failed.append(name)
                print(f"FAIL  {name}\n{traceback.format_exc(limit=-2)}", flush=True)
    print(f"{len(failed)} of {len(sys.argv[1:] or cases)} cases failed: {' '.join(failed)}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
