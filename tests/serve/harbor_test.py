#!/usr/bin/env python3
"""silt as Harbor's scanner, asked as Harbor asks (goharbor/pluggable-scanner-spec 1.2), its answers held to the specification's schemas."""
import json

from gallery import gallery, idle
from service import Pusher, Service, TOKEN, layer, rig, token, wait_until

REQUEST = "application/vnd.scanner.adapter.scan.request+json; version=1.0"
RESPONSE = "application/vnd.scanner.adapter.scan.response+json; version=1.0"
METADATA = "application/vnd.scanner.adapter.metadata+json; version=1.1"
REPORT = "application/vnd.security.vulnerability.report; version=1.1"
OLD_REPORT = "application/vnd.scanner.adapter.vuln.report.harbor+json; version=1.0"
ERROR = "application/vnd.scanner.adapter.error+json; version=1.0"

# What the specification says of answers, in our words.
STRING, STRINGS = {"type": "string"}, {"type": "array", "items": {"type": "string"}}
SEVERITY = {"enum": ["Unknown", "Negligible", "Low", "Medium", "High", "Critical"]}
SCANNER = {"type": "object", "properties": {"name": STRING, "vendor": STRING, "version": STRING}, "required": ["name", "vendor", "version"]}
ARTIFACT = {"type": "object", "properties": {"repository": STRING, "digest": STRING, "tag": STRING, "mime_type": STRING}}
SCHEMAS = {
    METADATA: {
        "type": "object", "required": ["scanner", "capabilities"],
        "properties": {
            "scanner": SCANNER,
            "capabilities": {"type": "array", "minItems": 1, "items": {
                "type": "object", "required": ["consumes_mime_types", "produces_mime_types"],
                "properties": {"type": {"enum": ["vulnerability", "sbom"]}, "consumes_mime_types": STRINGS, "produces_mime_types": STRINGS,
                               "additional_attributes": {"type": "object"}}}},
            "properties": {"type": "object", "additionalProperties": STRING}}},
    RESPONSE: {"type": "object", "required": ["id"], "properties": {"id": {"type": "string", "minLength": 1}}},
    ERROR: {"type": "object", "required": ["error"], "properties": {"error": {"type": "object", "properties": {"message": STRING}}}},
    REPORT: {
        "type": "object", "required": ["generated_at", "artifact", "scanner", "severity", "vulnerabilities"],
        "properties": {
            "generated_at": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}, "artifact": ARTIFACT, "scanner": SCANNER,
            "severity": SEVERITY,
            "vulnerabilities": {"type": "array", "items": {
                "type": "object", "required": ["id", "package", "version", "severity", "description", "links"],
                "properties": {"id": STRING, "package": STRING, "version": STRING, "fix_version": STRING, "severity": SEVERITY,
                               "description": STRING, "links": {"type": "array", "items": {"type": "string", "pattern": "^https?://"}},
                               "cwe_ids": STRINGS, "vendor_attributes": {"type": "object"}}}}}},
}
SCHEMAS[OLD_REPORT] = SCHEMAS[REPORT]


def call(running, method, path, expected, kind=None, body=None, accept=None, **headers):
    import jsonschema
    headers = {"X-ScannerAdapter-API-Key": TOKEN, **headers}
    if accept:
        headers["Accept"] = accept
    if body is not None:
        headers["Content-Type"] = REQUEST
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = running.ask(method, "/harbor/api/v1" + path, body, headers)
    assert answer.status == expected, f"{method} {path}: {answer}"
    if kind:
        assert answer.headers["Content-Type"] == kind, answer.headers["Content-Type"]
        jsonschema.Draft202012Validator(SCHEMAS[kind]).validate(answer.json)
        return answer.json
    return answer


def request(host, repository, digest, **more):
    return {"registry": {"url": f"http://{host}", "authorization": "Basic bm9ib2R5Om5vdGhpbmc="},
            "artifact": {"repository": repository, "digest": digest, "tag": "1", "mime_type": "application/vnd.oci.image.manifest.v1+json"}, **more}


def need_schema():
    try:
        import jsonschema  # noqa: F401
    except ImportError:
        raise rig.Skipped("python3-jsonschema is missing") from None


