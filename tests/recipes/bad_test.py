#!/usr/bin/env python3
"""Bad input: each kind gets a clear message that names what is wrong, loses nothing else, and ends with the right code.

Each function `case_…` makes its input in a folder of its own, scans it, and checks. A marker secret stands where it
can still be found; "found" means that silt reported it all the same.
usage: bad_test.py [CASE ...]      runs the named cases, or all
"""
import gzip
import io
import json
import os
import pathlib
import resource
import subprocess
import sys
import tarfile
import tempfile
import traceback
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import make_image  # noqa: E402

SILT = os.environ["SILT_COMMAND"]
MARKER = "glpat-" + "Xk4mVq8rTz2LbNw7YcHd"
OTHER = "glpat-" + "Hc7pWn3kYr9DfVt5JbQx"
RECIPE = f"copy . /\nfile a/one.txt\n  | token {MARKER}\nrun make\nfile b/two.txt\n  | token {OTHER}\n"


class Scan:
    """One run of silt, with its report taken apart."""

    options = ["--no-cache"]

    def __init__(self, *arguments, **more):
        done = subprocess.run([SILT, "scan", "--format", "json", "--no-progress", *self.options, *map(str, arguments)],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=200, **more)
        self.code, self.stderr = done.returncode, done.stderr.decode(errors="replace")
        self.report = json.loads(done.stdout) if done.stdout.strip() else {"targets": []}
        targets = self.report["targets"]
        self.findings = [finding for target in targets for finding in target["findings"]]
        self.skips = [skip["reason"] for target in targets for skip in target["coverage"]["skipped"]]
        self.errors = [error["message"] for target in targets for error in target["errors"]]
        self.paths = [finding["path"] for finding in self.findings]

    def expect(self, code, *, paths=(), skip=None, error=None, stderr=None):
        assert self.code == code, f"exit {self.code}, not {code}: {self.stderr} {self.errors} {self.skips} {self.paths}"
        for path in paths:
            assert path in self.paths, f"{path} was lost; found {self.paths}"
        assert skip is None or skip in self.skips, f"no skip {skip} in {self.skips}"
        assert error is None or any(error in text for text in self.errors), f"no error {error!r} in {self.errors}"
        assert stderr is None or stderr in self.stderr, f"{stderr!r} is not in {self.stderr!r}"
        if code == 3:
            assert not any(target["complete"] for target in self.report["targets"][:1]), "complete, but exit 3"
        return self


def layout(folder, text=RECIPE, **changes):
    """An OCI layout on disk; answers its path and its manifest."""
    image = make_image.build(text)
    for key, value in changes.items():
        setattr(image, key, value)
    image.layout = "oci"
    out = os.path.join(folder, "oci")
    make_image.write_image(image, out)
    index = json.load(open(out + "/index.json"))
    manifest = json.load(open(blob(out, index["manifests"][0]["digest"])))
    return out, manifest


def blob(out, digest):
    return os.path.join(out, "blobs/sha256", digest[7:])


def rewrite(path, data):
    with open(path, "wb") as file:
        file.write(data)


def replace_layer(folder, data, number=0, text=RECIPE):
    """A layout whose layer has other bytes, digests mended, so that only the content is bad."""
    out, manifest = layout(folder, text)
    digest = make_image.digest(data)
    rewrite(blob(out, digest), data)
    manifest["layers"][number].update(digest=digest, size=len(data))
    return put_manifest(out, make_image.dump(manifest))


def put_manifest(out, data, **entry):
    digest = make_image.digest(data)
    rewrite(blob(out, digest), data)
    row = {"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": digest, "size": len(data), **entry}
    rewrite(out + "/index.json", make_image.dump({"schemaVersion": 2, "manifests": [row]}))
    return out


def tar_bytes(*members):
    layer = make_image.Layer("")
    for name, data in members:
        layer.add(name, data)
    return layer.tar()


def case_missing_file(folder):
    Scan(f"{folder}/none.tar").expect(3, stderr="none.tar")


def case_unknown_transport(folder):
    Scan("floppy:a.img").expect(2, stderr="floppy")


