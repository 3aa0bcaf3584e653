#!/usr/bin/env python3
"""Registries and daemons as they are: Debian's docker-registry in each of its ways, pushed by skopeo, and podman's service.

Whatever way an image takes, the same is found in it. usage: real_test.py [CASE ...]
"""
import json
import os
import pathlib
import re
import shutil
import stat
import subprocess
import time
import urllib.request

import rig
from issuer import REFRESH, Issuer
from rig import Scan, expect_same

RECIPE = (rig.HERE.parent / "recipes" / "good-timeline.recipe").read_text(encoding="utf-8")
TOKENS = ["glpat-" + tail for tail in ("Xk4mVq8rTz2LbNw7YcHd", "Hc7pWn3kYr9DfVt5JbQx", "Pq3zRt8vLm6KxWc2NbYd")]


def small(name, *tokens):
    """A recipe of one layer a token; the first layer is the same for all."""
    lines = [f"image {name}:1", "copy base /", f"file base.conf", f"  | token {TOKENS[0]}"]
    for number, token in enumerate(tokens):
        lines += [f"copy {name}{number} /", f"file {name}{number}.conf", f"  | token {token}"]
    return "\n".join(lines) + "\n"


def pushed(folder, host, name="timeline", text=RECIPE, repository="team/timeline:1", options=()):
    """Pushes an image made from a recipe; answers what a scan of its layout finds."""
    out, tag = rig.layout(folder, name, text)
    rig.push(folder, f"oci:{out}:{tag}", host, repository, *options)
    return Scan(f"oci:{out}").expect(1).rows


def case_every_source_yields_the_same(folder):
    """One image: layout, archives, registry by tag, by digest and by a plain reference."""
    with rig.registry(folder) as host:
        expected = pushed(folder, host)
        assert len(expected) >= 5, expected
        plain = ("--plain-http", host)
        source = f"docker://{host}/team/timeline:1"
        rig.skopeo(folder, "--src-tls-verify=false", source, f"oci-archive:{folder}/oci.tar:1")
        rig.skopeo(folder, "--src-tls-verify=false", source, f"docker-archive:{folder}/docker.tar:x/timeline:1")
        first = Scan(*plain, source).expect(1)
        image = first.targets[0]["image"]
        assert image["reference"] == f"{host}/team/timeline:1" and image["digest"].startswith("sha256:"), image
        for target in (source, f"{host}/team/timeline:1", f"docker://{host}/team/timeline@{image['digest']}",
                       f"{host}/team/timeline:1@{image['digest']}", f"oci-archive:{folder}/oci.tar", f"docker-archive:{folder}/docker.tar"):
            for jobs in ("1", "4"):
                scan = Scan(*plain, "--jobs", jobs, target).expect(1)
                expect_same(expected, scan.rows, target)
                assert all(row["complete"] for row in scan.targets), scan.said
        Scan(*plain, f"{host}/team/timeline:no").expect(3, "MANIFEST_UNKNOWN", f"{host}/team/timeline:no")
        Scan(*plain, f"{host}/team/timeline@sha256:{'0' * 64}").expect(3, "not there")
        Scan(*plain, f"{host}/team/nothing").expect(3, "team/nothing:latest")


def case_forms(folder):
    """Layers in zstd, and Docker's own media types."""
    with rig.registry(folder) as host:
        expected = pushed(folder, host)
        out = f"oci:{folder}/timeline:1"
        rig.skopeo(folder, "--dest-compress", "--dest-compress-format", "zstd", out, f"oci:{folder}/zstd:1")
        rig.push(folder, f"oci:{folder}/zstd:1", host, "team/zstd:1", "--preserve-digests")
        rig.push(folder, out, host, "team/docker:1", "--format", "v2s2")
        for repository, kind in (("zstd", "tar+zstd"), ("docker", "docker.image.rootfs")):
            scan = Scan("--plain-http", host, f"{host}/team/{repository}:1").expect(1)
            expect_same(expected, scan.rows, repository)
            assert kind in scan.targets[0]["image"]["layers"][0]["media_type"], scan.targets[0]["image"]


