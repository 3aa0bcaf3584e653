#!/usr/bin/env python3
"""The report goes back to the registry as an artifact that refers to the image: where it is found, what it holds, and that this ends."""
import http.client
import http.server
import json
import pathlib
import subprocess
import threading
import time

import service
from issuer import Issuer
from service import Pusher, Service, event, layer, notifying_registry, rig, token, wait_until

TYPE = "application/vnd.silt.report.v1"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
ACCEPT = {"Accept": f"{MANIFEST}, application/vnd.oci.image.index.v1+json"}


def get(host, path, login=None):
    connection = http.client.HTTPConnection(host, timeout=30)
    connection.request("GET", path, headers={**ACCEPT, **(login or {})})
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return json.loads(data) if answer.status == 200 else None


def serve_for(folder, host, **more):
    registry = {"host": host, "plain-http": True, "sweep": "none", **more.pop("registry", {})}
    return Service(folder, config={"registries": [registry], "announcements": [{"kind": "referrer"}]}, **more)


def stand_in(host, repository, name, login=None):
    """What refers to a digest, by the tag that stands in for the API."""
    return get(host, f"/v2/{repository}/manifests/{name.replace(':', '-')}", login)


def check_report(host, repository, name, descriptor, secret, login=None):
    assert descriptor["artifactType"] == TYPE and descriptor["mediaType"] == MANIFEST, descriptor
    manifest = get(host, f"/v2/{repository}/manifests/{descriptor['digest']}", login)
    assert manifest["artifactType"] == TYPE and manifest["subject"]["digest"] == name, manifest
    assert manifest["config"] == {"mediaType": "application/vnd.oci.empty.v1+json", "digest": service.digest(b"{}"), "size": 2}, manifest
    assert len(json.dumps(get(host, f"/v2/{repository}/manifests/{name}", login))) > 0 and manifest["subject"]["size"] > 100
    report = get(host, f"/v2/{repository}/blobs/{manifest['layers'][0]['digest']}", login)
    assert report["version"] == "2.1.0" and manifest["layers"][0]["mediaType"] == "application/sarif+json", report
    assert secret not in json.dumps(report), "the report tells a secret"
    return report


def settled(running):
    """Waits until nothing is due and no job is left."""
    def is_settled():
        stats = running.api("/api/v1/stats")
        return stats["queue"]["waiting"] == stats["queue"]["running"] == 0 and all(it["due"] == 0 for it in stats["channels"])
    wait_until(is_settled, 60, "everything done")


def case_a_registry_without_the_api(folder):
    """docker-registry, which tells silt of what silt itself pushes: that must end."""
    port = rig.free_port()
    with notifying_registry(folder, port) as host, serve_for(folder, host, port=port) as running:
        pusher = Pusher(host)
        name = pusher.image("team/app", "1", [layer({"a": token(1)})])
        index = wait_until(lambda: stand_in(host, "team/app", name), 60, "the stand-in")
        assert len(index["manifests"]) == 1, index
        report = check_report(host, "team/app", name, index["manifests"][0], token(1))
        assert len(report["runs"][0]["results"]) == 1, report
        clean = pusher.image("team/app", "2", [layer({"a": "nothing"})])
        index = wait_until(lambda: stand_in(host, "team/app", clean), 60, "the stand-in of a clean image")
        assert check_report(host, "team/app", clean, index["manifests"][0], token(1))["runs"][0]["results"] == []
        for _ in range(3):
            time.sleep(2)
            settled(running)
        tags = get(host, "/v2/team/app/tags/list")["tags"]
        assert sorted(tags) == sorted(["1", "2", name.replace(":", "-"), clean.replace(":", "-")]), f"reports of reports: {tags}"
        jobs = len(running.api("/api/v1/jobs")["items"])
        time.sleep(3)
        assert len(running.api("/api/v1/jobs")["items"]) == jobs <= 6, "pushes lead to pushes"


def case_what_others_attached_stays(folder):
    with rig.registry(folder) as host, serve_for(folder, host) as running:
        pusher = Pusher(host)
        name = pusher.image("team/app", "1", [layer({"a": token(1)})])
        other = pusher.image("team/app", "other", [layer({"signature": "of somebody"})])
        theirs = {"mediaType": MANIFEST, "digest": other, "size": 1, "artifactType": "application/vnd.example", "annotations": {"é\"": "<\\>"}}
        pusher.ask("PUT", f"/v2/team/app/manifests/{name.replace(':', '-')}",
                   json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [theirs]}).encode(),
                   {"Content-Type": "application/vnd.oci.image.index.v1+json"})
        for signature in (1, 2):
            assert running.hook("distribution", event(host, "team/app", name, "1")).status in (200, 202)
            settled(running)
            index = wait_until(lambda: (it := stand_in(host, "team/app", name)) and len(it["manifests"]) == 2 and it, 30, "both")
            assert index["manifests"][0] == theirs and index["manifests"][1]["artifactType"] == TYPE, index