def case_a_scan_as_harbor_asks(folder):
    need_schema()
    with gallery(folder) as (running, host):
        metadata = call(running, "GET", "/metadata", 200, METADATA)
        assert set(metadata["capabilities"][0]["produces_mime_types"]) == {REPORT, OLD_REPORT}, metadata
        pusher = Pusher(host)
        name = pusher.image("team/harbor", "1", [layer({"srv/a.env": f"A={token(1)}\nB={token(2)}\n"}), layer({"b": "nothing"})])
        identity = call(running, "POST", "/scan", 202, RESPONSE, request(host, "team/harbor", name))["id"]

        def report():
            answer = running.ask("GET", f"/harbor/api/v1/scan/{identity}/report", None,
                                 {"Accept": REPORT, "Authorization": rig.basic("harbor", TOKEN)})
            assert answer.status in (200, 302) and (answer.status == 200 or int(answer.headers["Refresh-After"]) > 0), answer
            return answer.status == 200 and answer
        answer = wait_until(report, 60, "the report")
        found = call(running, "GET", f"/scan/{identity}/report", 200, REPORT, accept=REPORT)
        assert found == answer.json == call(running, "GET", f"/scan/{identity}/report", 200, OLD_REPORT, accept=OLD_REPORT)
        entries = found["vulnerabilities"]
        assert found["severity"] == "Critical" and found["artifact"] == {"repository": "team/harbor", "digest": name}, found
        assert sorted(it["package"] for it in entries) == ["srv/a.env:1", "srv/a.env:2"], entries
        assert {(it["id"], it["version"], it["severity"]) for it in entries} == {("gitlab.pat", "layer 0", "Critical")}, entries
        assert all("Revoke" in it["description"] and "COPY 0 /" in it["description"] and it["links"] for it in entries), entries
        assert token(1) not in answer.body.decode() and token(2) not in answer.body.decode()
        # Known already: there is nothing to wait for. What is ignored is left out.
        assert call(running, "POST", "/scan", 202, RESPONSE, request(host, "team/harbor", name))["id"] == identity
        one = next(it for it in running.api("/api/v1/findings?repository=team/harbor")["items"] if it["line"] == 1)
        running.ask("PATCH", f"/api/v1/findings/{one['id']}", b'{"state": "ignored", "reason": "test"}',
                    {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"})
        found = call(running, "GET", f"/scan/{identity}/report", 200, REPORT, accept=REPORT)
        assert [it["package"] for it in found["vulnerabilities"]] == ["srv/a.env:2"], found
        clean = pusher.image("team/clean", "2", [layer({"a": "nothing else"})])
        identity = call(running, "POST", "/scan", 202, RESPONSE, request(host, "team/clean", clean))["id"]
        wait_until(report, 60, "the clean report")
        found = call(running, "GET", f"/scan/{identity}/report", 200, REPORT, accept=REPORT)
        assert found["vulnerabilities"] == [] and found["severity"] == "Unknown", found


def case_every_entry_is_one_of_its_own(folder):
    """Harbor keeps one entry for an id, package and version: none may hide another."""
    need_schema()
    with gallery(folder) as (running, host):
        for image in running.api("/api/v1/images")["items"]:
            identity = f"{image['digest']}~{host}~{image['repository'].replace('/', '~')}"
            found = call(running, "GET", f"/scan/{identity}/report", 200, REPORT)["vulnerabilities"]
            keys = {(it["id"], it["package"], it["version"]) for it in found}
            assert len(keys) == len(found) == sum(image["open"].values()), found


def case_waiting_and_dead(folder):
    need_schema()
    with rig.registry(folder) as host:
        name = Pusher(host).image("team/app", "1", [layer({"a": token(1)})])
        config = {"registries": [{"host": host, "plain-http": True, "sweep": "none", "aliases": ["core.harbor.example"]}], "max-attempts": 1}
        running = Service(folder, config={**config, "workers": 0})
        with running:
            identity = call(running, "POST", "/scan", 202, RESPONSE, request("core.harbor.example", "team/app", name))["id"]
            absent = call(running, "POST", "/scan", 202, RESPONSE, request(host, "team/app", "sha256:" + "0" * 64))["id"]
            for _ in range(2):
                assert "Refresh-After" in call(running, "GET", f"/scan/{identity}/report", 302).headers
        running.config = config
        with running:
            idle(running)
            assert call(running, "GET", f"/scan/{identity}/report", 200, REPORT)["vulnerabilities"]
            assert call(running, "GET", f"/scan/{absent}/report", 500, ERROR)["error"]["message"], "why it was given up"


def case_refusals(folder):
    need_schema()
    with gallery(folder) as (running, host):
        digest = running.api("/api/v1/images")["items"][0]["digest"]
        good = request(host, "team/clean", digest)
        for body in (b"", b"{", b"\xff"):
            call(running, "POST", "/scan", 400, ERROR, body)
        for part, key, value in (("registry", "url", ""), ("registry", "url", "http://elsewhere.example"), ("registry", "url", "http://a b"),
                                 ("artifact", "repository", "../x"), ("artifact", "digest", "sha256:12"), ("artifact", "repository", 3)):
            call(running, "POST", "/scan", 422, ERROR, {**good, part: {**good[part], key: value}})
        call(running, "POST", "/scan", 422, ERROR, [1])
        call(running, "POST", "/scan", 501, ERROR, {**good, "enabled_capabilities": [{"type": "sbom"}]})
        call(running, "POST", "/scan", 202, RESPONSE, {**good, "enabled_capabilities": [{"type": "sbom"}, {"type": "vulnerability"}]})
        unknown = f"sha256:{'0' * 64}~{host}~team~clean"
        for identity in ("x", "~~", unknown, f"{digest}~{host}~team~other", f"{digest}~elsewhere~team~clean", f"{digest}~{host}~..~x", "a" * 900):
            call(running, "GET", f"/scan/{identity}/report", 404, ERROR)
        call(running, "GET", f"/scan/{unknown}/report", 501, ERROR, accept="application/vnd.security.sbom.report+json; version=1.0")
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": rig.basic("x", "wrong")}, {"X-ScannerAdapter-API-Key": "wrong"}):
            assert running.ask("GET", "/harbor/api/v1/metadata", headers=headers).status == 401
        for headers in ({"Authorization": f"Bearer {TOKEN}"}, {"Authorization": rig.basic("x", TOKEN)}, {"X-ScannerAdapter-API-Key": TOKEN}):
            assert running.ask("GET", "/harbor/api/v1/metadata", headers=headers).status == 200


if __name__ == "__main__":
    rig.run({name[5:]: case for name, case in list(globals().items()) if name.startswith("case_")})
