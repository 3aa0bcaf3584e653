#!/usr/bin/env python3
"""Builds a container image from a recipe: a text that reads like a Dockerfile and states what a scan must find.

usage: make_image.py RECIPE OUT [--layout oci|oci-archive|docker-archive|docker-archive-old]
                                [--compression gzip|zstd|xz|bzip2|none]

A recipe holds one statement a line; lines that begin with "  |" belong to the statement above them.

  image REF                     name and tag
  platform OS/ARCH              default linux/amd64
  layout, compression           as the options, which win
  env NAME=VALUE                config Env and its history instruction
  label KEY=VALUE, cmd TEXT, user TEXT, annotation KEY=VALUE
  arg NAME=VALUE                a build argument: stands in the history of every later `run`
  history TEXT                  an instruction without a layer
  copy TEXT, run TEXT           begins a layer, made by that instruction
  file PATH [MODE]              a file; its content is the lines below it
  utf16 PATH                    the same, as UTF-16LE without a mark
  fill PATH SIZE                a file of SIZE (k, M, G) of text that holds no secret, then the lines below
  archive PATH                  .zip .jar .whl .tar .tar.gz .tgz .gz .deb: holds the files that follow, up to `end`
  hardlink PATH TARGET, symlink PATH TARGET, delete PATH, opaque DIR
  expect, forms, options        read by check.py, not here

"@@" vanishes wherever it stands: it keeps made-up credentials in recipes from looking like live ones to the
scanners that guard repositories.
"""
import argparse
import gzip
import hashlib
import io
import json
import os
import shlex
import subprocess
import sys
import tarfile
import tempfile
import zipfile

EPOCH = "2026-01-02T03:04:05Z"
UNITS = {"k": 1 << 10, "M": 1 << 20, "G": 1 << 30}


class Layer:
    """One file system layer: its instruction, and members to be written as a tar."""

    def __init__(self, created_by):
        self.created_by = created_by
        self.members = []  # (TarInfo, bytes)

    def add(self, path, data=b"", kind=tarfile.REGTYPE, mode=0o644, target=""):
        info = tarfile.TarInfo(path)
        info.type, info.mode, info.linkname, info.size = kind, mode, target, len(data)
        info.mtime = 1767323045
        self.members.append((info, data))

    def tar(self):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for info, data in self.members:
                archive.addfile(info, io.BytesIO(data))
        return out.getvalue()


class Image:
    """What a recipe describes."""

    def __init__(self):
        self.reference = "localhost/recipe:1"
        self.platform = "linux/amd64"
        self.layout, self.compression = "oci", "gzip"
        self.layers, self.history = [], []
        self.arguments, self.annotations = [], {}
        self.config = {"Env": [], "Labels": {}}

    def begin_layer(self, created_by):
        self.layers.append(Layer(created_by))
        self.history.append({"created": EPOCH, "created_by": created_by})

    def note(self, created_by):
        self.history.append({"created": EPOCH, "created_by": created_by, "empty_layer": True})

    def top(self):
        if not self.layers:
            self.begin_layer("COPY . /")
        return self.layers[-1]


