#!/usr/bin/env python3
"""Registries that truncate, stall, lie, send elsewhere and never end: what is said then, and that it ends.

One image of three layers, a token in each. Whatever happens to the middle one, the other two are found.
usage: toxic_test.py [CASE ...]
"""
import gzip
import json
import os
import signal
import subprocess
import time

import rig
import toxic
from rig import SILT, Scan
from toxic import OCI_INDEX, OCI_MANIFEST, Toxic, make_image, on, range_start, send_blob, some_times

TOKENS = ["glpat-" + tail for tail in ("Xk4mVq8rTz2LbNw7YcHd", "Hc7pWn3kYr9DfVt5JbQx", "Pq3zRt8vLm6KxWc2NbYd")]
FILL = 3 * 1024 * 1024  # so that a layer is many packets
RECIPE = "image x/y:1\ncompression none\n" + "".join(
    f"copy {n} /\nfile {n}.conf\n  | token {TOKENS[n]}\n" + (f"fill fill.bin {FILL}\n" if n == 1 else "") for n in range(3))
ALL = {"0.conf", "1.conf", "2.conf"}
PASSWORD = "Kq7vTz2LbNw7YcHdX"
LOGIN = ("--username", "user", "--password-stdin")


class Bad(Toxic):
    """The image, and how to scan it."""

    def __init__(self, text=RECIPE, **more):
        super().__init__(**more)
        self.manifest = self.add(text)
        self.layers = [layer["digest"] for layer in self.manifest["layers"]]
        self.middle = self.layers[1]
        self.trust = ("--plain-http", self.host)

    def scan(self, *words, target=None, **more):
        return Scan(*self.trust, *words, target or f"docker://{self.host}/x/y:1", **more)


def expect_others(scan, *texts):
    """The middle layer is lost and said to be; the others are not."""
    scan.expect(1, *texts)
    assert scan.paths == ALL - {"1.conf"}, scan.rows
    assert not scan.targets[0]["complete"]
    return scan


def expect_whole(scan):
    scan.expect(1)
    assert scan.paths == ALL, scan.rows
    assert scan.targets[0]["complete"], scan.said
    return scan


# Connections

def case_broken_connections(folder):
    """Each connection breaks after 700 KB: the rest is asked for, and all is found."""
    with Bad() as server:
        data = server.blobs[server.middle]
        server.hooks = [on(server.middle, lambda handler: send_blob(handler, data, most=700_000))]
        expect_whole(server.scan("--jobs", "3"))
        ranges = [headers.get("Range") for headers in server.headers_of(server.middle)]
        assert ranges[0] is None and all(ranges[1:]) and len(ranges) >= 5, ranges


def case_broken_without_ranges(folder):
    """A server that knows no ranges sends all again: what was seen is passed over."""
    with Bad() as server:
        data = server.blobs[server.middle]
        server.hooks = [some_times(2, on(server.middle, lambda handler: send_blob(handler, data, False, 1_000_000))),
                        on(server.middle, lambda handler: send_blob(handler, data, False))]
        expect_whole(server.scan())


def case_truncated_for_ever(folder):
    """Never a byte behind the first MB."""
    with Bad() as server:
        data = server.blobs[server.middle]
        server.hooks = [on(server.middle, lambda handler: send_blob(handler, data, most=max(0, 1_000_000 - range_start(handler))))]
        scan = server.scan().expect(1, server.middle)
        assert scan.paths >= ALL - {"1.conf"} and not scan.targets[0]["complete"], scan.said
        assert len(server.headers_of(server.middle)) < 12, len(server.headers_of(server.middle))


def case_other_part(folder):
    """The part that comes is not the one asked for."""
    with Bad() as server:
        data = server.blobs[server.middle]

        def wrong(handler):
            start = range_start(handler)
            if not start:
                return send_blob(handler, data, most=500_000)
            handler.answer(206, data[start - 5:], "application/octet-stream",
                           Content_Range=f"bytes {start - 5}-{len(data) - 1}/{len(data)}")
        server.hooks = [on(server.middle, wrong)]
        server.scan().expect(1, "another part than was asked for")


