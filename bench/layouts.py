"""layouts.py: OCI layouts for the benchmarks, made from plain tars and kept; and where their layers are."""
import hashlib
import json
import pathlib
import shutil
import subprocess
import tarfile

COMPRESS = {"gzip": ["gzip", "-6", "-nc"], "zstd": ["zstd", "-3", "-qc"], "none": ["cat"]}
MEDIA = {"gzip": "+gzip", "zstd": "+zstd", "none": ""}


def digest_of(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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
        subprocess.run(["tar", "--concatenate", "-f", joined, more], check=True)
    diff_id = "sha256:" + digest_of(joined)
    with open(out, "wb") as file:
        subprocess.run([*COMPRESS[how], joined], stdout=file, check=True)
    joined.unlink()
    return diff_id


def make_streamed_layer(command, out):
    """One gzip layer from what a command prints, which is never stored uncompressed."""
    digest = hashlib.sha256()
    with open(out, "wb") as file, subprocess.Popen(command, stdout=subprocess.PIPE) as source, \
            subprocess.Popen(["igzip", "-1", "-c"], stdin=subprocess.PIPE, stdout=file) as packer:
        while block := source.stdout.read(1 << 20):
            digest.update(block)
            packer.stdin.write(block)
    if source.returncode or packer.returncode:
        raise RuntimeError(f"{command} failed")
    return "sha256:" + digest.hexdigest()


def image_of(name, layers, how, folder, make=make_layer):
    """An OCI layout with one layer for each list of tars; made if it is not there. With another `make` the layers are
    whatever that takes."""
    layout = folder / f"image-{name}-{how}"
    if (layout / "index.json").exists():
        return layout
    shutil.rmtree(layout, ignore_errors=True)
    (layout / "blobs/sha256").mkdir(parents=True)
    descriptors, diff_ids = [], []
    for layer in layers:
        blob = layout / "layer"
        diff_ids.append(make(layer, blob, how))
        descriptors.append(add_blob(layout, blob, "application/vnd.oci.image.layer.v1.tar" + MEDIA[how]))
    write_documents(layout, descriptors, diff_ids)
    return layout


def streamed_image(name, command, folder):
    """An image of one gzip layer that a command prints."""
    return image_of(name, [command], "gzip", folder, lambda layer, blob, how: make_streamed_layer(layer, blob))


def entry_ends(tar_path):
    """Where each entry of a tar ends, with its padding."""
    ends = []
    with tarfile.open(tar_path) as tar:
        for member in tar:
            end = member.offset_data + (member.size if member.isreg() else 0)
            ends.append(end + -end % tarfile.BLOCKSIZE)
            tar.members = []  # it would keep them all
    return ends


def split_tar(path, parts, folder):
    """The tar's entries as `parts` tars of about the same size, in order; made one at a time, for the moment only."""
    ends, start, part = entry_ends(path), 0, folder / "part.tar"
    with open(path, "rb") as file:
        for number in range(1, parts + 1):
            stop = ends[-1] if number == parts else next(end for end in ends if end >= ends[-1] * number // parts)
            part.write_bytes(file.read(stop - start) + bytes(2 * tarfile.BLOCKSIZE))
            start = stop
            yield [part]
    part.unlink()


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


class Layout:
    """What an OCI layout on disk holds."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        index = json.loads((self.path / "index.json").read_text())
        self.manifest = json.loads(self.blob(index["manifests"][0]["digest"]).read_text())

    def blob(self, digest):
        return self.path / "blobs/sha256" / digest.removeprefix("sha256:")

    def layers(self):
        """Paths of the layers, base first."""
        return [self.blob(layer["digest"]) for layer in self.manifest["layers"]]

    def content(self):
        """What the image is known by, however its layers are compressed: config (with diff_ids) and annotations."""
        known = [self.manifest["config"]["digest"], self.manifest.get("annotations", {})]
        return "sha256:" + hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()