def put(host, path, data, kind):
    request = urllib.request.Request(f"http://{host}{path}", data, {"Content-Type": kind}, method="PUT")
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 201, answer.status


def case_platforms(folder):
    """An index of two platforms in one repository."""
    index = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": []}
    with rig.registry(folder) as host:
        for number, arch in enumerate(("amd64", "s390x")):
            text = small(arch, TOKENS[number + 1]).replace("copy base", f"platform linux/{arch}\ncopy base", 1)
            pushed(folder, host, arch, text, f"multi:{arch}")
            entry = json.load(open(f"{folder}/{arch}/index.json"))["manifests"][0]
            index["manifests"].append({"mediaType": entry["mediaType"], "digest": entry["digest"], "size": entry["size"],
                                       "platform": {"os": "linux", "architecture": arch}})
        put(host, "/v2/multi/manifests/all", json.dumps(index).encode(), index["mediaType"])
        one = Scan("--plain-http", host, "--platform", "linux/s390x", f"{host}/multi:all").expect(1)
        assert one.paths == {"base.conf", "s390x0.conf"}, one.rows
        every = Scan("--plain-http", host, "--all-platforms", f"{host}/multi:all").expect(1)
        assert every.paths == {"base.conf", "s390x0.conf", "amd640.conf"}, every.rows
        Scan("--plain-http", host, "--platform", "linux/mips", f"{host}/multi:all").expect(3, "mips", "linux/s390x")


def write_helper(folder, name, script):
    """A credential helper on a path of its own."""
    os.makedirs(f"{folder}/bin", exist_ok=True)
    path = pathlib.Path(f"{folder}/bin/docker-credential-{name}")
    path.write_text("#!/bin/sh\n" + script)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return {"PATH": f"{folder}/bin:{os.environ['PATH']}"}