class Modern(http.server.ThreadingHTTPServer):
    """A registry in front of another: it says that it lists what refers, as registries with the referrers API do."""
    daemon_threads = True

    def __init__(self, host, location=None, code=None):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                connection = http.client.HTTPConnection(host, timeout=30)
                headers = {name: value for name, value in self.headers.items() if name.lower() != "content-length"}
                connection.request(self.command, self.path, body, headers)
                answer = connection.getresponse()
                data = answer.read()
                self.server.seen.append((self.command, self.path, answer.status))
                self.send_response(code if code and self.command in ("POST", "PUT") else answer.status)
                for name, value in answer.getheaders():
                    if name == "Location" and location is not None:
                        value = location
                    if name.lower() not in ("content-length", "date"):
                        self.send_header(name, value)
                if self.command == "PUT" and "/manifests/" in self.path:
                    self.send_header("OCI-Subject", json.loads(body)["subject"]["digest"])
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
                connection.close()

            do_PUT = do_POST = do_HEAD = do_GET

            def log_message(self, *_):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.host, self.seen = f"127.0.0.1:{self.server_address[1]}", []
        threading.Thread(target=self.serve_forever, daemon=True).start()


def case_a_registry_with_the_api(folder):
    """Then there is no stand-in to keep up."""
    with rig.registry(folder) as host:
        front = Modern(host)
        with serve_for(folder, front.host) as running:
            name = Pusher(host).image("team/app", "1", [layer({"a": token(1)})])
            assert running.hook("generic", {"image": f"{front.host}/team/app:1"}).status == 202
            settled(running)
            puts = [path for method, path, status in front.seen if method == "PUT" and "/manifests/" in path and status == 201]
            assert len(puts) == 1 and stand_in(host, "team/app", name) is None, puts
            check_report(host, "team/app", name, {"artifactType": TYPE, "mediaType": MANIFEST, "digest": puts[0].rpartition("/")[2]}, token(1))


def case_an_upload_does_not_go_elsewhere(folder):
    """A registry cannot have silt send reports, and its login, to another address."""
    with rig.registry(folder) as host, rig.Server(lambda handler: handler.answer(201)) as other:
        for code, location in ((None, f"{other.url}/steal"), (307, f"{other.url}/steal"), (307, "/steal")):
            front = Modern(host, location, code)
            with serve_for(folder, front.host, name=f"state-{front.host}") as running:
                Pusher(host).image("team/app", "1", [layer({"a": token(1)})])
                running.hook("generic", {"image": f"{front.host}/team/app:1"})
                wait_until(lambda: any(it["reason"] for it in running.api("/api/v1/stats")["channels"]), 60, "the refusal")
                assert other.seen == [] and (code is None or not any(path == "/steal" for _, path, _ in front.seen)), front.seen


def case_behind_a_login(folder):
    rig.need("htpasswd")
    line = subprocess.run(["htpasswd", "-Bbn", "silt", "pass word"], capture_output=True, check=True).stdout
    pathlib.Path(f"{folder}/htp").write_bytes(line)
    login = {"Authorization": rig.basic("silt", "pass word")}
    with rig.registry(folder, auth={"htpasswd": {"realm": "r", "path": f"{folder}/htp"}}) as host:
        name = Pusher(host, login).image("team/app", "1", [layer({"a": token(1)})])
        with serve_for(folder, host, registry={"username": "silt", "password": "pass word"}) as running:
            assert running.hook("distribution", event(host, "team/app", name, "1")).status == 202
            settled(running)
            check_report(host, "team/app", name, stand_in(host, "team/app", name, login)["manifests"][0], token(1), login)


def case_behind_a_token_server(folder):
    """As Docker Hub, GHCR and Harbor have it: reading takes one token, writing another, which is asked for then."""
    rig.make_authority(folder)
    certificate, key = rig.make_certificate(folder, "server")
    issuer = Issuer(certificate, key, user="silt", password="pass")
    with rig.Server(issuer, (certificate, key)) as server:
        section = {"token": {"realm": f"{server.url}/token", "service": "silt-reg", "issuer": "silt-test", "rootcertbundle": f"{folder}/ca.crt"}}
        with rig.registry(folder, auth=section, tls={"certificate": certificate, "key": key}) as host:
            image = service.layout_with(folder, {"app/.env": f"TOKEN={token(1)}\n"})
            rig.push(folder, image, host, "team/app:1", "--dest-creds", "silt:pass")
            registry = {"plain-http": False, "ca": f"{folder}/ca.crt", "username": "silt", "password": "pass"}
            with serve_for(folder, host, registry=registry) as running:
                issuer.given.clear()
                assert running.hook("generic", {"image": f"{host}/team/app:1"}).status == 202
                settled(running)
                tags = pathlib.Path(f"{folder}/registry-data/docker/registry/v2/repositories/team/app/_manifests/tags")
                assert any(path.name.startswith("sha256-") for path in tags.iterdir()), (running.said(), issuer.given)
                asked = {scope for user, scopes in issuer.given for scope in scopes if user == "silt"}
                assert "repository:team/app:pull" in asked, asked
                assert any(sorted(scope.rpartition(":")[2].split(",")) == ["pull", "push"] for scope in asked), asked


if __name__ == "__main__":
    rig.run({name[5:]: case for name, case in list(globals().items()) if name.startswith("case_")})