def stalled(server, after=100_000):
    """Sends a little, then nothing."""
    def stall(handler):
        data = server.blobs[server.middle]
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data[:after])
        handler.wfile.flush()
        time.sleep(60)
    return on(server.middle, stall)


def case_stall(folder):
    """A connection that stalls is given up; the others go on."""
    with Bad() as server:
        server.hooks = [some_times(1, stalled(server))]
        began = time.monotonic()
        expect_whole(server.scan("--stall-timeout", "1s"))
        assert time.monotonic() - began < 20
        server.hooks = [stalled(server)]
        server.scan("--stall-timeout", "400ms").expect(1, server.middle, "bytes in")


def case_drip(folder):
    """A byte now and then is a stall too."""
    with Bad() as server:
        def drip(handler):
            data = server.blobs[server.middle][range_start(handler):]
            handler.send_response(200 if not range_start(handler) else 206)
            handler.send_header("Content-Length", str(len(data)))
            handler.send_header("Content-Range", f"bytes {range_start(handler)}-9/9")
            handler.end_headers()
            for byte in data:
                handler.wfile.write(bytes([byte]))
                handler.wfile.flush()
                time.sleep(0.05)
        server.hooks = [on(server.middle, drip)]
        began = time.monotonic()
        server.scan("--stall-timeout", "1s").expect(1, server.middle)
        assert time.monotonic() - began < 40