def filler(size):
    """Plain text of a size, without anything like a secret in it."""
    line = b"the river carries silt down to the sea and leaves it there, layer upon layer\n"
    return (line * (size // len(line) + 1))[:size]


def parse_size(text):
    return int(text[:-1]) * UNITS[text[-1]] if text[-1] in UNITS else int(text)


def pack_zip(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, data in members:
            member = zipfile.ZipInfo(info.name)  # without today's time: the same image on every day
            member.external_attr = info.mode << 16
            archive.writestr(member, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def pack_tar(members):
    layer = Layer("")
    layer.members = members
    return layer.tar()


def pack_deb(members):
    with tempfile.TemporaryDirectory() as root:
        os.makedirs(root + "/DEBIAN")
        with open(root + "/DEBIAN/control", "w") as control:
            control.write("Package: recipe\nVersion: 1\nArchitecture: all\nMaintainer: silt <x@example.org>\n"
                          "Description: made by a recipe\n")
        for info, data in members:
            path = os.path.join(root, info.name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(data)
        subprocess.run(["dpkg-deb", "--root-owner-group", "-b", root, root + ".deb"], check=True,
                       stdout=subprocess.DEVNULL)
        with open(root + ".deb", "rb") as file:
            data = file.read()
        os.unlink(root + ".deb")
        return data


def pack(path, members):
    """An archive of members in the format that its name says."""
    if path.endswith((".tar.gz", ".tgz")):
        return gzip.compress(pack_tar(members), mtime=0)
    if path.endswith(".tar"):
        return pack_tar(members)
    if path.endswith(".gz"):
        return gzip.compress(members[0][1], mtime=0)
    if path.endswith(".deb"):
        return pack_deb(members)
    return pack_zip(members)


def compress(data, how):
    if how == "gzip":
        return gzip.compress(data, 6, mtime=0)
    if how == "none":
        return data
    command = {"zstd": ["zstd", "-qc"], "xz": ["xz", "-c"], "bzip2": ["bzip2", "-c"]}[how]
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout


class Reader:
    """Statements of a recipe, each with the lines that hang below it."""

    def __init__(self, text):
        self.statements = []
        for line in text.replace("@@", "").splitlines():
            if line.startswith("  |"):
                self.statements[-1][2].append(line[4:] if line[3:4] == " " else line[3:])
            elif line.strip() and not line.lstrip().startswith("#"):
                word, _, rest = line.strip().partition(" ")
                self.statements.append((word, rest.strip(), []))


class Builder:
    """Carries statements out."""

    def __init__(self):
        self.image = Image()
        self.open_archives = []  # (path, Layer)

    def target(self):
        return self.open_archives[-1][1] if self.open_archives else self.image.top()

    def do(self, word, rest, lines):
        handler = getattr(self, "do_" + word.replace("-", "_"), None)
        if handler is None:
            sys.exit(f"make_image: unknown statement: {word}")
        handler(rest, lines)

    def do_expect(self, rest, lines):
        pass

    do_forms = do_options = do_expect

    def do_image(self, rest, lines):
        self.image.reference = rest

    def do_platform(self, rest, lines):
        self.image.platform = rest

    def do_layout(self, rest, lines):
        self.image.layout = rest

    def do_compression(self, rest, lines):
        self.image.compression = rest

    def do_env(self, rest, lines):
        self.image.config["Env"].append(rest)
        self.image.note("ENV " + rest)

    def do_label(self, rest, lines):
        key, _, value = rest.partition("=")
        self.image.config["Labels"][key] = value
        self.image.note(f"LABEL {rest}")

    def do_annotation(self, rest, lines):
        key, _, value = rest.partition("=")
        self.image.annotations[key] = value

    def do_cmd(self, rest, lines):
        self.image.config["Cmd"] = ["/bin/sh", "-c", rest]
        self.image.note(f'CMD ["/bin/sh" "-c" "{rest}"]')

    def do_user(self, rest, lines):
        self.image.config["User"] = rest
        self.image.note("USER " + rest)

    def do_arg(self, rest, lines):
        self.image.arguments.append(rest)
        self.image.note("ARG " + rest.partition("=")[0])

    def do_history(self, rest, lines):
        self.image.note(rest)

    def do_copy(self, rest, lines):
        self.image.begin_layer(f"COPY {rest} # buildkit")

    def do_run(self, rest, lines):
        arguments = " ".join(self.image.arguments)
        prefix = f"|{len(self.image.arguments)} {arguments} " if arguments else ""
        self.image.begin_layer(f"RUN {prefix}/bin/sh -c {rest} # buildkit")

    def do_file(self, rest, lines):
        path, _, mode = rest.partition(" ")
        text = "".join(line + "\n" for line in lines)
        self.target().add(path, text.encode(), mode=int(mode or "644", 8))

    def do_utf16(self, rest, lines):
        self.target().add(rest, "".join(line + "\r\n" for line in lines).encode("utf-16-le"))

    def do_fill(self, rest, lines):
        path, size = rest.split()
        text = "".join(line + "\n" for line in lines)
        self.target().add(path, filler(parse_size(size)) + text.encode())

    def do_archive(self, rest, lines):
        self.open_archives.append((rest, Layer("")))

    def do_end(self, rest, lines):
        path, layer = self.open_archives.pop()
        self.target().add(path, pack(path, layer.members))

    def do_hardlink(self, rest, lines):
        path, target = shlex.split(rest)
        self.target().add(path, kind=tarfile.LNKTYPE, target=target)

    def do_symlink(self, rest, lines):
        path, target = shlex.split(rest)
        self.target().add(path, kind=tarfile.SYMTYPE, target=target)

    def do_delete(self, rest, lines):
        parent, name = os.path.split(rest)
        self.target().add(os.path.join(parent, ".wh." + name), mode=0)

    def do_opaque(self, rest, lines):
        self.target().add(os.path.join(rest, ".wh..wh..opq"), mode=0)


MEDIA = {"gzip": "application/vnd.oci.image.layer.v1.tar+gzip", "zstd": "application/vnd.oci.image.layer.v1.tar+zstd",
         "none": "application/vnd.oci.image.layer.v1.tar", "xz": "application/vnd.oci.image.layer.v1.tar",
         "bzip2": "application/vnd.oci.image.layer.v1.tar"}


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def dump(value):
    return json.dumps(value, indent=1, sort_keys=True).encode()


def config_of(image, tars):
    system, _, architecture = image.platform.partition("/")
    return dump({"created": EPOCH, "os": system, "architecture": architecture, "config": image.config,
                 "rootfs": {"type": "layers", "diff_ids": [digest(tar) for tar in tars]},
                 "history": image.history})


def oci_files(image):
    """Path to content, for an OCI layout."""
    files = {}

    def put(media_type, data, **more):
        files["blobs/sha256/" + digest(data)[7:]] = data
        return {"mediaType": media_type, "digest": digest(data), "size": len(data), **more}

    tars = [layer.tar() for layer in image.layers]
    layers = [put(MEDIA[image.compression], compress(tar, image.compression)) for tar in tars]
    config = put("application/vnd.oci.image.config.v1+json", config_of(image, tars))
    manifest_type = "application/vnd.oci.image.manifest.v1+json"
    manifest = {"schemaVersion": 2, "mediaType": manifest_type, "config": config, "layers": layers}
    if image.annotations:
        manifest["annotations"] = image.annotations
    entry = put(manifest_type, dump(manifest),
                annotations={"org.opencontainers.image.ref.name": image.reference.rpartition(":")[2]})
    files["index.json"] = dump({"schemaVersion": 2, "manifests": [entry]})
    files["oci-layout"] = b'{"imageLayoutVersion":"1.0.0"}'
    return files


def docker_files(image, is_old):
    """Path to content, for `docker save`: the old form has a folder a layer, the new one OCI blobs beside."""
    tars = [layer.tar() for layer in image.layers]
    config = config_of(image, tars)
    if not is_old:
        image.compression = "none"
        files = oci_files(image)
        name = lambda data: "blobs/sha256/" + digest(data)[7:]
    else:
        files = {digest(config)[7:] + ".json": config}
        for tar in tars:
            files[digest(tar)[7:] + "/layer.tar"] = tar
        name = lambda data: (digest(data)[7:] + (".json" if data is config else "/layer.tar"))
    files["manifest.json"] = dump([{"Config": name(config), "RepoTags": [image.reference],
                                    "Layers": [name(tar) for tar in tars]}])
    return files


def write_tar(files, out):
    with tarfile.open(out, "w", format=tarfile.USTAR_FORMAT) as archive:
        for path, data in files.items():
            info = tarfile.TarInfo(path)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))


def write_directory(files, out):
    for path, data in files.items():
        target = os.path.join(out, path)
        os.makedirs(os.path.dirname(target) or ".", exist_ok=True)
        with open(target, "wb") as file:
            file.write(data)


def write_image(image, out):
    if image.layout.startswith("docker-archive"):
        write_tar(docker_files(image, image.layout.endswith("-old")), out)
    elif image.layout == "oci-archive":
        write_tar(oci_files(image), out)
    else:
        write_directory(oci_files(image), out)


def build(text):
    builder = Builder()
    for word, rest, lines in Reader(text).statements:
        builder.do(word, rest, lines)
    return builder.image


def main():
    parser = argparse.ArgumentParser(description="build an image from a recipe")
    parser.add_argument("recipe")
    parser.add_argument("out")
    parser.add_argument("--layout")
    parser.add_argument("--compression")
    options = parser.parse_args()
    with open(options.recipe, encoding="utf-8") as file:
        image = build(file.read())
    image.layout = options.layout or image.layout
    image.compression = options.compression or image.compression
    write_image(image, options.out)


if __name__ == "__main__":
    main()