def write_config(folder, place, content):
    path = pathlib.Path(f"{folder}/{place}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))
    return str(path)


def auth(user="user", password="pass"):
    return {"auth": rig.basic(user, password)[6:]}


def case_htpasswd(folder):
    """Basic, with a login from each of the places where logins are."""
    rig.need("htpasswd")
    passwords = subprocess.run(["htpasswd", "-Bbn", "user", "pass"], capture_output=True, check=True, text=True).stdout
    pathlib.Path(f"{folder}/htpasswd").write_text(passwords)
    with rig.registry(folder, auth={"htpasswd": {"realm": "test", "path": f"{folder}/htpasswd"}}) as host:
        expected = pushed(folder, host, options=("--dest-creds", "user:pass"))
        plain, target = ("--plain-http", host), f"{host}/team/timeline:1"
        Scan(*plain, target).expect(3, "a login is needed", f"docker login {host}", "--password-stdin")
        scan = Scan(*plain, "--username", "user", "--password-stdin", target, stdin=b"pass\n").expect(1)
        expect_same(expected, scan.rows, "--password-stdin")
        Scan(*plain, "--username", "user", "--password-stdin", target, stdin=b"wrong").expect(3, f"{host} refuses this login")
        Scan(*plain, "--username", "user", "--password-stdin", target).expect(2, "holds no password")
        Scan(*plain, "--username", "user", target).expect(2, "belong together")
        Scan(*plain, "-u", "user", "--password-stdin", target, "other.example/a/b", stdin=b"pass").expect(2, "for one registry")
        Scan(*plain, "-u", "user", "--password-stdin", "-", stdin=b"pass").expect(2, "both read standard input")
        logins(folder, plain, host, target, expected)


def logins(folder, plain, host, target, expected):
    """Files and helpers."""
    helper = f'read server; [ "$1 $server" = "get {host}" ] || {{ echo credentials not found; exit 1; }}\n' \
             'echo "{\\"Username\\": \\"user\\", \\"Secret\\": \\"pass\\"}"\n'
    path = write_helper(folder, "good", helper)
    write_helper(folder, "bad", "echo broken; exit 1\n")
    good = {
        "auths": {"auths": {host: auth()}},
        "a key with a scheme": {"auths": {f"https://{host}/v2/": auth()}},
        "the longest namespace": {"auths": {host: auth(password="no"), f"{host}/team": auth(), f"{host}/teamed": auth(password="no")}},
        "credHelpers": {"credHelpers": {host: "good"}, "auths": {host: {}}},
        "credsStore": {"credsStore": "good"},
        "auths behind a helper that has nothing": {"credHelpers": {host: "none"}, "auths": {host: auth()}},
    }
    write_helper(folder, "none", "echo credentials not found in native keychain; exit 1\n")
    for number, (what, content) in enumerate(good.items()):
        write_config(folder, f"docker{number}/config.json", content)
        scan = Scan(*plain, target, environment={**path, "DOCKER_CONFIG": f"{folder}/docker{number}"}).expect(1)
        expect_same(expected, scan.rows, what)
    auth_file = write_config(folder, "auth.json", good["auths"])
    expect_same(expected, Scan(*plain, target, environment={"REGISTRY_AUTH_FILE": auth_file}).rows, "REGISTRY_AUTH_FILE")
    write_config(folder, "run/containers/auth.json", good["auths"])
    expect_same(expected, Scan(*plain, target, environment={"XDG_RUNTIME_DIR": f"{folder}/run"}).rows, "podman's auth.json")
    write_config(folder, "home/.docker/config.json", good["auths"])
    expect_same(expected, Scan(*plain, target, environment={"HOME": f"{folder}/home"}).rows, "~/.docker/config.json")
    for name, text in (("absent", "docker-credential-absent is not installed"), ("bad", "docker-credential-bad failed"),
                       ("../bad", "no proper name")):
        write_config(folder, "broken/config.json", {"credsStore": name})
        Scan(*plain, target, environment={**path, "DOCKER_CONFIG": f"{folder}/broken"}).expect(3, "a login is needed", text)
    pathlib.Path(f"{folder}/broken/config.json").write_text("{")
    Scan(*plain, target, environment={"DOCKER_CONFIG": f"{folder}/broken"}).expect(3, "a login is needed", "config.json")


def case_token(folder):
    """Bearer tokens: as nobody, as a user, by a refresh token; one token a repository."""
    rig.make_authority(folder)
    certificate, key = rig.make_certificate(folder, "issuer")
    issuer = Issuer(certificate, key, public=["open"])
    with rig.Server(issuer) as server:
        section = {"token": {"realm": f"{server.url}/token", "service": "silt-reg", "issuer": "silt-test",
                             "rootcertbundle": f"{folder}/ca.crt"}}
        with rig.registry(folder, auth=section) as host:
            options = ("--dest-creds", "user:pass")
            expected = pushed(folder, host, options=options)
            pushed(folder, host, repository="open:1", options=options)
            plain = ("--plain-http", host, "--plain-http", server.host)
            target = f"{host}/team/timeline:1"
            typed = ("--username", "user", "--password-stdin")
            expect_same(expected, Scan(*plain, f"{host}/open:1").expect(1).rows, "as nobody")
            Scan(*plain, target).expect(3, "a login is needed")
            issuer.given.clear()
            expect_same(expected, Scan(*plain, "--jobs", "4", *typed, target, stdin=b"pass").expect(1).rows, "as a user")
            assert issuer.given == [("user", ["repository:team/timeline:pull"])], issuer.given
            Scan(*plain, *typed, target, stdin=b"wrong").expect(3, "refuses this user name and password", server.url)
            write_config(folder, "docker/config.json", {"auths": {host: {"identitytoken": REFRESH}}})
            scan = Scan(*plain, target, environment={"DOCKER_CONFIG": f"{folder}/docker"}).expect(1)
            expect_same(expected, scan.rows, "by a refresh token")
            # A realm that was not named over TLS, and not by the user, gets no login
            server.seen.clear()
            Scan("--plain-http", host, *typed, target, stdin=b"pass").expect(3, "without TLS", "--plain-http")
            assert not server.seen, server.seen
            write_config(folder, "docker/config.json", {"auths": {host: {"registrytoken": issuer.sign("silt-reg", "user", [
                {"type": "repository", "name": "team/timeline", "actions": ["pull"]}])}}})
            scan = Scan("--plain-http", host, "--plain-http", server.host, target, environment={"DOCKER_CONFIG": f"{folder}/docker"})
            expect_same(expected, scan.expect(1).rows, "by a token of the registry's own")


def case_tls(folder):
    """A certificate of an authority of our own; a client certificate; both ways to get the scheme wrong."""
    authority = rig.make_authority(folder)
    rig.make_authority(folder, "clients")
    certificate, key = rig.make_certificate(folder, "server")
    shown, shown_key = rig.make_certificate(folder, "client", "clients")
    with rig.registry(folder) as host:
        expected = pushed(folder, host)
        Scan(f"{host}/team/timeline:1").expect(3, f"--plain-http {host}")
    tls = {"certificate": certificate, "key": key}
    with rig.registry(folder, "registry", tls=tls) as host:
        target = f"{host}/team/timeline:1"
        Scan(target).expect(3, "--ca FILE", f"--insecure-registry {host}")
        Scan("--insecure-registry", "127.0.0.1:1", target).expect(3, "--ca FILE")
        Scan("--plain-http", host, target).expect(3, "speaks TLS")
        expect_same(expected, Scan("--ca", authority, target).expect(1).rows, "--ca")
        expect_same(expected, Scan("--insecure-registry", host, target).expect(1).rows, "--insecure-registry")
        Scan("--ca", f"{folder}/none.pem", target).expect(2, "none.pem")
    with rig.registry(folder, "registry", tls={**tls, "clientcas": [f"{folder}/clients.crt"]}) as host:
        target = f"{host}/team/timeline:1"
        Scan("--ca", authority, target).expect(3, "--client-cert")
        scan = Scan("--ca", authority, "--client-cert", shown, "--client-key", shown_key, target).expect(1)
        expect_same(expected, scan.rows, "--client-cert")
        pathlib.Path(f"{folder}/both.pem").write_text(pathlib.Path(shown).read_text() + pathlib.Path(shown_key).read_text())
        Scan("--ca", authority, "--client-cert", f"{folder}/both.pem", target).expect(1)


def blob_requests(folder):
    """How often each layer was asked for, by the registry's log."""
    log = pathlib.Path(f"{folder}/registry.log").read_text()
    found = re.findall(r'"GET /v2/\S+/blobs/(sha256:[0-9a-f]+) HTTP/1.1" 200', log)
    return {digest: found.count(digest) for digest in found}


def case_all_that_a_registry_holds(folder):
    """--all-tags, --catalog and --since: each image, and each layer once; names of the same image together."""
    with rig.registry(folder) as host:
        for repository, name, token in (("a:1", "one", TOKENS[1]), ("a:2", "two", TOKENS[2]), ("b/c:1", "three", TOKENS[1])):
            pushed(folder, host, name, small(name, token), repository)
        rig.push(folder, f"oci:{folder}/one:1", host, "a:same")
        plain = ("--plain-http", host)
        log = pathlib.Path(f"{folder}/registry.log")
        log.write_text("")
        scan = Scan(*plain, "--all-tags", "--jobs", "3", f"docker://{host}/a").expect(1)
        names = [target["image"]["reference"] for target in scan.targets]
        assert names == [f"{host}/a:1,same", f"{host}/a:2"], names
        assert scan.paths == {"base.conf", "one0.conf", "two0.conf"}, scan.rows
        assert set(blob_requests(folder).values()) == {1}, blob_requests(folder)
        scan = Scan(*plain, "--catalog", f"docker://{host}").expect(1)
        assert scan.paths == {"base.conf", "one0.conf", "two0.conf", "three0.conf"}, scan.rows
        assert len(scan.targets) == 3, scan.targets
        Scan(*plain, "--all-tags", f"{host}/a:1").expect(2, "names one already")
        Scan(*plain, "--all-tags", f"{host}/none").expect(3, "NAME_UNKNOWN")
        since(plain, host)


def case_base_images_and_several_targets(folder):
    """--base asks a registry for the base's documents only; images of a registry are scanned at the same time, told in order."""
    with rig.registry(folder) as host:
        pushed(folder, host, "base", small("base"), "base:1")
        for number in (1, 2):
            pushed(folder, host, f"app{number}", small(f"app{number}", TOKENS[number]), f"app{number}:1")
        plain, names = ("--plain-http", host), [f"docker://{host}/app{number}:1" for number in (2, 1)]
        log = pathlib.Path(f"{folder}/registry.log")
        log.write_text("")
        scan = Scan(*plain, "--no-cache", "--jobs", "4", "--base", f"docker://{host}/base:1", *names).expect(1)
        assert [target["target"] for target in scan.targets] == names, scan.targets
        for target in scan.targets:
            assert {row["path"]: row["base"] for row in target["findings"]}["base.conf"] is True, target["findings"]
            assert sum(row["base"] for row in target["findings"]) == 1 and len(target["findings"]) == 2, target["findings"]
        assert max(blob_requests(folder).values()) == 2, "the base's layer was asked for by others than the two images"
        Scan(*plain, "--base", f"docker://{host}/none:1", names[0]).expect(2, "--base")


def since(plain, host):
    created = "2026-01-02"  # of every recipe
    before = Scan(*plain, "--since", "2026-01-01", f"docker://{host}/a").expect(1)
    assert len(before.targets) == 2, before.targets
    after = Scan(*plain, "--since", "2026-01-03", f"docker://{host}/a").expect(0, f"{host}/a:1", f"{host}/a:2", "unreferenced")
    assert not after.rows, after.rows
    one = Scan(*plain, "--since", "2026-01-03", f"docker://{host}/a:1").expect(0, f"{host}/a:1")
    assert not one.rows, created
    Scan(*plain, "--since", "yesterday", f"docker://{host}/a").expect(2, "--since")
    Scan(*plain, "--since", "100000d", f"docker://{host}/a").expect(1)


def post_blob(host, repository, data):
    digest = rig.make_image.digest(data)
    request = urllib.request.Request(f"http://{host}/v2/{repository}/blobs/uploads/", b"", method="POST")
    with urllib.request.urlopen(request) as answer:
        place = answer.headers["Location"]
    put_request = urllib.request.Request(f"{place}&digest={digest}", data, {"Content-Type": "application/octet-stream"}, method="PUT")
    urllib.request.urlopen(put_request).close()
    return digest


def case_referrers_by_tag(folder):
    """A registry without the referrers API: an attached document with a token, listed under the tag sha256-…."""
    with rig.registry(folder) as host:
        pushed(folder, host, "one", small("one", TOKENS[1]), "a:1")
        subject = json.load(open(f"{folder}/one/index.json"))["manifests"][0]
        document = json.dumps({"sbom": {"password": TOKENS[2]}}).encode()
        empty = post_blob(host, "a", b"{}")
        layer = post_blob(host, "a", document)
        manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                    "artifactType": "application/spdx+json",
                    "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": empty, "size": 2},
                    "layers": [{"mediaType": "application/spdx+json", "digest": layer, "size": len(document)}],
                    "subject": {"mediaType": subject["mediaType"], "digest": subject["digest"], "size": subject["size"]}}
        text = json.dumps(manifest).encode()
        digest = rig.make_image.digest(text)
        put(host, f"/v2/a/manifests/{digest}", text, manifest["mediaType"])
        index = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json",
                 "manifests": [{"mediaType": manifest["mediaType"], "digest": digest, "size": len(text),
                                "artifactType": "application/spdx+json"}]}
        put(host, f"/v2/a/manifests/{subject['digest'].replace(':', '-')}", json.dumps(index).encode(), index["mediaType"])
        without = Scan("--plain-http", host, f"{host}/a:1").expect(1)
        assert without.paths == {"base.conf", "one0.conf"}, without.rows
        scan = Scan("--plain-http", host, "--referrers", f"{host}/a:1").expect(1)
        assert len(scan.rows) == 3 and len(scan.targets) == 2, scan.rows
        assert all(target["complete"] for target in scan.targets), scan.said
        nothing = Scan("--plain-http", host, "--referrers", f"{host}/a@{digest}").expect(1)
        assert len(nothing.targets) == 1 and nothing.targets[0]["complete"], nothing.said