def interrupted(server, hook, *words):
    """Seconds from Ctrl-C to the end of a scan that hangs on the network, and its exit code."""
    server.hooks = [hook]
    process = subprocess.Popen([SILT, "scan", "--no-cache", *server.trust, *words, f"docker://{server.host}/x/y:1"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    for _ in range(400):
        if server.headers_of(server.middle) or (words and server.seen):
            break
        time.sleep(0.05)
    time.sleep(0.5)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    return process.wait(30), time.monotonic() - began


def case_interrupt(folder):
    """Ctrl-C ends a scan within a second, whatever it waits for; so does --timeout."""
    with Bad() as server:
        code, seconds = interrupted(server, stalled(server))
        assert seconds < 1.5 and code in (1, 3), (code, seconds)
    with Bad() as server:
        code, seconds = interrupted(server, on("manifests", lambda handler: time.sleep(60)), "--jobs", "2")
        assert seconds < 1.5 and code == 3, (code, seconds)
    with Bad() as server:
        code, seconds = interrupted(server, on("manifests", lambda handler: handler.answer(429, Retry_After="50")), "--jobs", "2")
        assert seconds < 1.5 and code == 3, (code, seconds)
    with Bad() as server:
        server.hooks = [stalled(server)]
        began = time.monotonic()
        expect_timeout = server.scan("--timeout", "2s")
        assert time.monotonic() - began < 8, time.monotonic() - began
        assert expect_timeout.code in (1, 3) and "timeout" in expect_timeout.said, expect_timeout.said


# Lies

def case_lengths(folder):
    """Longer or shorter than the manifest says, in the head or in the body."""
    with Bad() as server:
        data = server.blobs[server.middle]
        server.hooks = [on(server.middle, lambda handler: send_blob(handler, data + b"more"))]
        expect_others(server.scan(), f"offers {len(data) + 4} bytes, the manifest says {len(data)}")
        server.hooks = [on(server.middle, lambda handler: send_blob(handler, data[:-4]))]
        expect_others(server.scan(), f"offers {len(data) - 4} bytes")

        def endless(handler):
            handler.send_response(200)
            handler.send_header("Transfer-Encoding", "chunked")
            handler.end_headers()
            while True:
                handler.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        server.hooks = [on(server.middle, endless)]
        scan = server.scan().expect(1, "sends more than the")
        assert scan.paths == ALL, scan.rows


def case_digests(folder):
    """Other bytes of the right length: what is in them is found, and they are said to be other bytes."""
    with Bad() as server:
        other = server.blobs[server.layers[0]]
        size = len(server.blobs[server.middle])
        fake = other + b"\0" * (size - len(other))
        server.hooks = [on(server.middle, lambda handler: send_blob(handler, fake))]
        scan = server.scan().expect(1, server.middle, "was promised")
        assert scan.paths >= ALL - {"1.conf"} and not scan.targets[0]["complete"]


def case_manifest_digests(folder):
    """A manifest that is not the one asked for, by digest or by the registry's own word."""
    with Bad() as server:
        digest = next(name for _, name in server.manifests if name.startswith("sha256:"))
        kind, data = server.manifests["x/y", digest]
        target = f"docker://{server.host}/x/y@{digest}"
        server.hooks = [on(digest, lambda handler: handler.answer(200, data + b" ", kind))]
        server.scan(target=target).expect(3, "sends other bytes", digest)
        server.hooks = [on("manifests/1", lambda handler: handler.answer(200, data, kind, Docker_Content_Digest="sha256:" + "0" * 64))]
        server.scan().expect(3, "and calls it sha256:000")
        server.hooks = []
        server.scan(target=target).expect(1)


def case_media_types(folder):
    """What a manifest is must be clear."""
    with Bad() as server:
        kind, data = server.manifests["x/y", "1"]
        both = json.dumps({**json.loads(data), "manifests": []}).encode()
        schema_1 = b'{"schemaVersion": 1, "fsLayers": []}'
        for media_type, body, text in (
                ("text/html", b"<html>hello", "not JSON"),
                ("text/html", data, "'text/html' where a manifest is expected"),
                (OCI_INDEX, data, "and says that it is"),
                (OCI_MANIFEST, both, "is not what its media type"),
                (OCI_MANIFEST, b'{"mediaType": "%s", "manifests": []}' % OCI_INDEX.encode(), "says that it is"),
                (OCI_MANIFEST, b"[]", "is not what its media type"),
                (OCI_MANIFEST, b"", "JSON"),
                (OCI_MANIFEST, b"[" * 100_000, "larger, or nests deeper"),
                (OCI_MANIFEST, b"\0" * (9 << 20), "larger, or nests deeper"),
                ("application/vnd.docker.distribution.manifest.v1+prettyjws", schema_1, "schema 1")):
            server.hooks = [on("manifests/1", lambda handler: handler.answer(200, body, media_type))]
            server.scan().expect(3, text)
        server.hooks = []
        manifest = server.put_manifest(data, kind)
        index = {"schemaVersion": 2, "manifests": [{"mediaType": OCI_INDEX, "digest": manifest, "size": len(data)}]}
        server.put_manifest(json.dumps(index).encode(), OCI_INDEX, tag="lying")
        server.scan(target=f"docker://{server.host}/x/y:lying").expect(3, "its index promised")


def case_encodings(folder):
    """What comes compressed on the way is not decompressed, and a bomb stays small."""
    bomb = gzip.compress(b"\0" * (300 << 20), 9)
    with Bad() as server:
        kind, data = server.manifests["x/y", "1"]
        server.hooks = [on("manifests", lambda handler: handler.answer(200, bomb, kind, Content_Encoding="gzip"))]
        server.scan().expect(3, "encoded (gzip)")

        def by_transfer(handler):
            handler.send_response(200)
            handler.send_header("Transfer-Encoding", "gzip, chunked")
            handler.end_headers()
            handler.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(bomb), bomb))
        server.hooks = [on("manifests", by_transfer)]
        server.scan().expect(3, "transfer encoding")
        server.hooks = [on(server.middle, lambda handler: handler.answer(
            200, server.blobs[server.middle], "application/octet-stream", Content_Encoding="gzip"))]
        expect_whole(server.scan())  # said by stores that guess from the bytes


