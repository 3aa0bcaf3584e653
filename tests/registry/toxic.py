"""A registry that lies. It holds images as it should; hooks answer some requests otherwise.

A hook is called with the handler and answers True if it has answered the request.
"""
import json

import rig
from rig import make_image

OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
OCI_INDEX = "application/vnd.oci.image.index.v1+json"


class Toxic(rig.Server):
    def __init__(self, **more):
        super().__init__(self.serve_registry, **more)
        self.blobs, self.manifests, self.tags = {}, {}, {}  # digest: bytes; reference: (type, bytes); repository: tags
        self.hooks = []

    def add(self, text, repository="x/y"):
        """An image made from a recipe, under the recipe's tag; answers its manifest."""
        image = make_image.build(text)
        for path, data in make_image.oci_files(image).items():
            if path == "index.json":
                entry = json.loads(data)["manifests"][0]
            elif path.startswith("blobs/"):
                self.blobs["sha256:" + path.rpartition("/")[2]] = data
        tag = image.reference.rpartition(":")[2]
        self.put_manifest(self.blobs[entry["digest"]], OCI_MANIFEST, repository, tag)
        return json.loads(self.blobs[entry["digest"]])

    def put_manifest(self, data, kind, repository="x/y", tag=None):
        digest = make_image.digest(data)
        self.manifests[repository, digest] = kind, data
        if tag:
            self.manifests[repository, tag] = kind, data
            self.tags.setdefault(repository, []).append(tag)
        return digest

    def serve_registry(self, handler):
        if any(hook(handler) for hook in self.hooks):
            return
        path = handler.path.partition("?")[0]
        parts = path.split("/")
        repository, kind, name = "/".join(parts[2:-2]), parts[-2] if len(parts) > 2 else "", parts[-1]
        if kind == "manifests" and (repository, name) in self.manifests:
            media_type, data = self.manifests[repository, name]
            handler.answer(200, data, media_type, Docker_Content_Digest=make_image.digest(data))
        elif kind == "blobs" and name in self.blobs:
            send_blob(handler, self.blobs[name])
        elif path.endswith("/tags/list"):
            handler.answer(200, json.dumps({"name": repository, "tags": self.tags.get(repository)}).encode())
        elif path == "/v2/_catalog":
            handler.answer(200, json.dumps({"repositories": list(self.tags)}).encode())
        else:
            handler.answer(404, json.dumps({"errors": [{"code": "NOT_FOUND", "message": "nothing"}]}).encode())


def range_start(handler):
    return int((handler.headers.get("Range") or "bytes=0-")[6:].rstrip("-"))


def send_blob(handler, data, knows_ranges=True, most=None):
    """Sends a blob, or the part asked for; with `most`, breaks off after so many bytes."""
    start = range_start(handler) if knows_ranges else 0
    part = data[start:]
    handler.send_response(206 if start else 200)
    handler.send_header("Content-Length", str(len(part)))
    if start:
        handler.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
    handler.end_headers()
    handler.wfile.write(part if most is None else part[:most])
    if most is not None and most < len(part):
        handler.close_connection = True


def on(part, answer):
    """A hook for requests whose path holds a text."""
    return lambda handler: part in handler.path and (answer(handler) or True)


def some_times(count, hook):
    """A hook that works so many times."""
    left = [count]

    def counted(handler):
        if left[0] == 0:
            return False
        left[0] -= 1  # before: a hook may take its time
        if hook(handler):
            return True
        left[0] += 1
        return False
    return counted
