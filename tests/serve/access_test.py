#!/usr/bin/env python3
"""Who may ask what, and requests that break the rules."""
import hashlib
import hmac
import json
import re
import socket
import threading
import time

from service import SECRET, TOKEN, Service, event, rig

ROUTES = re.findall(r'SILT_ROUTE\((\w+), "([^"]+)", (\w+),', (rig.HERE.parent.parent / "cli/serve/routes.def").read_text())
HOST = "registry.example"
KNOWN = {"Authorization": f"Bearer {TOKEN}"}


def serve(folder, *words, **more):
    return Service(folder, f"--registry={HOST}", "--sweep=none", "--workers=0", *words, **more)


def path_of(route):
    return re.sub(r":\w+\*?", "1", route.replace(":dialect", "generic"))


def case_every_route(folder):
    """No route but the public ones answers without its credential, and no credential opens what it is not for."""
    wrong = {"nothing": {}, "a wrong token": {"Authorization": "Bearer " + "x" * 40}, "the hook secret": {"Authorization": f"Bearer {SECRET}"},
             "a made-up cookie": {"Cookie": "silt=1; silt_session=1; session=1"}}
    asked = 0
    with serve(folder) as running:
        for method, route, access in ROUTES:
            for what, headers in wrong.items():
                if access == "PUBLIC" or (access == "HOOK" and what == "the hook secret"):
                    continue
                answer = running.ask(method, path_of(route), b"{}" if method == "POST" else None,
                                     {**headers, "Content-Type": "application/json"})
                asked += 1
                expected = {"TOKEN": 401, "HOOK": 401, "SESSION": 303}[access]
                assert answer.status == expected, f"{method} {route} with {what}: {answer}"
                assert access != "SESSION" or answer.headers["Location"] == "/login", answer.headers
            if access == "TOKEN":
                body = b"{}" if method in ("POST", "PUT", "PATCH") else None
                answer = running.ask(method, path_of(route), body, {**KNOWN, "Content-Type": "application/json"})
                assert answer.status not in (401, 403), f"{method} {route} with the token: {answer}"
            if access == "HOOK":
                answer = running.ask(method, path_of(route), b"{}", {**KNOWN, "Content-Type": "application/json"})
                assert answer.status == 401, f"the API token opens a hook: {answer}"
    print(f"      {len(ROUTES)} routes, {asked} refusals")


def case_headers(folder):
    """Every answer forbids what is not needed, whatever it is."""
    with serve(folder) as running:
        for path in ("/healthz", "/nothing", "/login", "/metrics", "/api/v1/findings"):
            headers = running.get(path).headers
            for name, value in (("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"), ("Referrer-Policy", "no-referrer")):
                assert headers[name] == value, f"{path}: {name}: {headers[name]}"
            assert "default-src 'none'" in headers["Content-Security-Policy"], f"{path}: {headers['Content-Security-Policy']}"
            assert "unsafe" not in headers["Content-Security-Policy"]
            assert headers["Cache-Control"] is not None
            assert len(headers.get_all("Content-Security-Policy")) == 1, "two policies"


def case_hook_secrets(folder):
    """Each way to carry the secret, and near misses."""
    body = json.dumps(event(HOST, "a/b", "sha256:" + "1" * 64)).encode()
    plain = {"Content-Type": "application/json"}
    signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    package = b'{"zen": "x"}'
    signed = "sha256=" + hmac.new(SECRET.encode(), package, hashlib.sha256).hexdigest()
    rows = [
        ("/hooks/distribution", body, {"Authorization": f"Bearer {SECRET}"}, 202),
        (f"/hooks/distribution/{SECRET}", body, {}, 202),
        ("/hooks/distribution", body, {"Authorization": rig.basic("x", SECRET)}, 202),
        ("/hooks/distribution", body, {"X-Silt-Secret": SECRET}, 202),
        ("/hooks/github", package, {"X-Hub-Signature-256": signed, "X-GitHub-Event": "ping"}, 200),
        ("/hooks/github", package + b" ", {"X-Hub-Signature-256": signed, "X-GitHub-Event": "ping"}, 401),
        ("/hooks/github", package, {"X-Hub-Signature-256": signature, "X-GitHub-Event": "ping"}, 401),
        ("/hooks/github", package, {"X-Hub-Signature-256": "sha256=", "X-GitHub-Event": "ping"}, 401),
        ("/hooks/distribution", body, {"Authorization": f"Bearer {SECRET[:-1]}"}, 401),
        ("/hooks/distribution", body, {"Authorization": f"Bearer {SECRET}x"}, 401),
        ("/hooks/distribution", body, {"Authorization": "Bearer "}, 401),
        (f"/hooks/distribution/{SECRET[:-1]}", body, {}, 401),
        (f"/hooks/distribution?secret={SECRET}", body, {}, 401),
        ("/hooks/nobody", body, {"Authorization": f"Bearer {SECRET}"}, 404),
    ]
    with serve(folder) as running:
        for path, data, headers, status in rows:
            answer = running.ask("POST", path, data, {**plain, **headers})
            assert answer.status == status, f"{path} {headers}: {answer}"
            assert SECRET.encode() not in answer.body
        said = running.said()
        assert SECRET not in said and TOKEN not in said, "the log holds a secret"