def case_podman_as_daemon(folder):
    """docker-daemon: through podman's service, by name and by id."""
    rig.need("podman", "skopeo")
    out, tag = rig.layout(folder, "timeline", RECIPE)
    expected = Scan(f"oci:{out}").expect(1).rows
    os.makedirs(f"{folder}/run")
    storage = f'[storage]\ndriver = "vfs"\ngraphroot = "{folder}/storage"\nrunroot = "{folder}/run"\n'
    pathlib.Path(f"{folder}/storage.conf").write_text(storage)
    environment = dict(os.environ, HOME=folder, TMPDIR=folder, XDG_RUNTIME_DIR=f"{folder}/run",
                       CONTAINERS_STORAGE_CONF=f"{folder}/storage.conf")
    os.environ["CONTAINERS_STORAGE_CONF"] = f"{folder}/storage.conf"
    try:
        rig.skopeo(folder, f"oci:{out}:{tag}", "containers-storage:localhost/timeline:1")
    finally:
        del os.environ["CONTAINERS_STORAGE_CONF"]
    sock = f"{folder}/podman.sock"
    with rig.running(["podman", "system", "service", "--time", "0", f"unix://{sock}"], f"{folder}/podman.log", environment):
        for _ in range(100):
            if os.path.exists(sock):
                break
            time.sleep(0.1)
        else:
            raise rig.Skipped("podman's service does not start: " + pathlib.Path(f"{folder}/podman.log").read_text()[-300:])
        there = {"DOCKER_HOST": f"unix://{sock}"}
        scan = Scan("docker-daemon:localhost/timeline:1", environment=there).expect(1)
        expect_same(expected, scan.rows, "docker-daemon")
        assert len(scan.targets) == 1 and scan.targets[0]["complete"], scan.said
        image_id = scan.targets[0]["image"]["config_digest"]
        for name in (image_id, image_id[7:19]):
            expect_same(expected, Scan(f"docker-daemon:{name}", environment=there).expect(1).rows, name)
        os.makedirs(f"{folder}/runtime/podman")
        os.symlink(sock, f"{folder}/runtime/podman/podman.sock")
        found = Scan("docker-daemon:localhost/timeline:1", environment={"XDG_RUNTIME_DIR": f"{folder}/runtime"}).expect(1)
        expect_same(expected, found.rows, "podman's socket where it usually is")
        Scan("docker-daemon:localhost/none:1", environment=there).expect(3, "the daemon has no image", "podman images")
        Scan("docker-daemon:../../x", environment=there).expect(2, "neither an image's name")
    Scan("docker-daemon:x", environment=there).expect(3, "no daemon at", "DOCKER_HOST")
    Scan("docker-daemon:x", environment={"DOCKER_HOST": "ssh://host"}).expect(3, "neither unix://")


rig.run({name[5:]: function for name, function in globals().items() if name.startswith("case_")})
