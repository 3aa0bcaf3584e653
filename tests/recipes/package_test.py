#!/usr/bin/env python3
"""Which package owns a file, by the records of the image itself: dpkg, rpm, pip and npm install packages of ours, apk's
database is written by hand. A secret in an unmodified file of a distribution's package is `info`; one byte changed, and
it has its full severity, in whatever form, layer or cache the file and its record are met.

Each function `case_…` gets a folder of its own. A case whose tool does not run here is skipped.
usage: package_test.py [CASE ...]      runs the named cases, or all; exit code 77: none could run
"""
import base64
import gzip
import hashlib
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import traceback
import zipfile

SILT = os.environ["SILT_COMMAND"]
TOKEN = "glpat-" + "Xk4mVq8rTz2LbNw7YcHd"
OTHER = "glpat-" + "Hc7pWn3kYr9DfVt5JbQx"
SECRET = f"token = {TOKEN}\n".encode()
MIB = 1024 * 1024
SETTLED = 4.2  # seconds after which a file's identity is believed by the cache


class Skipped(Exception):
    """The tool of this case is not here, or does not run here."""


def tool(*command, **more):
    """Runs a tool; its failure is this test's."""
    if shutil.which(command[0]) is None:
        raise Skipped(f"{command[0]} is not installed")
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, text=True, **more)
    assert done.returncode == 0, f"{' '.join(map(str, command))}: {done.stdout}"
    return done.stdout


def report(target, *options, stdin=None, cache=None):
    where = ["--no-cache"] if cache is None else ["--cache-dir", cache]
    done = subprocess.run([SILT, "scan", "--format", "json", "--no-progress", *where, *options, target], stdin=stdin,
                          capture_output=True, timeout=120)
    assert done.returncode in (0, 1), f"{target}: exit code {done.returncode}: {done.stderr.decode()}"
    whole = json.loads(done.stdout)
    for row in whole["targets"]:
        assert row["complete"], (target, row["coverage"], row["errors"])
    return whole


def owners(target, *options, **more):
    """By path (and layer, if there is one): severity, and the package in words."""
    found = {}
    for row in report(target, *options, **more)["targets"]:
        for finding in row["findings"]:
            assert finding["signature"] == "gitlab.pat", finding
            package, layer = finding["package"], (finding["layer"] or {}).get("index")
            path = "!".join([*finding["chain"], finding["path"]])
            words = package and (package["manager"], package["name"], package["version"], package["unmodified"])
            found[path if layer is None else (path, layer)] = (finding["severity"], words)
    return found


def expect(found, expected, what=""):
    for key in {*found, *expected}:
        assert found.get(key) == expected.get(key), f"{what} {key}: {found.get(key)} instead of {expected.get(key)}"


def write(root, path, data):
    file = pathlib.Path(root, path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)


