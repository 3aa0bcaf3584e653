"""What the tests of `silt serve` share: a service with a state directory of its own, a registry that notifies it, images put into the
registry by the thousand, and the API.

Everything binds loopback and ends with its `with`.
"""
import contextlib
import hashlib
import http.client
import io
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "registry"))
import rig  # noqa: E402

SECRET = "hook-" + "0123456789abcdef" * 2
TOKEN = "token-" + "fedcba9876543210" * 2
IS_SANITIZED = "asan" in rig.SILT


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.body[:300]!r}"


class Service:
    """`silt serve` in a folder. `start` and `kill` may alternate; the state stays."""

    def __init__(self, folder, *words, port=None, config=None, name="state", environment=None):
        self.folder, self.words, self.config = folder, list(words), config
        self.port = port or rig.free_port()
        self.state = f"{folder}/{name}"
        self.environment = environment or {}
        self.log = f"{folder}/{name}.log"
        self.process = None

    def command(self):
        words = [rig.SILT, "serve", f"--listen=127.0.0.1:{self.port}", f"--state-dir={self.state}", *self.words]
        if self.config is not None:
            path = f"{self.folder}/serve-{self.port}.json"
            pathlib.Path(path).write_text(json.dumps(self.config))
            words.append(f"--config={path}")
        return words

    def start(self, wait=True):
        keep = {name: os.environ[name] for name in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "SILT_DATA_DIR") if name in os.environ}
        environment = {**keep, "HOME": self.folder, "SILT_TOKEN": TOKEN, "SILT_HOOK_SECRET": SECRET, **self.environment}
        self.output = open(self.log, "ab")
        self.process = subprocess.Popen(self.command(), env=environment, stdout=self.output, stderr=self.output,
                                        preexec_fn=rig.end_with_parent)
        if wait:
            self.wait_ready()
        return self

    def wait_port(self):
        for _ in range(1200):
            assert self.process.poll() is None, f"silt serve ended with {self.process.returncode}: {self.said()}"
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return
            time.sleep(0.05)
        raise AssertionError(f"silt serve does not listen: {self.said()}")

    def wait_ready(self):
        for _ in range(1200):
            assert self.process.poll() is None, f"silt serve ended with {self.process.returncode}: {self.said()}"
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.get("/healthz").status == 200:
                    return
            time.sleep(0.05)
        raise AssertionError(f"silt serve does not answer: {self.said()}")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.output.close()

    def stop(self, timeout=60):
        """SIGTERM; answers the exit code."""
        if self.process is None or self.process.returncode is not None:
            return None
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"silt serve does not end: {self.said()}") from None
        self.output.close()
        return code

    def said(self):
        return pathlib.Path(self.log).read_text(errors="replace")[-4000:]

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        code = self.stop()
        said = self.said()
        assert "Sanitizer" not in said and "runtime error" not in said, said
        assert code in (None, 0), f"exit code {code}: {said}"

    def ask(self, method, path, body=None, headers=None, timeout=30):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def get(self, path, **headers):
        return self.ask("GET", path, headers={"Authorization": f"Bearer {TOKEN}", **headers})

    def api(self, path):
        answer = self.get(path)
        assert answer.status == 200, f"{path}: {answer}"
        return answer.json

    def hook(self, dialect, body, secret=SECRET, **headers):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {secret}", **headers}
        return self.ask("POST", f"/hooks/{dialect}", data, headers)

    def all(self, path):
        """All items of a list of the API."""
        items, before = [], None
        while True:
            page = self.api(f"/api/v1/{path}{'&' if '?' in path else '?'}limit=500{f'&before={before}' if before else ''}")
            items += page["items"]
            before = page["next"]
            if before is None:
                return items

    def findings(self):
        return self.all("findings?state=open")

    def images(self):
        return self.all("images")

    def jobs(self):
        return self.all("jobs")

    def idle(self, seconds=300):
        """Waits until no job waits or runs."""
        def is_idle():
            queue = self.api("/api/v1/stats")["queue"]
            return queue["waiting"] == queue["running"] == 0
        wait_until(is_idle, seconds, "an idle queue")

    def metrics(self):
        """Samples of /metrics by name and labels."""
        answer = self.get("/metrics")
        assert answer.status == 200, answer
        rows = (line.rpartition(" ") for line in answer.body.decode().splitlines() if line and line[0] != "#")
        return {name: float(value) for name, _, value in rows}

    def memory(self):
        """Resident bytes of the process."""
        return int(pathlib.Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * 4096


def wait_until(condition, seconds, what):
    """Waits for a condition that answers something true, and answers that."""
    until = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        assert time.monotonic() < until, f"{what}: not within {seconds} s"
        time.sleep(0.1)


# A registry that notifies

def notifying_registry(folder, port, secret=SECRET, name="registry", **more):
    """A docker-registry that tells the service at a port what is pushed."""
    endpoint = {"name": "silt", "url": f"http://127.0.0.1:{port}/hooks/distribution", "timeout": "5s", "threshold": 3, "backoff": "200ms",
                "headers": {"Authorization": [f"Bearer {secret}"]}}
    return rig.registry(folder, name, notifications={"endpoints": [endpoint]}, **more)


# Images by the thousand, without a tool for each

def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def layer(files):
    """A gzip layer of {path: text}."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", format=tarfile.PAX_FORMAT, compresslevel=4) as archive:
        for path, text in files.items():
            data = text if isinstance(text, bytes) else text.encode()
            entry = tarfile.TarInfo(path)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


INDEX = "application/vnd.oci.image.index.v1+json"


class Pusher:
    """Puts blobs and manifests into a registry over one connection."""

    def __init__(self, host, login=None):
        self.host, self.login = host, login or {}
        self.connection = http.client.HTTPConnection(host, timeout=60)
        self.known, self.sizes = set(), {}

    def ask(self, method, path, body=None, headers=None):
        self.connection.request(method, path, body, {**self.login, **(headers or {})})
        answer = self.connection.getresponse()
        data = answer.read()
        assert answer.status < 300, f"{method} {path}: {answer.status} {data[:200]}"
        return answer.headers

    def blob(self, repository, data):
        name = digest(data)
        if (repository, name) not in self.known:
            where = self.ask("POST", f"/v2/{repository}/blobs/uploads/", b"")["Location"]
            where = where.partition(self.host)[2] or where
            self.ask("PUT", f"{where}{'&' if '?' in where else '?'}digest={name}", data, {"Content-Type": "application/octet-stream"})
            self.known.add((repository, name))
        return name

    def image(self, repository, tag, layers, environment=(), arch="amd64"):
        """Pushes an image of layers (bytes), by its digest where it has no tag; answers the digest."""
        import gzip
        diffs = [digest(gzip.decompress(data)) for data in layers]
        config = json.dumps({"architecture": arch, "os": "linux", "config": {"Env": list(environment)},
                             "rootfs": {"type": "layers", "diff_ids": diffs},
                             "history": [{"created_by": f"COPY {i} /"} for i in range(len(layers))]}).encode()
        manifest = json.dumps({
            "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "size": len(config), "digest": self.blob(repository, config)},
            "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "size": len(data),
                        "digest": self.blob(repository, data)} for data in layers]}).encode()
        self.ask("PUT", f"/v2/{repository}/manifests/{tag or digest(manifest)}", manifest,
                 {"Content-Type": "application/vnd.oci.image.manifest.v1+json"})
        self.sizes[digest(manifest)] = len(manifest), arch
        return digest(manifest)

    def index(self, repository, tag, names):
        """Pushes an index of images that were pushed before; answers its digest."""
        index = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": [
            {"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": name, "size": self.sizes[name][0],
             "platform": {"os": "linux", "architecture": self.sizes[name][1]}} for name in names]}).encode()
        self.ask("PUT", f"/v2/{repository}/manifests/{tag}", index, {"Content-Type": INDEX})
        return digest(index)


def token(number):
    """A made-up credential, another one for each number: a GitLab personal access token by its form."""
    alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
    seed = int.from_bytes(hashlib.sha256(f"made up {number}".encode()).digest(), "big")
    text = ""
    for _ in range(20):
        seed, rest = divmod(seed, len(alphabet))
        text += alphabet[rest]
    return "gl" + "pat-" + text


def layout_with(folder, files):
    """An OCI layout of one image with these files, for skopeo; answers oci:DIR:TAG."""
    import gzip
    root = pathlib.Path(folder, f"layout-{len(os.listdir(folder))}")
    (root / "blobs/sha256").mkdir(parents=True)

    def put(data):
        (root / "blobs/sha256" / digest(data)[7:]).write_bytes(data)
        return {"digest": digest(data), "size": len(data)}

    data = layer(files)
    config = json.dumps({"architecture": "amd64", "os": "linux", "config": {},
                         "rootfs": {"type": "layers", "diff_ids": [digest(gzip.decompress(data))]},
                         "history": [{"created_by": "COPY . /"}]}).encode()
    manifest = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                           "config": {"mediaType": "application/vnd.oci.image.config.v1+json", **put(config)},
                           "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", **put(data)}]}).encode()
    (root / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    (root / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [
        {"mediaType": "application/vnd.oci.image.manifest.v1+json", **put(manifest),
         "annotations": {"org.opencontainers.image.ref.name": "1"}}]}))
    return f"oci:{root}:1"


def event(host, repository, name, tag=None, identity=None, action="push",
          media_type="application/vnd.oci.image.manifest.v1+json", when="2026-01-01T00:00:00Z"):
    """A notification as docker-registry sends it."""
    target = {"mediaType": media_type, "size": 1, "digest": name, "length": 1, "repository": repository,
              "url": f"http://{host}/v2/{repository}/manifests/{name}"}
    if tag:
        target["tag"] = tag
    return {"events": [{"id": identity or os.urandom(8).hex(), "timestamp": when, "action": action, "target": target,
                        "request": {"id": "r", "addr": "127.0.0.1:1", "host": host, "method": "PUT", "useragent": "test"},
                        "actor": {}, "source": {"addr": host, "instanceID": "i"}}]}