def case_headers(folder):
    """Headers without end, and interim answers without end."""
    with Bad() as server:
        def huge(handler):
            handler.send_response(200)
            for number in range(200):
                handler.send_header(f"X-{number}", "x" * 1000)
            handler.end_headers()

        def interim(handler):
            while True:
                handler.wfile.write(b"HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n")
        server.hooks = [on("manifests", huge)]
        server.scan().expect(3, "larger than 64 KiB")
        server.hooks = [on("manifests", interim)]
        server.scan().expect(3, "larger than 64 KiB")
        server.hooks = [on("manifests", lambda handler: handler.wfile.write(b"nonsense\r\n\r\n") and setattr(handler, "close_connection", True))]
        server.scan().expect(3, server.host)


# Trying again

def case_try_again(folder):
    """500 and 429 pass; those that do not are given up, and an hour is not waited for."""
    with Bad() as server:
        server.hooks = [some_times(2, on(server.middle, lambda handler: handler.answer(503))),
                        some_times(1, on("manifests", lambda handler: handler.answer(429, Retry_After="1")))]
        began = time.monotonic()
        expect_whole(server.scan())
        assert time.monotonic() - began > 2
        server.hooks = [on(server.middle, lambda handler: handler.answer(500, b'{"errors": [{"code": "UNKNOWN"}]}'))]
        expect_others(server.scan(), "tried 5 times", "code 500 (UNKNOWN)", server.middle)
        server.hooks = [on("manifests", lambda handler: handler.answer(429, Retry_After="3600"))]
        server.seen.clear()
        server.scan().expect(3, "limit of requests", "come back in 3600 s")
        assert len(server.seen) == 1, server.seen
        server.hooks = [on(server.middle, lambda handler: handler.answer(404))]
        expect_others(server.scan(), "not there", "missing")


# Elsewhere

def case_redirections(folder):
    """A blob that is kept elsewhere comes without the login; and what is refused."""
    rig.make_authority(folder)
    certificate = rig.make_certificate(folder, "server")
    with Bad(certificate=certificate) as server, Toxic(certificate=certificate) as store, Toxic() as plain:
        server.trust = ("--ca", f"{folder}/ca.crt")
        store.blobs, plain.blobs = server.blobs, server.blobs
        authorized = rig.basic("user", PASSWORD)

        def guard(handler):
            if handler.headers.get("Authorization") != authorized:
                handler.answer(401, WWW_Authenticate='Basic realm="x"')
                return True

        def to(place):
            server.hooks = [guard, on(server.middle, lambda handler: handler.answer(307, Location=place))]
            return server.scan(*LOGIN, stdin=PASSWORD.encode())

        expect_whole(to(f"{store.url}/v2/x/y/blobs/{server.middle}"))
        assert len(store.seen) == 1 and "Authorization" not in store.seen[0][2], store.seen
        assert PASSWORD not in str(store.seen)
        expect_others(to(f"{plain.url}/v2/x/y/blobs/{server.middle}"), "without TLS", "redirected by")
        assert not plain.seen
        expect_others(to(f"/v2/x/y/blobs/{server.middle}"), "more than 5 redirections")
        for place in ("file:///etc/passwd", "gopher://127.0.0.1/", "https://user:pass@127.0.0.1/", "https://", "//"):
            expect_others(to(place), "redirection")
        server.hooks = [guard, on(server.middle, lambda handler: handler.answer(307))]
        expect_others(server.scan(*LOGIN, stdin=PASSWORD.encode()), "without an address")
        # there and back again: the login does not come back
        store.hooks = [on("back", lambda handler: handler.answer(302, Location=f"{server.url}/v2/x/y/home"))]
        server.seen.clear()
        server.hooks = [on("home", lambda handler: handler.answer(200)), guard,
                        on(server.middle, lambda handler: handler.answer(307, Location=f"{store.url}/back"))]
        server.scan(*LOGIN, stdin=PASSWORD.encode()).expect(1)
        assert all("Authorization" not in headers for headers in server.headers_of("home")) and server.headers_of("home")
        # a store that asks for a login gets none
        store.hooks = [lambda handler: handler.answer(401, WWW_Authenticate='Basic realm="store"') or True]
        store.seen.clear()
        expect_others(to(f"{store.url}/v2/x/y/blobs/{server.middle}"), "where 127.0.0.1")
        assert all("Authorization" not in headers for _, _, headers in store.seen)