def case_empty_file(folder):
    rewrite(f"{folder}/empty", b"")
    Scan(f"file:{folder}/empty").expect(0)
    Scan(f"docker-archive:{folder}/empty").expect(3, stderr="empty")


def case_not_an_archive(folder):
    rewrite(f"{folder}/text.tar", f"just text {MARKER}\n".encode())
    Scan(f"{folder}/text.tar").expect(1, paths=["text.tar"])
    Scan(f"docker-archive:{folder}/text.tar").expect(3, stderr="text.tar")
    Scan(f"oci:{folder}").expect(1, paths=["text.tar"], error="index.json")


def truncated(folder, how):
    out, manifest = layout(folder, compression=how)
    path = blob(out, manifest["layers"][0]["digest"])
    data = open(path, "rb").read()
    rewrite(path, data[: len(data) - len(data) // 4])
    return Scan(f"oci:{out}").expect(1, paths=["b/two.txt"], skip="damaged")


def case_truncated_gzip(folder):
    scan = truncated(folder, "gzip")
    assert any("truncated" in text for text in scan.errors), scan.errors


def case_truncated_zstd(folder):
    truncated(folder, "zstd")


def case_truncated_tar(folder):
    data = tar_bytes(("a/one.txt", f"{MARKER}\n".encode()), ("big", b"x" * 100000))
    Scan(f"oci:{replace_layer(folder, gzip.compress(data[:40000]))}").expect(1, paths=["a/one.txt", "b/two.txt"], skip="damaged")


def case_wrong_digest(folder):
    out, manifest = layout(folder)
    path = blob(out, manifest["layers"][0]["digest"])
    rewrite(path, gzip.compress(tar_bytes(("a/one.txt", f"changed {MARKER}\n".encode()))))
    Scan(f"oci:{out}").expect(1, paths=["a/one.txt", "b/two.txt"], error=manifest["layers"][0]["digest"])


def case_wrong_diff_id(folder):
    Scan(f"oci:{replace_layer(folder, gzip.compress(tar_bytes(('c', MARKER.encode()))))}").expect(
        1, paths=["c", "b/two.txt"], error="diff_id")


def case_missing_blob(folder):
    out, manifest = layout(folder)
    os.unlink(blob(out, manifest["layers"][0]["digest"]))
    Scan(f"oci:{out}").expect(1, paths=["b/two.txt"], skip="missing", error=manifest["layers"][0]["digest"][7:])


def case_missing_config(folder):
    out, manifest = layout(folder)
    os.unlink(blob(out, manifest["config"]["digest"]))
    Scan(f"oci:{out}").expect(1, paths=["a/one.txt", "b/two.txt"], error=manifest["config"]["digest"][7:])


def case_manifest_not_json(folder):
    out, _ = layout(folder)
    put_manifest(out, f"this is no JSON {MARKER}".encode())
    Scan(f"oci:{out}").expect(1, error="not JSON")


def case_manifest_of_100_mib(folder):
    out, _ = layout(folder)
    put_manifest(out, b'{"layers": [' + b'{},' * (100 * 1024 * 1024 // 3) + b'{}]}')
    scan = Scan(f"oci:{out}").expect(3)
    assert scan.errors, "no error"


def case_manifest_nested_100000_deep(folder):
    out, _ = layout(folder)
    put_manifest(out, b'{"a":' * 100000 + b"1" + b"}" * 100000)
    Scan(f"oci:{out}").expect(3, error="deeper")


def case_absurd_sizes(folder):
    out, manifest = layout(folder)
    manifest["layers"][0]["size"] = 2**62
    manifest["layers"][1]["size"] = -5
    Scan(f"oci:{put_manifest(out, make_image.dump(manifest))}").expect(1, paths=["a/one.txt", "b/two.txt"])


def case_same_layer_twice(folder):
    out, manifest = layout(folder)
    manifest["layers"].append(manifest["layers"][0])
    Scan(f"oci:{put_manifest(out, make_image.dump(manifest))}").expect(1, paths=["a/one.txt", "b/two.txt"])


def case_thousands_of_layers(folder):
    out, manifest = layout(folder)
    manifest["layers"] = manifest["layers"] * 2000
    Scan(f"oci:{put_manifest(out, make_image.dump(manifest))}").expect(1, paths=["a/one.txt", "b/two.txt"])


def case_entry_names(folder):
    secret = f"{MARKER}\n".encode()
    names = ["../../etc/up", "/etc/absolute", "bell\x07\x1b[31m/red", "long/" + "n" * 65000, "not-utf8-\udcff\udcfe", "a/./b//c"]
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size = len(secret)
            archive.addfile(info, io.BytesIO(secret))
    scan = Scan(f"oci:{replace_layer(folder, gzip.compress(out.getvalue()))}").expect(
        1, paths=["etc/up", "etc/absolute", "long/" + "n" * 65000, "a/b/c"])
    raw = [finding.get("path_bytes") for finding in scan.findings if finding["path"].startswith("not-utf8")]
    assert raw and bytes.fromhex(raw[0]).startswith(b"not-utf8-\xff\xfe"), raw
    table = subprocess.run([SILT, "scan", "--format", "table", f"oci:{folder}/oci"], stdout=subprocess.PIPE).stdout
    assert b"\x1b" not in table and b"\x07" not in table, "control characters reach the terminal"


def case_hard_link_to_nowhere(folder):
    layer = make_image.Layer("")
    layer.add("link", kind=tarfile.LNKTYPE, target="not/there")
    layer.add("a/one.txt", f"{MARKER}\n".encode())
    Scan(f"oci:{replace_layer(folder, gzip.compress(layer.tar()))}").expect(1, paths=["a/one.txt"])


def case_sparse_file_of_terabytes(folder):
    """A PAX 1.0 sparse file that claims 8 TiB and holds one block."""
    body = b"1\n8796093022208\n512\n".ljust(512, b"\0") + f"{MARKER}\n".encode().ljust(512, b"\0")
    info = tarfile.TarInfo("GNUSparseFile.0/huge")
    info.size = len(body)
    info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "huge",
                        "GNU.sparse.realsize": str(8 << 40)}
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(info, io.BytesIO(body))
    scan = Scan(f"oci:{replace_layer(folder, gzip.compress(out.getvalue()))}")
    assert scan.code == 1 and len(scan.findings) >= 2, (scan.code, scan.paths)


def case_zip_in_zip_in_zip(folder):
    """Nesting beyond the depth limit is said; what is above is found."""
    data = MARKER.encode()
    for level in range(12):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(f"level{level}.zip" if level else "secret.txt", data)
            archive.writestr("note.txt", OTHER)
        data = out.getvalue()
    rewrite(f"{folder}/nest.zip", data)
    Scan(f"file:{folder}/nest.zip").expect(1, skip="max-depth", paths=["note.txt"])


def zeros(command, mib):
    """A tar with one file of zeros, compressed by a command."""
    info = tarfile.TarInfo("zeros")
    info.size = mib << 20
    with tempfile.TemporaryFile() as packed:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=packed)
        with process.stdin as out:
            out.write(info.tobuf())
            for _ in range(mib):
                out.write(bytes(1 << 20))
            out.write(tar_bytes(("after", MARKER.encode())))
        process.wait()
        packed.seek(0)
        return packed.read()


def case_gzip_bomb(folder):
    """2 GiB in 2 MiB: beyond the first GiB a ratio of more than 100 is cut, and said."""
    Scan("--max-ratio", 100, f"oci:{replace_layer(folder, zeros(['gzip', '-9c'], 2048))}").expect(
        1, paths=["b/two.txt"], skip="max-ratio")


def case_zstd_bomb(folder):
    """2 GiB in some 60 KiB, over the default ratio."""
    Scan(f"oci:{replace_layer(folder, zeros(['zstd', '-qc'], 2048))}").expect(1, paths=["b/two.txt"], skip="max-ratio")


def case_zip_bomb(folder):
    """Zips in a zip, each of which holds many files of zeros: the files around it are found all the same."""
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(16):
            archive.writestr(f"{number}", bytes(100 << 20))
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(16):
            archive.writestr(f"{number}.zip", inner.getvalue())
    data = tar_bytes(("bomb.zip", outer.getvalue()), ("behind", MARKER.encode()))
    scan = Scan("--max-ratio", 900, f"oci:{replace_layer(folder, gzip.compress(data))}").expect(1, paths=["behind", "b/two.txt"])
    assert "max-ratio" in scan.skips, scan.skips


def case_zstd_huge_window(folder):
    """A frame that asks for a window of 2 GiB is refused before any memory is spent."""
    data = subprocess.run(["zstd", "-qc", "--ultra", "-1", "--long=31"], input=os.urandom(1 << 16), stdout=subprocess.PIPE, check=True).stdout
    frame = b"\x28\xb5\x2f\xfd\x00" + bytes([(31 - 10) << 3]) + data[6:]
    Scan(f"oci:{replace_layer(folder, frame)}").expect(1, paths=["b/two.txt"])


def case_entry_larger_than_allowed(folder):
    data = tar_bytes(("big", os.urandom(3000000)), ("small", MARKER.encode()))
    Scan("--max-entry-size", "1M", f"oci:{replace_layer(folder, gzip.compress(data))}").expect(1, paths=["small"], skip="max-entry-size")


def case_no_time(folder):
    make = f"copy . /\nfill huge 300M\n  | {MARKER}\n"
    out, _ = layout(folder, make, compression="none")
    Scan("--timeout", "100ms", f"oci:{out}").expect(3)


def case_not_a_tar_layer(folder):
    Scan(f"oci:{replace_layer(folder, f'no tar {MARKER}'.encode())}").expect(1, paths=["b/two.txt"], skip="damaged")


def case_bytes_behind_gzip(folder):
    data = gzip.compress(tar_bytes(("a", b"nothing\n"))) + f"garbage {MARKER}\n".encode()
    scan = Scan(f"oci:{replace_layer(folder, data)}").expect(1, paths=["b/two.txt"], skip="hidden")
    assert len(scan.findings) == 2, scan.paths


def case_no_permission(folder):
    if os.geteuid() == 0 and not os.path.exists("/usr/sbin/chroot"):
        return
    rewrite(f"{folder}/readable", MARKER.encode())
    rewrite(f"{folder}/locked", MARKER.encode())
    os.chmod(f"{folder}/locked", 0)
    os.mkdir(f"{folder}/closed", 0)
    os.chmod(folder, 0o755)
    drop = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    Scan(f"dir:{folder}", **drop).expect(1, paths=["readable"], skip="unreadable")
    Scan(f"file:{folder}/locked", **drop).expect(3, stderr="locked")
    os.chmod(f"{folder}/closed", 0o700)


def case_special_files(folder):
    rewrite(f"{folder}/plain", MARKER.encode())
    os.mkfifo(f"{folder}/fifo")
    os.symlink("/etc/passwd", f"{folder}/out")
    os.symlink("plain", f"{folder}/in")
    scan = Scan(f"dir:{folder}").expect(1, paths=["plain"], skip="special")
    assert "link" in scan.skips and scan.paths.count("plain") == 1, (scan.skips, scan.paths)


def case_disk_full(folder):
    rewrite(f"{folder}/a.txt", MARKER.encode())
    with open("/dev/full", "w") as full:
        done = subprocess.run([SILT, "scan", f"file:{folder}/a.txt"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2 and "space" in done.stderr, (done.returncode, done.stderr)


def case_closed_pipe(folder):
    rewrite(f"{folder}/a.txt", MARKER.encode())
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = subprocess.run([SILT, "scan", "--format", "json", f"file:{folder}/a.txt"], stdout=write_end, stderr=subprocess.PIPE)
    os.close(write_end)
    assert done.returncode == 2, done.returncode


def main():
    cases = {name[5:]: function for name, function in globals().items() if name.startswith("case_")}
    failed = []
    for name in sys.argv[1:] or cases:
        with tempfile.TemporaryDirectory() as folder:
            try:
                cases[name](folder)
                print(f"ok    {name}", flush=True)
            except Exception:
                failed.append(name)
                print(f"FAIL  {name}\n{traceback.format_exc(limit=-2)}", flush=True)
    print(f"{len(failed)} of {len(sys.argv[1:] or cases)} cases failed: {' '.join(failed)}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
