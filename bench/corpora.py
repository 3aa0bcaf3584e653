"""corpora.py: what the benchmarks read, made from Debian and npm packages and kept under build/bench.

debian   a Debian root: the essential packages and Python, Node, Java, gcc, git, … with all that they depend on
npm      node_modules of a few large packages
Each comes in three sizes: quick, whole (the image that the figures of record are of: both layers about 1.3 GB) and
wide (more packages, with nested and damaged archives in them). Each is made once as a plain tar; packages change,
so results quote the tars' SHA-256.
"""
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

import layouts
import texts

ROOT = pathlib.Path(__file__).resolve().parents[1]
SIZES = ("quick", "whole", "wide")
DEBIAN = {
    "quick": ["bash", "coreutils", "libc6", "perl-base", "python3.11-minimal", "libpython3.11-stdlib", "git", "openssh-client", "libnode108"],
    "whole": ["?essential", "?priority(required)", "apt", "python3", "nodejs", "openjdk-17-jre-headless", "gcc", "git", "curl",
              "openssh-client", "openssl", "perl", "ca-certificates"],
    "wide": ["bash", "coreutils", "libc6", "libc-bin", "perl-base", "dpkg", "apt", "python3.11-minimal", "libpython3.11-minimal",
             "libpython3.11-stdlib", "python3.11", "libnode108", "openjdk-17-jre-headless", "gcc-12", "cpp-12", "g++-12",
             "libgcc-12-dev", "libstdc++-12-dev", "binutils-common", "libbinutils", "git", "curl", "openssh-client", "openssl", "libssl3",
             "perl-modules-5.36", "libperl5.36", "vim-common", "vim-runtime", "locales", "golang-1.19-src", "libicu72",
             "openjdk-17-jdk-headless", "ruby3.1", "libruby3.1", "php8.2-cli", "libllvm14", "clang-14", "libclang-cpp14",
             "libclang-common-14-dev"],
}
NPM = {
    "quick": ["typescript@5.4.5", "lodash@4.17.21", "aws-sdk@2.1615.0"],
    "whole": ["typescript@5.4.5", "webpack@5.91.0", "react-dom@18.3.1", "aws-sdk@2.1615.0", "lodash@4.17.21", "@angular/core@17.3.8",
              "eslint@8.57.0", "jest@29.7.0", "firebase@10.11.1", "three@0.164.1", "date-fns@3.6.0", "core-js@3.37.0",
              "@mui/icons-material@5.15.16", "googleapis@137.0.0", "rxjs@7.8.1"],
}
NPM["wide"] = [*NPM["whole"], "next@14.2.3"]


class Unavailable(Exception):
    """A corpus cannot be made here: a tool or the network is missing."""


def run(*command, **more):
    try:
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **more)
    except FileNotFoundError as error:
        raise Unavailable(f"{command[0]} is not installed") from error
    if done.returncode:
        raise Unavailable(f"{' '.join(map(str, command))} failed: {done.stderr.decode(errors='replace').strip()[-500:]}")


def download(packages, debs, is_closed):
    """The packages; with all that they depend on, as for an empty machine, where `is_closed`."""
    if not is_closed:
        run("apt-get", "download", *packages, cwd=debs)
        return
    (debs / "partial").mkdir(exist_ok=True)
    (debs / "status").touch()
    run("apt-get", "-y", "--download-only", "--no-install-recommends", "-o", f"Dir::State::status={debs / 'status'}",
        "-o", f"Dir::Cache::archives={debs}", "-o", "Debug::NoLocking=1", "install", *packages)


