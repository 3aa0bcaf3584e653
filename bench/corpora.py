"""corpora.py: what the benchmarks read, made from Debian and npm packages and kept under build/bench.

debian   the file trees of Debian packages (an essential root with Python, Node, Java, gcc, git, …), unpacked
npm      node_modules of a few large packages
Each is made once as a plain tar; layers and images are made from these.
"""
import hashlib
import json
import os
import pathlib
import shutil
import subprocess

DEBIAN = ["bash", "coreutils", "libc6", "libc-bin", "perl-base", "dpkg", "apt", "python3.11-minimal", "libpython3.11-minimal",
          "libpython3.11-stdlib", "python3.11", "libnode108", "openjdk-17-jre-headless", "gcc-12", "cpp-12", "g++-12",
          "libgcc-12-dev", "libstdc++-12-dev", "binutils-common", "libbinutils", "git", "curl", "openssh-client", "openssl", "libssl3",
          "perl-modules-5.36", "libperl5.36", "vim-common", "vim-runtime", "locales", "golang-1.19-src", "libicu72", "openjdk-17-jdk-headless",
          "ruby3.1", "libruby3.1", "php8.2-cli", "libllvm14", "clang-14", "libclang-cpp14", "libclang-common-14-dev"]
DEBIAN_QUICK = ["bash", "coreutils", "libc6", "perl-base", "python3.11-minimal", "libpython3.11-stdlib", "git", "openssh-client", "libnode108"]
NPM = ["typescript@5.4.5", "webpack@5.91.0", "react-dom@18.3.1", "aws-sdk@2.1615.0", "lodash@4.17.21", "next@14.2.3",
       "@angular/core@17.3.8", "eslint@8.57.0", "jest@29.7.0", "firebase@10.11.1", "three@0.164.1", "date-fns@3.6.0",
       "core-js@3.37.0", "@mui/icons-material@5.15.16", "googleapis@137.0.0", "rxjs@7.8.1"]
NPM_QUICK = ["typescript@5.4.5", "lodash@4.17.21", "aws-sdk@2.1615.0"]


def run(*command, **more):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)


def make_debian(packages, out, work):
    """Downloads the packages and joins their file trees into one tar."""
    debs, root = work / "debs", work / "root"
    debs.mkdir(parents=True, exist_ok=True)
    try:
        run("apt-get", "download", *packages, cwd=debs)
    except subprocess.CalledProcessError:
        run("apt-get", "update")
        run("apt-get", "download", *packages, cwd=debs)
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    for deb in sorted(debs.glob("*.deb")):
        run("dpkg-deb", "-x", deb, root)
    run("tar", "--sort=name", "--owner=0", "--group=0", "--mtime=@0", "-cf", out, "-C", root, ".")
    shutil.rmtree(work)


def make_npm(packages, out, work):
    """Installs the packages (their scripts are not run) and takes node_modules as one tar."""
    tree = work / "usr/src/app"
    tree.mkdir(parents=True, exist_ok=True)
    (tree / "package.json").write_text('{"name": "corpus", "version": "1.0.0", "private": true}')
    run("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--legacy-peer-deps", *packages, cwd=tree)
    run("tar", "--sort=name", "--owner=0", "--group=0", "--mtime=@0", "-cf", out, "-C", work, "usr")
    shutil.rmtree(work)


def tar_of(kind, folder, is_quick):
    """The corpus as a tar, made if it is not there."""
    name = kind + ("-quick" if is_quick else "")
    out = folder / (name + ".tar")
    if not out.exists():
        folder.mkdir(parents=True, exist_ok=True)
        part = out.with_suffix(".part")
        if kind == "debian":
            make_debian(DEBIAN_QUICK if is_quick else DEBIAN, part, folder / (name + ".work"))
        else:
            make_npm(NPM_QUICK if is_quick else NPM, part, folder / (name + ".work"))
        part.rename(out)
    return out


def digest_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def add_blob(layout, path, media_type):
    """Moves a file into the layout under its digest."""
    digest = digest_of(path)
    size = path.stat().st_size
    path.rename(layout / "blobs/sha256" / digest)
    return {"mediaType": media_type, "digest": "sha256:" + digest, "size": size}


def make_layer(tars, out, how):
    """One layer from the contents of one or more tars, compressed."""
    joined = out.with_suffix(".tar")
    shutil.copyfile(tars[0], joined)
    for more in tars[1:]:
        run("tar", "--concatenate", "-f", joined, more)
    diff_id = "sha256:" + digest_of(joined)
    command = {"gzip": ["gzip", "-6", "-nc"], "zstd": ["zstd", "-3", "-qc"], "none": ["cat"]}[how]
    with open(out, "wb") as file:
        subprocess.run([*command, joined], stdout=file, check=True)
    joined.unlink()
    return diff_id


def image_of(name, layers, how, folder):
    """An OCI layout with one layer for each list of tars; made if it is not there."""
    layout = folder / f"image-{name}-{how}"
    if (layout / "index.json").exists():
        return layout
    shutil.rmtree(layout, ignore_errors=True)
    (layout / "blobs/sha256").mkdir(parents=True)
    media = "application/vnd.oci.image.layer.v1.tar" + {"gzip": "+gzip", "zstd": "+zstd", "none": ""}[how]
    descriptors, diff_ids = [], []
    for tars in layers:
        blob = layout / "layer"
        diff_ids.append(make_layer(tars, blob, how))
        descriptors.append(add_blob(layout, blob, media))
    write_documents(layout, descriptors, diff_ids)
    return layout


def write_documents(layout, descriptors, diff_ids):
    def put(document, media_type):
        path = layout / "document"
        path.write_text(json.dumps(document))
        return add_blob(layout, path, media_type)

    config = put({"architecture": "amd64", "os": "linux", "config": {}, "rootfs": {"type": "layers", "diff_ids": diff_ids},
                  "history": [{"created_by": f"ADD layer{i}.tar /"} for i in range(len(diff_ids))]},
                 "application/vnd.oci.image.config.v1+json")
    manifest = put({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": config,
                    "layers": descriptors}, "application/vnd.oci.image.manifest.v1+json")
    (layout / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    (layout / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [manifest]}))


def layers_of(layout):
    """Paths of an image's layers, in order."""
    blob = lambda digest: pathlib.Path(layout) / "blobs/sha256" / digest[7:]
    index = json.loads((pathlib.Path(layout) / "index.json").read_text())
    manifest = json.loads(blob(index["manifests"][0]["digest"]).read_text())
    return [blob(layer["digest"]) for layer in manifest["layers"]]
