"""What the tests of registries share: servers on loopback, certificates, images pushed by skopeo, and scans.

Every server ends with its `with`, and with this process: nothing is left behind.
"""
import base64
import contextlib
import ctypes
import http.server
import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.parse

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "recipes"))
import make_image  # noqa: E402

SILT = os.environ["SILT_COMMAND"]
PATIENCE = 120  # seconds that a scan may take before it counts as hanging


class Skipped(Exception):
    """A program of this case is not here, or does not run here."""


def need(*programs):
    for program in programs:
        if shutil.which(program) is None:
            raise Skipped(f"{program} is not installed")


def end_with_parent():
    """In a child: end when the test does, even if that is killed."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port, process):
    for _ in range(200):
        if process.poll() is not None:
            raise AssertionError(f"the server ended with {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the server does not answer")


@contextlib.contextmanager
def running(command, log, environment=None):
    """A program that runs until the block ends."""
    with open(log, "wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=environment, preexec_fn=end_with_parent)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


# Certificates

def openssl(*words):
    subprocess.run(["openssl", *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_authority(folder, name="ca"):
    """A certificate authority of our own: NAME.crt and NAME.key."""
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN=silt test {name}",
            "-addext", "basicConstraints=critical,CA:TRUE",
            "-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.crt")
    return f"{folder}/{name}.crt"


def make_certificate(folder, name, authority="ca"):
    """A certificate for 127.0.0.1 and localhost, signed by the authority: NAME.crt and NAME.key."""
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout", f"{folder}/{name}.key", "-out",
            f"{folder}/{name}.csr")
    pathlib.Path(f"{folder}/{name}.ext").write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\n")
    openssl("x509", "-req", "-days", "2", "-in", f"{folder}/{name}.csr", "-CA", f"{folder}/{authority}.crt", "-CAkey",
            f"{folder}/{authority}.key", "-CAcreateserial", "-extfile", f"{folder}/{name}.ext", "-out", f"{folder}/{name}.crt")
    return f"{folder}/{name}.crt", f"{folder}/{name}.key"


# Debian's docker-registry

@contextlib.contextmanager
def registry(folder, name="registry", **http):
    """A docker-registry; `auth` and `notifications` are its sections of that name, other words go into its http section. Answers
    HOST:PORT."""
    need("docker-registry", "skopeo")
    port = free_port()
    auth, notifications = http.pop("auth", None), http.pop("notifications", None)
    setup = {"version": 0.1, "log": {"level": "info", "accesslog": {"disabled": False}},
             "storage": {"filesystem": {"rootdirectory": f"{folder}/{name}-data"}, "delete": {"enabled": True}},
             "http": {"addr": f"127.0.0.1:{port}", **http}}
    if auth:
        setup["auth"] = auth
    if notifications:
        setup["notifications"] = notifications
    pathlib.Path(f"{folder}/{name}.yml").write_text(json.dumps(setup))  # JSON is YAML
    with running(["docker-registry", "serve", f"{folder}/{name}.yml"], f"{folder}/{name}.log") as process:
        wait_for_port(port, process)
        yield f"127.0.0.1:{port}"


def skopeo(folder, *words):
    need("skopeo")
    pathlib.Path(f"{folder}/policy.json").write_text('{"default": [{"type": "insecureAcceptAnything"}]}')
    home = tempfile.mkdtemp(dir=folder)  # its memory of blobs would swap one compression for another
    environment = dict(os.environ, HOME=home, TMPDIR=folder, XDG_RUNTIME_DIR=home)
    done = subprocess.run(["skopeo", "copy", "-q", f"--policy={folder}/policy.json", *words], env=environment, timeout=120,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, f"skopeo {' '.join(words)}: {done.stdout}"


def layout(folder, name, text):
    """An OCI layout made from a recipe; answers its directory and the tag in it."""
    image = make_image.build(text)
    image.layout = "oci"
    make_image.write_image(image, f"{folder}/{name}")
    return f"{folder}/{name}", image.reference.rpartition(":")[2]


def push(folder, source, host, repository, *options):
    """Pushes oci:DIR:TAG to a plain registry."""
    skopeo(folder, "--dest-tls-verify=false", *options, source, f"docker://{host}/{repository}")


# Scans

class Scan:
    """A scan's report, exit code and standard error. The environment holds no login but what `environment` says."""

    def __init__(self, *words, environment=None, stdin=b"", timeout=PATIENCE):
        keep = {name: os.environ[name] for name in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS") if name in os.environ}
        with tempfile.TemporaryDirectory() as home:
            done = subprocess.run([SILT, "scan", "--format", "json", "--no-cache", "--no-progress", *words], input=stdin, timeout=timeout,
                                  env={**keep, "HOME": home, **(environment or {})}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.code, self.stderr = done.returncode, done.stderr.decode()
        self.output = done.stdout.decode()
        self.report = json.loads(done.stdout) if done.stdout else {"targets": []}
        self.targets = self.report["targets"]
        assert "Sanitizer" not in self.stderr and "runtime error" not in self.stderr, self.stderr

    @property
    def rows(self):
        """Findings as comparable rows."""
        return {(finding["signature"], "!".join([*finding["chain"], finding["path"]]), finding["state"],
                 (finding["layer"] or {}).get("index"), finding["redacted"])
                for target in self.targets for finding in target.get("findings", [])}

    @property
    def paths(self):
        return {row[1] for row in self.rows}

    @property
    def said(self):
        """Everything that the scan says is wrong."""
        parts = [self.stderr]
        for target in self.targets:
            parts += [error["message"] for error in target.get("errors", [])]
            parts += [f"{skip['path']} {skip['reason']}" for skip in target.get("coverage", {}).get("skipped", [])]
        return "\n".join(parts)

    def expect(self, code, *texts):
        assert self.code == code, f"exit code {self.code}, not {code}: {self.said}"
        for text in texts:
            assert text in self.said, f"{text!r} is not said: {self.said}"
        return self


def expect_same(expected, found, what):
    assert found == expected, f"{what}: lost {sorted(expected - found, key=str)}, new {sorted(found - expected, key=str)}"


# Servers of our own

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, code, body=b"", content_type="application/json", **headers):
        self.send_response(code)
        if not any(name.lower() == "content_length" for name in headers):
            headers["Content-Length"] = str(len(body))
        self.send_header("Content-Type", content_type)
        for name, value in headers.items():
            for one in value if isinstance(value, list) else [value]:
                self.send_header(name.replace("_", "-"), one)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.form = urllib.parse.parse_qs(self.rfile.read(length).decode()) if length else {}
        self.server.seen.append((self.command, self.path, dict(self.headers.items())))
        try:
            self.server.serve(self)
        except (ConnectionError, ssl.SSLError):
            self.close_connection = True

    do_POST = do_GET


class Server(http.server.ThreadingHTTPServer):
    """A server on loopback; `serve(handler)` answers. With a certificate it speaks TLS."""

    daemon_threads = True

    def __init__(self, serve, certificate=None, authority=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.serve, self.seen = serve, []
        self.host = f"127.0.0.1:{self.server_address[1]}"
        self.url = f"{'https' if certificate else 'http'}://{self.host}"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            if authority:
                context.verify_mode = ssl.CERT_REQUIRED
                context.load_verify_locations(authority)
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, request, address):
        pass  # clients that go away are what is tested

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def headers_of(self, part):
        """The headers of each request whose path holds a text."""
        return [headers for _, path, headers in self.seen if part in path]


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def run(cases):
    """Runs the cases named on the command line, or all; exit code 77 if none could run."""
    names = sys.argv[1:] or list(cases)
    failed = skipped = 0
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            began = time.monotonic()
            try:
                cases[name](folder)
                print(f"ok    {name} ({time.monotonic() - began:.1f} s)", flush=True)
            except Skipped as why:
                skipped += 1
                print(f"skip  {name}: {why}", flush=True)
            except Exception:  # each case is reported by itself
                failed += 1
                print(f"FAIL  {name}", flush=True)
                traceback.print_exc(limit=4, file=sys.stdout)
    print(f"{len(names) - failed - skipped} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed else 77 if skipped == len(names) else 0)