def install(deb, root, work):
    """Unpacks one package and notes it as dpkg does: control fields, file list, checksums."""
    run("dpkg-deb", "-x", deb, root)
    control, info = work / "control", root / "var/lib/dpkg/info"
    shutil.rmtree(control, ignore_errors=True)
    run("dpkg-deb", "-e", deb, control)
    info.mkdir(parents=True, exist_ok=True)
    name = deb.name.partition("_")[0]
    listed = subprocess.run(["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE, check=True).stdout
    paths = subprocess.run(["tar", "-t"], input=listed, stdout=subprocess.PIPE, check=True).stdout
    (info / f"{name}.list").write_bytes(paths.replace(b"\n./", b"\n/").replace(b"./\n", b"/.\n", 1))
    for member in sorted(control.iterdir()):
        if member.name != "control":
            shutil.copyfile(member, info / f"{name}.{member.name}")
    head, *rest = (control / "control").read_text().splitlines()
    with open(root / "var/lib/dpkg/status", "a") as status:
        status.write("\n".join([head, "Status: install ok installed", *rest]) + "\n\n")


def make_debian(size, out, work):
    """Downloads packages and joins their file trees into one tar."""
    debs, root = work / "debs", work / "root"
    debs.mkdir(parents=True, exist_ok=True)
    try:
        download(DEBIAN[size], debs, size == "whole")
    except Unavailable:
        run("apt-get", "update")
        download(DEBIAN[size], debs, size == "whole")
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    for deb in sorted(debs.glob("*.deb")):
        if size == "whole":
            install(deb, root, work)
        else:
            run("dpkg-deb", "-x", deb, root)
    run("tar", "--sort=name", "--owner=0", "--group=0", "--mtime=@0", "-cf", out, "-C", root, ".")
    shutil.rmtree(work)


def unpack_npm(packages, tree):
    """The packages by themselves, which are the same bytes for ever."""
    for package in packages:
        folder = tree / "node_modules" / package.rpartition("@")[0]
        folder.mkdir(parents=True)
        run("npm", "pack", "--ignore-scripts", package, cwd=tree)
        packed = next(tree.glob("*.tgz"))
        run("tar", "-xpf", packed, "-C", folder, "--strip-components=1")
        packed.unlink()


def make_npm(size, out, work):
    """node_modules with the packages (their scripts are not run), and with what they depend on but for the quick ones."""
    shutil.rmtree(work, ignore_errors=True)
    tree = work / "usr/src/app"
    tree.mkdir(parents=True)
    (tree / "package.json").write_text('{"name": "corpus", "version": "1.0.0", "private": true}')
    if size == "quick":
        unpack_npm(NPM[size], tree)
    else:
        run("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--legacy-peer-deps", *NPM[size], cwd=tree)
    run("tar", "--sort=name", "--owner=0", "--group=0", "--mtime=@0", "-cf", out, "-C", work, "usr")
    shutil.rmtree(work)


def kept(path, make):
    """A file that is made once: `make` writes it beside, so that half of one is never taken for it."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        make(part)
        part.rename(path)
    return path


def tar_of(kind, size, folder):
    """debian or npm as a tar."""
    name = f"{kind}-{size}"
    make = make_debian if kind == "debian" else make_npm
    return kept(folder / f"{name}.tar", lambda part: make(size, part, folder / f"{name}.work"))


def image(size, how, folder, is_one=False):
    """Both corpora as an image, of two layers or of one."""
    tars = [tar_of("debian", size, folder), tar_of("npm", size, folder)]
    return layouts.image_of(size + ("-one" if is_one else ""), [tars] if is_one else [[tar] for tar in tars], how, folder)


def made_from_signatures(name, make, folder):
    """A generated file whose name holds what it was made of, so that a changed signature makes another."""
    state = hashlib.sha256((ROOT / "bench/texts.py").read_bytes())
    for file in sorted((ROOT / "signatures").glob("*.json")):
        state.update(file.read_bytes())
    return kept(folder / name.format(state.hexdigest()[:12]), make)


def planted(folder):
    return made_from_signatures("planted-{}.tar", lambda part: texts.planted(part, ROOT / "signatures"), folder)


def worst(folder, mib):
    return made_from_signatures(f"worst-{mib}-{{}}.txt", lambda part: texts.worst(part, ROOT / "signatures", mib << 20), folder)


def recipes(folder):
    """(name, OCI layout, digest) of every recipe in the tree, built anew."""
    found = sorted([*(ROOT / "tests/recipes").glob("*.recipe"), *(ROOT / "tests/fixtures").glob("*.recipe")])
    for recipe in found:
        out = folder / "recipes" / recipe.stem
        shutil.rmtree(out, ignore_errors=True)
        out.parent.mkdir(parents=True, exist_ok=True)
        run(sys.executable, ROOT / "tests/recipes/make_image.py", recipe, out, "--layout", "oci", "--compression", "gzip",
            env=os.environ | {"SOURCE_DATE_EPOCH": "1767323045"})  # dpkg-deb heeds it
        yield recipe.stem, f"oci:{out}", layouts.Layout(out).content()


def named(name, folder):
    """[(name, target for silt scan, digest)] of a corpus by name; empty where there is none of that name."""
    if name in SIZES:
        layout = image(name, "none", folder)
        return [(name, f"oci:{layout}", layouts.Layout(layout).content())]
    if name in ("planted", "worst"):
        path = planted(folder) if name == "planted" else worst(folder, 8)
        return [(name, f"file:{path}", "sha256:" + layouts.digest_of(path))]
    return list(recipes(folder)) if name == "recipes" else []