def case_client_certificate_stays(folder):
    """The client certificate is shown to the registry and to nobody else."""
    rig.make_authority(folder)
    certificate = rig.make_certificate(folder, "server")
    shown = rig.make_certificate(folder, "client")
    with Bad(certificate=certificate, authority=f"{folder}/ca.crt") as server, \
            Toxic(certificate=certificate, authority=f"{folder}/ca.crt") as store:
        server.trust = ("--ca", f"{folder}/ca.crt", "--client-cert", shown[0], "--client-key", shown[1])
        expect_whole(server.scan())
        server.hooks = [on(server.middle, lambda handler: handler.answer(307, Location=f"{store.url}/x"))]
        expect_others(server.scan(), "redirected by")
        assert not store.seen, "a store that wants a client certificate was given one"


# Logins

def bearer(server, realm, **more):
    """A hook that wants a token of `realm`."""
    words = ",".join([f'realm="{realm}"', 'service="s"'] + [f'{name}="{value}"' for name, value in more.items()])

    def guard(handler):
        if handler.headers.get("Authorization") != "Bearer good":
            handler.answer(401, WWW_Authenticate=["Negotiate", f"Bearer {words}"])
            return True
    return guard


def token(text):
    return lambda handler: handler.answer(200, json.dumps({"token": text}).encode())


def case_tokens(folder):
    """Token servers that give too much, nothing, or the same for ever; tokens that run out on the way."""
    with Bad() as server, rig.Server(token("good")) as issuer:
        server.trust += ("--plain-http", issuer.host)
        server.hooks = [bearer(server, f"{issuer.url}/t?x=1", scope="repository:x/y:pull repository:a/b:pull")]
        expect_whole(server.scan(*LOGIN, stdin=PASSWORD.encode()))
        query = rig.urllib.parse.parse_qs(rig.urllib.parse.urlparse(issuer.seen[0][1]).query)
        assert query["scope"] == ["repository:x/y:pull", "repository:a/b:pull"] and query["service"] == ["s"], query
        assert len(issuer.seen) == 1 and issuer.seen[0][2]["Authorization"] == rig.basic("user", PASSWORD)
        for body, text in ((b"{}", "holds no token"), (b"nonsense", "not JSON"), (b"x" * (300 << 10), "larger than 256 KiB"),
                           (json.dumps({"token": "a\r\nX-Injected: b"}).encode(), "holds no token"),
                           (json.dumps({"token": "x" * 100_000}).encode(), "holds no token")):
            issuer.serve = lambda handler: handler.answer(200, body)
            server.scan().expect(3, text, "token server")
        issuer.serve = lambda handler: handler.answer(307, Location=f"{issuer.url}/elsewhere")
        server.scan(*LOGIN, stdin=PASSWORD.encode()).expect(3, "code 307")
        issuer.serve, issuer.seen[:] = token("bad"), []
        server.scan().expect(3, "a login is needed")
        assert len(issuer.seen) <= 2, "a token that is refused is asked for again and again"
        expiring(server, issuer)


