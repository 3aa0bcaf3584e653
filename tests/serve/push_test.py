#!/usr/bin/env python3
"""From a push to its findings: docker-registry notifies, silt pulls and scans, the API tells."""
import http.client
import pathlib
import ssl
import subprocess
import time

import service
from service import Pusher, Service, TOKEN, event, layer, notifying_registry, rig, token, wait_until

def serve_for(folder, host, **more):
    return Service(folder, f"--registry={host}", f"--plain-http={host}", **more)


def redacted(number):
    """A made-up token as reports show it."""
    return f"{token(number)[:4]}****…{token(number)[-4:]}"


def findings_of(running, count, seconds=60):
    return wait_until(lambda: (rows := running.findings()) and len(rows) >= count and rows, seconds, f"{count} findings")


def case_a_push_is_found(folder):
    """skopeo pushes, and nobody but the registry tells silt."""
    rig.need("skopeo", "docker-registry")
    port = rig.free_port()
    secret = token("pushed")
    with notifying_registry(folder, port) as host:
        with serve_for(folder, host, port=port) as running:
            image = service.layout_with(folder, {"app/.env": f"TOKEN={secret}\n"})
            began = time.monotonic()
            rig.push(folder, image, host, "team/app:1")
            rows = findings_of(running, 1)
            print(f"      found {time.monotonic() - began:.2f} s after the push began")
            assert {row["signature"] for row in rows} == {"gitlab.pat"}, rows
            assert secret not in str(rows), "the API tells a secret"
            everything = b"".join(path.read_bytes() for path in pathlib.Path(running.state).rglob("*") if path.is_file())
            assert secret.encode() not in everything, "the state directory holds a secret"
            # Again, under another tag: one image, one finding.
            rig.push(folder, image, host, "team/app:2")
            running.idle()
            assert len(running.findings()) == 1, running.findings()
            assert len(running.images()) == 1, running.images()


def case_out_of_order(folder):
    """The same notification twice, an older one behind a newer one, events that need nothing: a job a digest."""
    with rig.registry(folder) as host:
        pusher = Pusher(host)
        old = pusher.image("team/app", "1", [layer({"a": token(1)})])
        new = pusher.image("team/app", "1", [layer({"a": token(2)})])
        with serve_for(folder, host) as running:
            first = event(host, "team/app", new, "1", "e2", when="2026-01-01T00:00:02Z")
            for body in (first, first, event(host, "team/app", old, "1", "e1", when="2026-01-01T00:00:01Z"), first):
                assert running.hook("distribution", body).status in (200, 202)
            for body in (event(host, "team/app", old, action="pull"), event(host, "team/app", old, action="delete"),
                         event(host, "team/app", old, media_type="application/octet-stream")):
                answer = running.hook("distribution", body)
                assert answer.status == 200, answer
            running.idle()
            assert len(running.images()) == 2, running.images()
            assert [row["redacted"] for row in running.findings()] == [redacted(2)], "the older push's finding is not fixed"
            assert running.metrics()['silt_scans_total{result="done"}'] == 2


def case_a_tag_alone(folder):
    """A dialect without digests: the tag is resolved at once."""
    with rig.registry(folder) as host:
        name = Pusher(host).image("team/app", "1", [layer({"a": token(1)})])
        with serve_for(folder, host) as running:
            answer = running.hook("generic", {"image": f"{host}/team/app:1"})
            assert answer.status == 202, answer
            findings_of(running, 1)
            assert {row["digest"] for row in running.images()} == {name}
            answer = running.hook("generic", {"image": f"{host}/team/app:nothing"})
            assert answer.status == 200, f"what is not there needs nothing: {answer}"


def case_only_named_registries(folder):
    """A payload cannot lead silt anywhere else."""
    with rig.registry(folder) as host, rig.Server(lambda handler: handler.answer(404)) as other:
        with serve_for(folder, host) as running:
            for body in (event(other.host, "team/app", "sha256:" + "0" * 64),):
                answer = running.hook("distribution", body)
                assert answer.status == 200, answer
            answer = running.hook("generic", {"image": f"{other.host}/team/app:1"})
            assert answer.status == 200, answer
            answer = running.ask("POST", "/api/v1/scans", f'{{"image": "{other.host}/team/app:1"}}'.encode(),
                                 {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"})
            assert 400 <= answer.status < 500, answer
            time.sleep(1)
            assert other.seen == [], other.seen
            assert running.jobs() == []


def case_sweep(folder):
    """What nobody told is found in the catalogue."""
    with rig.registry(folder) as host:
        pusher = Pusher(host)
        for i in range(3):
            pusher.image(f"team/app{i}", "1", [layer({"a": token(i)})])
        with serve_for(folder, host) as running:
            findings_of(running, 3)
            assert running.metrics()["silt_swept_images_total"] == 3


def case_platforms_and_login(folder):
    """An index of two platforms behind htpasswd; each platform's image is scanned, shared layers once."""
    rig.need("htpasswd")
    line = subprocess.run(["htpasswd", "-Bbn", "silt", "pass word"], capture_output=True, check=True).stdout
    pathlib.Path(f"{folder}/htp").write_bytes(line)
    login = {"Authorization": rig.basic("silt", "pass word")}
    with rig.registry(folder, auth={"htpasswd": {"realm": "r", "path": f"{folder}/htp"}}) as host:
        pusher = Pusher(host, login)
        shared = layer({"shared": token("shared")})
        name = pusher.index("team/app", "1", [pusher.image("team/app", None, [shared, layer({"own": token(arch)})], arch=arch)
                                              for arch in ("amd64", "arm64")])
        config = {"registries": [{"host": host, "plain-http": True, "username": "silt", "password": "pass word", "sweep": "none"}]}
        with Service(folder, config=config) as running:
            assert running.hook("distribution", event(host, "team/app", name, "1", media_type=service.INDEX)).status == 202
            findings_of(running, 3)
            running.idle()
            assert {row["redacted"] for row in running.findings()} == {redacted(x) for x in ("shared", "amd64", "arm64")}


def case_tls(folder):
    """The service itself over TLS, and a client that trusts its authority."""
    authority = rig.make_authority(folder)
    certificate, key = rig.make_certificate(folder, "silt")
    running = Service(folder, "--registry=registry.example", f"--tls-cert={certificate}", f"--tls-key={key}", "--sweep=none")
    running.start(wait=False)
    try:
        running.wait_port()
        connection = http.client.HTTPSConnection("127.0.0.1", running.port, context=ssl.create_default_context(cafile=authority))
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        assert answer.status == 200 and "max-age" in answer.headers["Strict-Transport-Security"], answer.headers
        assert running.process.poll() is None
    finally:
        assert running.stop() == 0


if __name__ == "__main__":
    rig.run({name[5:]: case for name, case in list(globals().items()) if name.startswith("case_")})