def pack(root, paths=None, out=None):
    """A tar of a root, or of some paths in it."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for path in paths or sorted(os.listdir(root)):
            archive.add(os.path.join(root, path), path)
    if out is not None:
        pathlib.Path(out).write_bytes(stream.getvalue())
    return stream.getvalue()


def image(out, *layers):
    """An archive of docker save with these layers."""
    config = json.dumps({"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": [
        "sha256:" + hashlib.sha256(layer).hexdigest() for layer in layers]}, "history": [
        {"created_by": f"COPY layer {i}"} for i in range(len(layers))]}).encode()
    files = {f"{i}/layer.tar": layer for i, layer in enumerate(layers)}
    manifest = json.dumps([{"Config": "config.json", "RepoTags": ["packages:1"], "Layers": list(files)}]).encode()
    with tarfile.open(out, "w") as archive:
        for name, data in {**files, "config.json": config, "manifest.json": manifest}.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return f"docker-archive:{out}"


# ---- dpkg ----

def install_deb(folder, files, name="silt-demo", version="1:2.3-4", conffiles=(), root="root"):
    """A root in which dpkg has installed a package of these files."""
    deb, root = os.path.join(folder, name), os.path.join(folder, root)
    for path, data in files.items():
        write(deb, path, data)
    write(deb, "DEBIAN/control", f"Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: Nobody "
          f"<nobody@example.org>\nDescription: made for a test\n".encode())
    sums = "".join(f"{hashlib.md5(data).hexdigest()}  {path}\n" for path, data in files.items() if path not in conffiles)
    write(deb, "DEBIAN/md5sums", sums.encode())
    if conffiles:
        write(deb, "DEBIAN/conffiles", "".join(f"/{path}\n" for path in conffiles).encode())
    tool("dpkg-deb", "--root-owner-group", "-b", deb, deb + ".deb")
    os.makedirs(os.path.join(root, "var/lib/dpkg"), exist_ok=True)
    tool("dpkg", f"--root={root}", "--force-all", "-i", deb + ".deb")
    return root


def own(unmodified, name="silt-demo", version="1:2.3-4", manager="dpkg"):
    return "info" if unmodified and manager in ("dpkg", "apk", "rpm") else "critical", (manager, name, version, unmodified)


def case_dpkg(folder):
    root = install_deb(folder, {"usr/share/demo/a.conf": SECRET, "etc/demo.conf": SECRET, "lib/demo/b.conf": SECRET},
                       conffiles=["etc/demo.conf"])
    write(root, "srv/own.conf", SECRET)
    expected = {"usr/share/demo/a.conf": own(True), "etc/demo.conf": own(True), "lib/demo/b.conf": own(True),
                "srv/own.conf": ("critical", None)}
    expect(owners(f"dir:{root}"), expected, "unmodified")
    write(root, "etc/demo.conf", SECRET + b"#")
    write(root, "usr/share/demo/a.conf", b"#" + SECRET[1:])
    expected.update({"etc/demo.conf": own(False), "usr/share/demo/a.conf": ("critical", own(False)[1])})
    write(root, "usr/share/demo/a.conf", SECRET.replace(b"=", b":"))
    for what, target in (("directory", f"dir:{root}"), ("tar", pack(root, out=folder + "/root.tar") and folder + "/root.tar")):
        expect(owners(target), expected, what)
    with open(folder + "/root.tar", "rb") as stream:
        expect(owners("-", stdin=stream), expected, "standard input")
    saved = image(folder + "/image.tar", pack(root))
    expect(owners(saved), {(path, 0): row for path, row in expected.items()}, "image")
    with open(folder + "/image.tar", "rb") as stream:
        expect(owners("-", stdin=stream), {(path, 0): row for path, row in expected.items()}, "image on standard input")


def case_roots_in_a_tar(folder):
    """A tar in a tar that comes as a stream is a root with records of its own; the one around it has its own, too."""
    inner = install_deb(folder, {"usr/a.conf": SECRET}, root="inner")
    files = {"usr/share/chroot.tar": pack(inner), "usr/share/chroot.tar.gz": gzip.compress(pack(inner), mtime=0), "usr/b.conf": SECRET,
             "usr/share/plain.tar.gz": gzip.compress(pack(inner, ["usr"]), mtime=0)}
    outer = install_deb(folder, files, name="around", version="2", root="outer")
    pack(outer, out=folder + "/outer.tar")
    around = own(True, "around", "2")
    found = owners(folder + "/outer.tar")
    expect(found, {"usr/b.conf": around, "usr/share/chroot.tar!usr/a.conf": own(True),
                   "usr/share/chroot.tar.gz!usr/a.conf": own(True), "usr/share/plain.tar.gz!usr/a.conf": around}, "a stream")
    found = owners(f"dir:{outer}")
    assert set(found.values()) == {around} and len(found) == 4, found


def case_merged_usr(folder):
    root = install_deb(folder, {"lib/demo/b.conf": SECRET, "sbin/demo": SECRET})
    for path in ("lib", "sbin"):
        shutil.copytree(os.path.join(root, path), os.path.join(root, "usr", path))
        shutil.rmtree(os.path.join(root, path))
        os.symlink(f"usr/{path}", os.path.join(root, path))
    expect(owners(image(folder + "/image.tar", pack(root))),
           {("usr/lib/demo/b.conf", 0): own(True), ("usr/sbin/demo", 0): own(True)})


def case_layers(folder):
    """The record stands in a later layer, the file is changed in a later layer, the package is upgraded."""
    path = "usr/share/demo/a.conf"
    old = install_deb(folder, {path: SECRET}, root="old")
    new = install_deb(folder, {path: SECRET + OTHER.encode()}, version="3", root="new", name="silt-demo")
    file, records = pack(old, [path]), pack(old, ["var"])
    write(folder, path, SECRET + b"changed")
    changed = pack(folder, [path])
    expect(owners(image(folder + "/later.tar", file, records)), {(path, 0): own(True)}, "record later")
    expect(owners(image(folder + "/before.tar", records, file)), {(path, 1): own(True)}, "record before")
    expect(owners(image(folder + "/none.tar", file)), {(path, 0): ("critical", None)}, "no record")
    # The same secret in the changed file is the same finding: it has the changed file's severity.
    expect(owners(image(folder + "/changed.tar", file, records, changed)), {(path, 0): own(False)}, "changed later")
    found = report(image(folder + "/upgraded.tar", pack(old), pack(new)))["targets"][0]["findings"]
    rows = {finding["redacted"]: (finding["severity"], finding["package"]["version"]) for finding in found}
    assert sorted(rows.values()) == [("info", "1:2.3-4"), ("info", "3")], rows
    gone = io.BytesIO()
    with tarfile.open(fileobj=gone, mode="w") as archive:
        for name in ("usr/share/demo/.wh.a.conf", "var/lib/.wh.dpkg"):
            archive.addfile(tarfile.TarInfo(name))
    expect(owners(image(folder + "/purged.tar", file, records, gone.getvalue())), {(path, 0): own(True)}, "purged")


def case_cache(folder):
    """A layer from the cache answers alike, for its own files and for those of other layers."""
    first, second = "usr/share/demo/a.conf", "usr/share/demo/z.gz"
    packed = gzip.compress(b"\n" * 100000 + SECRET, mtime=0)
    root = install_deb(folder, {first: SECRET, second: packed, "etc/demo.conf": SECRET}, conffiles=["etc/demo.conf"])
    write(folder, "etc/demo.conf", SECRET + b"#")
    layers = [pack(root, ["usr"]), pack(root, ["var", "etc"]), pack(folder, ["etc/demo.conf"])]
    target, cache = image(folder + "/image.tar", *layers), folder + "/cache"
    fresh = owners(target)
    assert fresh[(first, 0)] == own(True) and fresh[(second + "!usr/share/demo/z", 0)] == own(True), fresh
    assert fresh[("etc/demo.conf", 1)] == own(False), fresh
    time.sleep(SETTLED)
    expect(owners(target, cache=cache), fresh, "cold")
    for turn in ("warm", "warm again"):
        whole = report(target, cache=cache)["targets"][0]
        assert whole["coverage"]["cached_layers"] == 3, whole["coverage"]
        expect(owners(target, cache=cache), fresh, turn)
    assert report(target, cache=cache)["targets"][0]["findings"] == report(target)["targets"][0]["findings"]


def case_kinds_of_content(folder):
    """Large, compressed, UTF-16: whatever the content is read through, the checksum is that of the file."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("conf/app.yml", SECRET.decode())
        archive.writestr("other.yml", SECRET.decode() + "x")
    share = "usr/share/demo/"
    files = {share + "large": SECRET + b"text\n" * (3 * MIB // 5), share + "late": b"text\n" * (3 * MIB // 5) + SECRET,
             share + "middle": b"text\n" * 60000 + SECRET + b"text\n" * 60000,
             share + "page.1.gz": gzip.compress(SECRET, mtime=0), share + "plain": gzip.compress(SECRET, mtime=0),
             share + "wide.txt": ("\ufeff" + SECRET.decode()).encode("utf-16-le"), share + "app.jar": inner.getvalue()}
    root = install_deb(folder, files)
    unknown = ("critical", ("dpkg", "silt-demo", "1:2.3-4", None))
    expected = {share + "large": own(True), share + "middle": own(True), share + "late": unknown,
                share + "wide.txt": unknown, share + f"page.1.gz!{share}page.1": own(True),
                share + f"plain!{share}plain": own(True), share + "app.jar!conf/app.yml": own(True),
                share + "app.jar!other.yml": own(True)}
    expect(owners(f"dir:{root}"), expected, "directory")
    expect(owners(image(folder + "/image.tar", pack(root))), {(path, 0): row for path, row in expected.items()}, "image")
    pack(root, out=folder + "/root.tar")
    found = {path.split("!")[0]: row for path, row in owners(folder + "/root.tar").items()}
    expect(found, {path.split("!")[0]: row for path, row in expected.items()}, "tar")
    with zipfile.ZipFile(inner, "a") as archive:
        archive.writestr("more.yml", "")
    changed = {share + "app.jar": inner.getvalue()}
    for path, data in files.items():
        write(root, path, changed.get(path, data + (b"\0" if path.endswith(("gz", "plain")) else b"x\0")))
    found = owners(f"dir:{root}")
    assert len(found) == len(expected), found
    for path, (severity, package) in found.items():
        assert severity == "critical" and not package[3], (path, severity, package)


def case_diversion(folder):
    path = "usr/bin/demo"
    root = install_deb(folder, {path: SECRET})
    tool("dpkg-divert", f"--root={root}", "--package", "other", "--rename", "--divert", f"/{path}.distrib", "--add",
         f"/{path}")
    install_deb(folder, {path: SECRET + b"other"}, name="other", version="5")
    expect(owners(f"dir:{root}"), {path: own(True, "other", "5"), path + ".distrib": own(True)})


def case_distroless(folder):
    root = folder + "/root"
    write(root, "usr/share/demo/a.conf", SECRET)
    write(root, "var/lib/dpkg/status.d/demo", b"Package: demo\nVersion: 7\nArchitecture: all\n")
    write(root, "var/lib/dpkg/status.d/demo.md5sums", f"{hashlib.md5(SECRET).hexdigest()}  usr/share/demo/a.conf\n".encode())
    expect(owners(f"dir:{root}"), {"usr/share/demo/a.conf": own(True, "demo", "7")})


# ---- the others ----

def case_apk(folder):
    def line(data):
        return "Z:Q1" + base64.b64encode(hashlib.sha1(data).digest()).decode()
    database = ["C:Q1abc", "P:base", "V:3.1-r0", "A:x86_64", "F:etc", "M:0:0:755", "R:base.conf", line(SECRET), "F:usr", "F:usr/bin",
                "R:tool", "a:0:0:755", line(SECRET), "R:bare", "", "P:lib", "V:9-r2", "F:lib", "R:lib.so", line(SECRET), ""]
    root = folder + "/root"
    for path in ("etc/base.conf", "usr/bin/tool", "usr/bin/bare", "lib/lib.so", "etc/own.conf"):
        write(root, path, SECRET)
    expected = {"etc/base.conf": own(True, "base", "3.1-r0", "apk"), "usr/bin/tool": own(True, "base", "3.1-r0", "apk"),
                "usr/bin/bare": ("critical", ("apk", "base", "3.1-r0", None)),
                "lib/lib.so": own(True, "lib", "9-r2", "apk"), "etc/own.conf": ("critical", None)}
    for database_path in ("lib/apk/db/installed", "usr/lib/apk/db/installed"):
        write(root, database_path, "\n".join(database).encode())
        expect(owners(f"dir:{root}"), expected, database_path)
        os.remove(os.path.join(root, database_path))
    write(root, database_path, "\n".join(database).encode())
    write(root, "usr/bin/tool", SECRET + b"x")
    assert owners(f"dir:{root}")["usr/bin/tool"] == own(False, "base", "3.1-r0", "apk")


def case_rpm(folder):
    root, top = folder + "/root", folder + "/build"
    write(folder, "demo.spec", f"""Name: demo
Version: 1.5
Release: 2
Summary: made for a test
License: none
BuildArch: noarch
%description
made for a test
%install
mkdir -p %{{buildroot}}/usr/share/demo/deep %{{buildroot}}/etc
echo "token = {TOKEN}" > %{{buildroot}}/usr/share/demo/a.conf
echo "token = {TOKEN}" > %{{buildroot}}/usr/share/demo/deep/b.conf
echo "token = {TOKEN}" > %{{buildroot}}/usr/share/demo/z.conf
echo "token = {TOKEN}" > %{{buildroot}}/etc/demo.conf
%files
/usr/share/demo
/etc/demo.conf
""".encode())
    tool("rpmbuild", "-bb", "--define", f"_topdir {top}", "--define", f"_tmppath {folder}", folder + "/demo.spec")
    rpm = next(pathlib.Path(top).rglob("*.rpm"))
    os.makedirs(root)
    backend = ("--define", "_db_backend sqlite")
    tool("rpm", "--root", root, "--dbpath", "/usr/lib/sysimage/rpm", *backend, "--initdb")
    tool("rpm", "--root", root, "--dbpath", "/usr/lib/sysimage/rpm", *backend, "--nodeps", "--ignorearch", "--ignoreos", "-i", str(rpm))
    names = ("usr/share/demo/a.conf", "usr/share/demo/deep/b.conf", "usr/share/demo/z.conf", "etc/demo.conf")
    expect(owners(f"dir:{root}"), {name: own(True, "demo", "1.5-2", "rpm") for name in names})
    write(root, names[1], SECRET + b"#")
    assert owners(f"dir:{root}")[names[1]] == own(False, "demo", "1.5-2", "rpm")


def case_pip(folder):
    """pip's packages are anybody's: the package is told, the severity stays."""
    files = {"demo/__init__.py": SECRET, "demo-1.2.dist-info/METADATA": b"Metadata-Version: 2.1\nName: demo\nVersion: 1.2\n",
             "demo-1.2.dist-info/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
             "demo/odd,name.py": SECRET, "demo-1.2.data/scripts/demo-tool": SECRET}
    record = "".join(f'"{name}",sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")},{len(data)}\n'
                     for name, data in files.items()) + "demo-1.2.dist-info/RECORD,,\n"
    wheel = folder + "/demo-1.2-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, data in {**files, "demo-1.2.dist-info/RECORD": record.encode()}.items():
            archive.writestr(name, data)
    root = folder + "/root"
    site = root + "/usr/lib/python3/site-packages"
    tool(sys.executable, "-m", "pip", "install", "--no-index", "--no-deps", "--no-compile", "--disable-pip-version-check",
         "--root-user-action=ignore", "--target", site, wheel)
    os.remove(wheel)
    at = "usr/lib/python3/site-packages/"
    write(site, "other.py", SECRET)
    names = ("demo/__init__.py", "demo/odd,name.py")
    expected = {at + name: own(True, "demo", "1.2", "pypi") for name in names}
    found = owners(f"dir:{root}")
    expect({path: row for path, row in found.items() if path.startswith(at + "demo/")}, expected)
    assert found[at + "other.py"] == ("critical", None), found
    write(site, names[0], SECRET + b"#")
    assert owners(f"dir:{root}")[at + names[0]] == own(False, "demo", "1.2", "pypi")


def case_npm(folder):
    """npm keeps no checksums of files."""
    source = {"package.json": json.dumps({"repository": {"name": "not this", "version": "0"}, "name": "@scope/demo", "version": "4.5.6",
                                          "description": 'says "name": "x"', "main": "index.js"}).encode(),
              "index.js": SECRET, "test/fixtures/key.js": SECRET}
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        for name, data in source.items():
            member = tarfile.TarInfo("package/" + name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    write(folder, "demo.tgz", archive.getvalue())
    app = folder + "/root/srv/app"
    write(app, "package.json", b'{"name": "app", "version": "1.0.0"}')
    write(app, "own.js", SECRET)
    tool("npm", "install", "--offline", "--no-audit", "--no-fund", "--cache", folder + "/npm-cache", "../../../demo.tgz", cwd=app,
         env=dict(os.environ, HOME=folder))
    at, package = "srv/app/node_modules/@scope/demo/", ("npm", "@scope/demo", "4.5.6", None)
    expect(owners(f"dir:{folder}/root"), {"srv/app/own.js": ("critical", None), at + "index.js": ("critical", package),
                                          at + "test/fixtures/key.js": ("critical", package)})


def case_outputs(folder):
    """Every output for people and machines names the package."""
    root = install_deb(folder, {"usr/share/demo/a.conf": SECRET})
    for form, text in (("table", "in dpkg package silt-demo 1:2.3-4, the file is unmodified"),
                       ("html", "dpkg package silt-demo 1:2.3-4 · the file is unmodified"),
                       ("sarif", '"package": {"manager": "dpkg", "name": "silt-demo", "version": "1:2.3-4", "unmodified": true}'),
                       ("jsonl", '"package": {"manager": "dpkg", "name": "silt-demo", "version": "1:2.3-4", "unmodified": true}')):
        done = subprocess.run([SILT, "scan", "--no-cache", "--format", form, f"dir:{root}"], capture_output=True, timeout=120)
        assert text in done.stdout.decode(), (form, done.stdout.decode()[-3000:])
        assert done.returncode == 0, f"{form}: {done.returncode}: `info` is below the default of --fail-on"


def case_hostile(folder):
    """Records that are no records: long lines, wrong paths, nonsense; the scan is whole and says what it finds."""
    root = folder + "/root"
    write(root, "srv/own.conf", SECRET)
    sum_of = hashlib.md5(SECRET).hexdigest()
    write(root, "var/lib/dpkg/info/x.md5sums", b"\n".join([
        b"x" * MIB, sum_of.encode(), sum_of.encode() + b"  ", b"\0" * 50, sum_of.upper().encode() + b"  srv/own.conf",
        sum_of.encode() + b"  ../../../../srv/own.conf" + b"x" * 9000]))
    write(root, "var/lib/dpkg/info/.md5sums", f"{sum_of}  srv/own.conf".encode())
    write(root, "var/lib/dpkg/status", b"Version: 1\nPackage:\nVersion: 2\nConffiles:\n \n /srv/own.conf\n /x newconffile\n")
    write(root, "var/lib/dpkg/diversions", b"\n\n\n/a\n")
    write(root, "lib/apk/db/installed", b"R:own.conf\nF:srv\nZ:Q1\nZ:Q1!!!\nP\nV:\n::\n")
    write(root, "usr/lib/sysimage/rpm/rpmdb.sqlite", b"SQLite format 3\0" + bytes(range(256)) * 400)
    write(root, "var/lib/rpm/rpmdb.sqlite", b"SQL")
    write(root, "x.dist-info/RECORD", b",,,\n\",\n" + b"," * 20000)
    write(root, "node_modules/x/package.json", b'{"name": "' + b"\\" * 101)
    write(root, "node_modules/y/package.json", b'"' * 300 * 1024)
    listed = ("critical", ("dpkg", "x", "", None))  # by the line whose sum is none
    expect(owners(f"dir:{root}"), {"srv/own.conf": listed}, "nonsense")
    write(root, "var/lib/dpkg/info/x.md5sums", f"{sum_of}  ../../srv/own.conf\n".encode())
    expect(owners(f"dir:{root}"), {"srv/own.conf": own(True, "x", "")}, "a path from the root")


def main():
    cases = {name[5:]: function for name, function in globals().items() if name.startswith("case_")}
    wanted = sys.argv[1:] or list(cases)
    failed, skipped = [], []
    for name in wanted:
        with tempfile.TemporaryDirectory(prefix="silt-package-") as folder:
            try:
                cases[name](folder)
                print(f"{name}: ok")
            except Skipped as reason:
                skipped.append(name)
                print(f"{name}: skipped: {reason}")
            except Exception:
                failed.append(name)
                print(f"{name}: FAILED")
                traceback.print_exc()
    if failed:
        sys.exit(1)
    sys.exit(77 if len(skipped) == len(wanted) else 0)


if __name__ == "__main__":
    main()