def expiring(server, issuer):
    """Each token is good for three requests."""
    uses = {}
    numbers = iter(range(1000))
    issuer.serve = lambda handler: token(f"t{next(numbers)}")(handler)

    def guard(handler):
        given = handler.headers.get("Authorization", "")
        uses[given] = uses.get(given, 0) + 1
        if not given.startswith("Bearer t") or uses[given] > 3:
            handler.answer(401, WWW_Authenticate=f'Bearer realm="{issuer.url}/t",service="s"')
            return True
    server.hooks = [guard]
    issuer.seen.clear()
    expect_whole(server.scan("--jobs", "3"))
    assert 2 <= len(issuer.seen) <= 6, len(issuer.seen)


def case_logins_stay(folder):
    """A login goes to no token server that was not named over TLS, and is not repeated in messages."""
    rig.make_authority(folder)
    certificate = rig.make_certificate(folder, "server")
    with Bad() as plain, Bad(certificate=certificate) as secure, rig.Server(token("good")) as plain_issuer, \
            rig.Server(token("good"), certificate=certificate) as secure_issuer:
        ca = ("--ca", f"{folder}/ca.crt")
        secure.trust = ca
        secure.hooks = [bearer(secure, f"{plain_issuer.url}/t")]
        secure.scan(*LOGIN, stdin=PASSWORD.encode()).expect(3, "without TLS", "token server")
        assert not plain_issuer.seen
        # named by an answer without TLS: asked as nobody
        plain.trust += ca
        plain.hooks = [bearer(plain, f"{secure_issuer.url}/t")]
        plain.scan(*LOGIN, stdin=PASSWORD.encode()).expect(1)
        assert secure_issuer.seen and all("Authorization" not in headers for _, _, headers in secure_issuer.seen)
        assert "user" not in secure_issuer.seen[0][1], secure_issuer.seen
        for realm in ("file:///etc/passwd", "https://user:pass@127.0.0.1/", "nonsense", ""):
            secure.hooks = [bearer(secure, realm)]
            secure.scan(*LOGIN, stdin=PASSWORD.encode()).expect(3, "token server")
        secure.hooks = [lambda handler: handler.answer(401, WWW_Authenticate='Digest realm="x"') or True]
        secure.scan(*LOGIN, stdin=PASSWORD.encode()).expect(3, "of a kind that silt does not know")
        said_back(secure)


def said_back(server):
    """A registry that repeats what it was sent."""
    def echo(handler):
        given = handler.headers.get("Authorization", "")
        if not given:
            return handler.answer(401, WWW_Authenticate='Basic realm="x"')
        text = f"you are {given} {PASSWORD}"
        handler.answer(403, json.dumps({"errors": [{"code": "DENIED", "message": text}]}).encode())
    server.hooks = [lambda handler: echo(handler) or True]
    scan = server.scan(*LOGIN, stdin=PASSWORD.encode()).expect(3, "does not allow it")
    everything = scan.output + scan.stderr
    assert PASSWORD not in everything and rig.basic("user", PASSWORD)[6:] not in everything, everything


# Lists