def case_own_secrets(folder):
    """A secret opens the dialects that it was configured for, and no other."""
    harbor, zot = "harbor-secret-0123456789", "zot-secret-0123456789012"
    config = {"registries": [{"host": HOST, "sweep": "none"}], "tokens": [TOKEN],
              "hooks": [{"dialect": "harbor", "secret": harbor}, {"dialect": "zot", "secret": zot}]}
    with Service(folder, "--workers=0", config=config, environment={"SILT_HOOK_SECRET": "", "SILT_TOKEN": ""}) as running:
        assert running.hook("harbor", b"{}", secret=harbor).status in (200, 400)
        assert running.hook("harbor", b"{}", secret=zot).status == 401
        assert running.hook("zot", b"{}", secret=harbor).status == 401
        assert running.hook("generic", b"{}", secret=harbor).status == 401


def case_bodies(folder):
    """Too large, no JSON, of another type, of another dialect: a plain reason each, and the service goes on."""
    with serve(folder, "--max-body=64K") as running:
        rows = [(b"{", {}, 400), (b"[]", {}, 400), (b"", {}, 400), (b"\xff\xfe", {}, 400), (b"{}" * 40000, {}, 413),
                (b"[" * 60000, {}, 400), (b"{}", {"Content-Type": "text/html"}, 415), (b'{"events": 7}', {}, 400),
                (b'{"events": []}', {}, 200)]
        for body, headers, status in rows:
            answer = running.hook("distribution", body, **headers)
            assert answer.status in ((status,) if body[:1] != b"[" else (400, 413)), f"{body[:20]!r}: {answer}"
            assert len(answer.body) < 400, answer
        assert raw(running, b"POST /hooks/distribution HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n").startswith(b"HTTP/1.1 413")
        chunks = b"POST /hooks/distribution HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + b"8000\r\n" + b" " * 0x8000 + b"\r\n"
        assert b" 413 " in raw(running, chunks + (b"8000\r\n" + b" " * 0x8000 + b"\r\n") * 4 + b"0\r\n\r\n")
        assert running.ask("GET", "/healthz").status == 200


def raw(running, data, seconds=10):
    with socket.create_connection(("127.0.0.1", running.port), timeout=seconds) as link:
        link.sendall(data)
        answer = b""
        try:
            while b"\r\n\r\n" not in answer and (part := link.recv(65536)):
                answer += part
        except (TimeoutError, ConnectionError):
            pass
        return answer


def case_broken_http(folder):
    """What is no HTTP, headers without end, and many silent connections: others are still answered."""
    with serve(folder, "--max-connections=64") as running:
        for data in (b"\r\n\r\n\r\n", b"GET\r\n\r\n", b"\x16\x03\x01\x02\x00\x01" * 20 + b"\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
                     b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /%00%ff HTTP/1.1\r\nHost: x\r\n\r\n",
                     b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: " + b"y" * 100000 + b"\r\n\r\n",
                     b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 5000 + b"\r\n",
                     b"GET /?" + b"a=b&" * 2000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"):
            answer = raw(running, data, 3)
            assert answer == b"" or re.match(rb"HTTP/1.[01] ([34]\d\d|505) ", answer), f"{data[:40]!r}: {answer[:100]!r}"
        silent = [socket.create_connection(("127.0.0.1", running.port)) for _ in range(30)]
        for link in silent:
            link.sendall(b"POST /hooks/distribution HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n")
        began = time.monotonic()
        assert running.ask("GET", "/healthz").status == 200
        assert time.monotonic() - began < 2
        for link in silent:
            link.close()
        threads = [threading.Thread(target=running.ask, args=("GET", "/healthz")) for _ in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def case_configuration(folder):
    """What is wrong is said at start, with exit code 2."""
    import subprocess
    for words, told in ((["--registry=registry.example", "--listen=nowhere"], "listen"),
                        ([], "no registry is named"),
                        (["--registry=registry"], "Docker Hub"),
                        (["--registry=registry.example", "--tls-cert=/dev/null", "--tls-key=/dev/null"], "certificate"),
                        (["--registry=registry.example", "extra"], "extra")):
        done = subprocess.run([rig.SILT, "serve", f"--state-dir={folder}/s", *words], capture_output=True, text=True, timeout=60)
        assert done.returncode == 2 and told in done.stderr, f"{words}: {done.returncode} {done.stderr}"
    with serve(folder) as running:
        other = subprocess.run([rig.SILT, "serve", f"--state-dir={running.state}", "--registry=a.example", "--listen=127.0.0.1:0"],
                               capture_output=True, text=True, timeout=60)
        assert other.returncode == 2 and "in use" in other.stderr, other.stderr
    done = subprocess.run([rig.SILT, "serve", "--check", f"--state-dir={folder}/s", "--registry=a.example"], capture_output=True, text=True)
    assert done.returncode == 0 and "good" in done.stdout, done


if __name__ == "__main__":
    rig.run({name[5:]: case for name, case in list(globals().items()) if name.startswith("case_")})
