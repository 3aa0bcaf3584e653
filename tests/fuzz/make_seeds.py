#!/usr/bin/env python3
"""Seeds for a fuzz target, made from the recipes and the signature files: make_seeds.py TARGET DIR"""
import gzip
import io
import pathlib
import re
import struct
import subprocess
import sys
import tarfile
import zipfile

root = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(root / "tests" / "recipes"))
import make_image  # noqa: E402


def demo(**changes):
    image = make_image.build((root / "tests/fixtures/demo.recipe").read_text())
    for key, value in changes.items():
        setattr(image, key, value)
    return image


def tar_of(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for path, data in files.items():
            info = tarfile.TarInfo(path)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def walk_seeds():
    layer = demo().layers[-2].tar()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a/b.txt", "text " * 50)
        archive.writestr("inner.tar.gz", gzip.compress(layer))
    yield layer
    yield out.getvalue()
    yield gzip.compress(layer) + b"tail" + gzip.compress(b"second")
    for how in ("xz", "bzip2", "zstd"):
        yield make_image.compress(layer, how)
    for command in (["cpio", "-o", "-H", "newc", "--quiet"],):
        yield subprocess.run(command, input=b"tests/fixtures/demo.recipe\n", cwd=root, stdout=subprocess.PIPE, check=True).stdout


def document_seeds():
    files = make_image.docker_files(demo(), False)
    for path, data in files.items():
        if data[:1] in b"{[":
            yield data


def image_seeds():
    yield tar_of(make_image.oci_files(demo()))
    yield tar_of(make_image.docker_files(demo(), True))
    yield tar_of(make_image.docker_files(demo(), False))


def signature_seeds():
    yield (b'{"schema":"silt.signatures/1","signatures":[{"id":"a.b","name":"n","provider":"p","severity":"high",'
           b'"confidence":"high","pattern":"ab(c{3})","description":"d","remediation":"r",'
           b'"examples":{"match":[["ab","ccc"]],"no_match":["x"]}}]}')


def text_seeds():
    yield (root / "tests/fixtures/demo.recipe").read_text().replace("@@", "").encode()
    yield "\ufeffPASSWORD=Vb7qLz92xKtW\n".encode("utf-16-le")


def snapshot_seeds():
    """Head, words, text (engine/signature/snapshot.h): no signature, and one in file f.json."""
    texts, words = [b"f.json", b"a.b", b"n", b"p", b"ab(c{3})", b"", b"d", b"r", b"https://x"], []
    at = [sum(len(text) + 1 for text in texts[:i]) for i in range(len(texts))]
    words += [at[0]]  # the file
    words += [at[1], at[2], at[3], 3, 2, at[4], at[5], at[5], 0, 64, 1, at[5], 0, 0x3FE00000, at[5], 64, 0]
    words += [at[6], at[7], 1, at[8], 0, 0, 0]
    digest = b"sha256:".ljust(72, b"\0")
    yield struct.pack("<QQQ", 0, 0, 0) + digest + b"\0"
    yield (struct.pack("<QQQ", len(words), 1, 1) + digest + struct.pack(f"<{len(words)}I", *words) +
           b"".join(text + b"\0" for text in texts))


def hook_seeds():
    """Recorded notifications, and the samples of the unit test: C strings put together again."""
    for path in sorted((root / "tests/fixtures/webhooks").glob("*.http")):
        yield path.read_bytes().replace(b"\r\n", b"\n").split(b"\n\n", 1)[1]
    text = (root / "tests/cli/serve/hook_test.c").read_text().replace(" DIGEST ", ' "sha256:" HASH ').replace(" HASH ", f' "{"ab" * 32}" ')
    for sample in re.findall(r"\.(?:body|boring) = +((?:\s*\"(?:\\.|[^\"\\])*\")+)", text):
        yield "".join(re.findall(r'"((?:\\.|[^"\\])*)"', sample)).replace('\\"', '"').encode()


def registry_seeds():
    yield b"localhost:5000/team/app:1.2@sha256:" + b"0123456789abcdef" * 4
    yield b"ghcr.io/a.b/c__d--e"
    yield b'Negotiate YII=, Basic realm="a", Bearer realm="https://h/t",service="s",scope="repository:a/b:pull"'
    yield b'</v2/_catalog?last=b&n=2>; rel="prev", </v2/x>; title="y"; rel=next'
    yield b"https://host.example:5000/v2/a/blobs/sha256:00?x=y#z"
    yield b'{"token": "a.b.c", "expires_in": 60}'
    yield b"2025-01-31T12:00:00.123+01:00"
    yield b"Fri, 31 Dec 1999 23:59:59 GMT"


SEEDS = {"walk": walk_seeds, "catalog": document_seeds, "image": image_seeds, "signatures": signature_seeds,
         "confirm": text_seeds, "snapshot": snapshot_seeds, "registry": registry_seeds, "hook": hook_seeds}


def main():
    target, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(SEEDS[target]()):
        (folder / f"seed-{number}").write_bytes(seed)


main()