def case_lists(folder):
    """Pages that go on for ever, or elsewhere; names that are none; a broken tag among good ones."""
    with Bad() as server, Toxic() as other:
        link = lambda place: {"Link": f'<{place}>; rel="next"'}
        listing = json.dumps({"tags": ["1"]}).encode()
        target = f"docker://{server.host}/x/y"
        server.hooks = [lambda handler: handler.path == "/v2/x/y/tags/list?n=1000&last=a" and (
            handler.answer(200, json.dumps({"tags": ["2", "bad tag\n", "../..", "x" * 300]}).encode()) or True),
            on("tags/list", lambda handler: handler.answer(200, listing, **link("/v2/x/y/tags/list?n=1000&last=a"))),
            on("manifests/2", lambda handler: handler.answer(200, b"{", OCI_MANIFEST))]
        scan = server.scan("--all-tags", target=target).expect(1, "x/y:2", "unreadable", "../..")
        assert scan.paths == ALL and not scan.targets[0]["complete"], scan.rows
        assert not any(".." in path for _, path, _ in server.seen), server.seen
        for place, text in ((f"{other.url}/v2/x/y/tags/list", "said to be at"), ("/v2/x/y/tags/list?n=1000", "said to be the same"),
                            ("file:///etc/passwd", "address")):
            server.hooks = [on("tags/list", lambda handler: handler.answer(200, listing, **link(place)))]
            server.scan("--all-tags", target=target).expect(3, text, "its tags")
        assert not other.seen
        pages = iter(range(100_000))
        server.hooks = [on("tags/list", lambda handler: handler.answer(
            200, json.dumps({"tags": [f"t{n}" for n in range(30_000)]}).encode(), **link(f"/v2/x/y/tags/list?{next(pages)}")))]
        server.scan("--all-tags", target=target).expect(3, "more than 200000 names")
        server.hooks = [on("tags/list", lambda handler: handler.answer(200, b'{"tags": null}'))]
        server.scan("--all-tags", target=target).expect(3, "has no tags")
        server.hooks = [on("_catalog", lambda handler: handler.answer(200, b'{"repositories": ["x/y", "gone", "A B"]}')),
                        on("gone/tags", lambda handler: handler.answer(404))]
        scan = server.scan("--catalog", target=f"docker://{server.host}").expect(1, "/gone", "A B")
        assert scan.paths == ALL, scan.rows


def case_referrers(folder):
    """The referrers API: pages, attachments of attachments, a circle, and one that is not there."""
    with Bad() as server:
        subject = next(name for _, name in server.manifests if name.startswith("sha256:"))

        def attach(text):
            data = text.encode()
            digest = make_image.digest(data)
            server.blobs[digest] = data
            empty = make_image.digest(b"{}")
            server.blobs[empty] = b"{}"
            return server.put_manifest(make_image.dump(
                {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": {"mediaType": "application/x", "digest": empty, "size": 2},
                 "layers": [{"mediaType": "text/plain", "digest": digest, "size": len(data)}]}), OCI_MANIFEST)

        first, second = attach(f"token {TOKENS[0]}"), attach(f"token {TOKENS[1]}")
        signature = attach(f"token {TOKENS[2]}")
        lists = {subject: [[first], [second, "sha256:" + "0" * 64]], first: [[signature]], signature: [[first, subject]]}

        def serve(handler):
            path, _, page = handler.path.partition("?")
            if "/referrers/" not in path:
                return False
            pages = lists.get(path.rpartition("/")[2], [[]])
            number = int(page or 0)
            manifests = [{"mediaType": OCI_MANIFEST, "digest": one, "size": 1} for one in pages[number]]
            more = {"Link": f'<{path}?{number + 1}>; rel="next"'} if number + 1 < len(pages) else {}
            handler.answer(200, make_image.dump({"schemaVersion": 2, "manifests": manifests}), OCI_INDEX, **more)
            return True
        server.hooks = [serve]
        scan = server.scan("--referrers").expect(1, "0" * 64)
        assert len(scan.targets) == 4, [target["image"] for target in scan.targets]
        found = {finding["redacted"] for target in scan.targets[1:] for finding in target["findings"]}
        assert len(found) == 3, found
        assert server.scan().paths == ALL


def case_same_digest_as_two_things(folder):
    """A manifest that calls another image's layer a manifest, or gives it another size, does not hide it."""
    with Bad() as server:
        liar = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [
            {"mediaType": OCI_MANIFEST, "digest": server.middle, "size": 5, "platform": {"os": "linux", "architecture": "s390x"}}]}
        server.put_manifest(json.dumps(liar).encode(), OCI_INDEX, tag="0")
        scan = server.scan("--all-tags", "--all-platforms", target=f"docker://{server.host}/x/y").expect(1)
        assert ALL <= scan.paths, scan.said


rig.run({name[5:]: function for name, function in globals().items() if name.startswith("case_")})
