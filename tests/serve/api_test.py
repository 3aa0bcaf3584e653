#!/usr/bin/env python3
"""/api/v1 against its own description: every path of the document is answered, every answer fits its schema, and every route is in it."""
import json
import pathlib
import re

from gallery import ask, gallery, idle
from service import TOKEN, rig

ROOT = pathlib.Path(__file__).resolve().parents[2]
JSON = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}


class Document:
    """The OpenAPI document; what is asked through it is checked, and counted."""

    def __init__(self, running):
        try:
            import jsonschema
        except ImportError:
            raise rig.Skipped("python3-jsonschema is missing") from None
        self.running, self.checker = running, jsonschema
        answer = running.ask("GET", "/api/v1/openapi.json")
        assert answer.status == 200, answer
        self.root, self.asked = answer.json, set()

    def schema(self, path, method, status, kind):
        operation = self.root["paths"][path][method]
        assert str(status) in operation["responses"], f"{method} {path}: {status} is not described"
        content = operation["responses"][str(status)].get("content", {})
        assert kind in content, f"{method} {path} {status}: {kind} is not described"
        return content[kind]["schema"]

    def ask(self, method, path, expected=200, query="", body=None, **values):
        """Asks, and holds the answer to its schema."""
        url = "/api/v1" + re.sub(r"\{(\w+)\}", lambda it: str(values[it.group(1)]), path) + query
        data = None if body is None else json.dumps(body).encode()
        answer = self.running.ask(method.upper(), url, data, JSON)
        assert answer.status == expected, f"{method} {url}: {answer}"
        kind = answer.headers["Content-Type"].partition(";")[0]
        schema = self.schema(path, method, expected, kind)
        if kind.endswith("json"):
            validator = self.checker.Draft202012Validator({**schema, "components": self.root["components"]})
            for error in validator.iter_errors(answer.json):
                raise AssertionError(f"{method} {url}: {'/'.join(map(str, error.path))}: {error.message}")
        self.asked.add((method, path))
        return answer.json if kind.endswith("json") else answer.body


def case_every_path_is_answered_as_described(folder):
    with gallery(folder) as (running, host):
        document = Document(running)
        images = document.ask("get", "/images")
        assert images["total"] == 3 and images["next"] is None, images
        demo = next(it for it in images["items"] if it["repository"] == "shop/api")
        assert sorted(demo["tags"]) == ["1.4", "latest"] and demo["current"] and demo["complete"], demo
        layers = document.ask("get", "/images/{id}", id=demo["id"])["layers"]
        assert any(it["findings"] and "npm ci" in it["created_by"] for it in layers), layers
        findings = document.ask("get", "/findings", query=f"?image={demo['id']}&limit=500")
        assert findings["total"] == len(findings["items"]) >= 8, findings
        one = next(it for it in findings["items"] if it["path"].endswith("root/.npmrc"))
        assert one["place_state"] == "deleted" and one["removed_in"] is not None and one["remediation"], one
        assert document.ask("get", "/findings/{id}", id=one["id"]) == one
        for name in ("json", "sarif"):
            report = document.ask("get", "/images/{id}/reports/{format}", id=demo["id"], format=name)
            assert report.get("schema") == "silt.report/1" or report.get("version") == "2.1.0", report
        jobs = document.ask("get", "/jobs")
        assert {it["state"] for it in jobs["items"]} == {"done"}, jobs
        document.ask("get", "/jobs/{id}", id=jobs["items"][0]["id"])
        document.ask("post", "/jobs/{id}/retry", 404, id=jobs["items"][0]["id"])
        document.ask("post", "/scans", 202, body={"image": f"{host}/team/clean:1", "force": True})
        idle(running)
        assert document.ask("post", "/scans", 200, body={"image": f"{host}/team/clean:1"})["state"] == "known"
        stats = document.ask("get", "/stats")
        assert sum(stats["findings"]["open"].values()) == document.ask("get", "/findings", query="?state=open&limit=1")["total"], stats
        days = document.ask("get", "/trend", query="?days=7")["days"]
        assert len(days) == 7 and days[-1]["images"] == 3 and days[0]["images"] == 0, days
        changed = document.ask("patch", "/findings/{id}", id=one["id"], body={"state": "ignored", "reason": "a test", "by": "me"})
        assert changed["state"] == "ignored" and changed["ignored_reason"] == "a test" and changed["ignored_by"] == "me", changed
        document.ask("get", "/openapi.json")
        missing = {(method, path) for path, methods in document.root["paths"].items() for method in methods} - document.asked
        assert not missing, f"described, and not tried: {missing}"


def case_the_document_knows_every_route(folder):
    """Routes are code and the document is text: neither has one that the other lacks."""
    rows = re.findall(r'SILT_ROUTE\((\w+), "/api/v1([^"]*)"', (ROOT / "cli/serve/routes.def").read_text())
    routes = {(method.lower(), re.sub(r":(\w+)", r"{\1}", path)) for method, path in rows}
    document = json.loads((ROOT / "cli/serve/api/openapi.json").read_text())
    described = {(method, path) for path, methods in document["paths"].items() for method in methods}
    assert routes == described, routes ^ described


def case_pages_and_filters(folder):
    with gallery(folder) as (running, host):
        document = Document(running)
        whole = document.ask("get", "/findings", query="?limit=500")["items"]
        seen, query = [], "?limit=3"
        while query:
            page = document.ask("get", "/findings", query=query)
            assert page["total"] == len(whole) and len(page["items"]) <= 3, page
            seen += page["items"]
            query = f"?limit=3&before={page['next']}" if page["next"] else None
        assert [it["id"] for it in seen] == [it["id"] for it in whole], "pages are the list"
        worst = document.ask("get", "/findings", query="?severity=critical&limit=500")["items"]
        assert worst and worst == [it for it in whole if it["severity"] == "critical"]
        for query, count in (("?repository=team/hostile", None), ("?text=HOSTILE", None), ("?text=%25", 0), ("?text=nothing-has-this", 0),
                             (f"?registry={host}", len(whole)), ("?state=fixed", 0), ("?tag=1.4", None)):
            rows = document.ask("get", "/findings", query=query + "&limit=500")
            assert rows["total"] == len(rows["items"]) and (rows["items"] if count is None else rows["total"] == count), (query, rows)
        assert document.ask("get", "/jobs", query="?state=dead")["items"] == []
        assert len(document.ask("get", "/jobs", query="?limit=2")["items"]) == 2


def case_refusals(folder):
    with gallery(folder) as (running, host):
        document = Document(running)
        one = document.ask("get", "/findings", query="?limit=1")["items"][0]["id"]
        for query in ("?limit=0", "?limit=501", "?limit=x", "?before=-1", "?severity=worst", "?state=gone"):
            assert "error" in document.ask("get", "/findings", 400, query=query)
        for identity in (0, 999999, "x", "1x", "-1", "9" * 30):
            document.ask("get", "/findings/{id}", 404, id=identity)
            document.ask("get", "/images/{id}", 404, id=identity)
            document.ask("get", "/jobs/{id}", 404, id=identity)
        for body in ({"state": "ignored"}, {"state": "ignored", "reason": ""}, {"state": "fixed", "reason": "r"}, {},
                     {"state": "ignored", "reason": "r", "until": "2001-01-01T00:00:00Z"}, {"state": "ignored", "reason": "r" * 1001},
                     {"state": "ignored", "reason": "r", "until": "soon"}):
            document.ask("patch", "/findings/{id}", 422, id=one, body=body)
        for body in (b"", b"[]", b"{", b"\xff", b"1"):
            answer = running.ask("PATCH", f"/api/v1/findings/{one}", body, JSON)
            assert answer.status == 400, (body, answer)
        answer = running.ask("PATCH", f"/api/v1/findings/{one}", b"state=open", {**JSON, "Content-Type": "application/x-www-form-urlencoded"})
        assert answer.status == 415, answer
        for image in ("", "http://x/y", f"{host}/../x", "elsewhere.example/a:1", f"{host}/team/app@sha256:12"):
            document.ask("post", "/scans", 422, body={"image": image})
        document.ask("post", "/scans", 404, body={"image": f"{host}/team/absent:1"})
        for path in ("images", "findings", "jobs", "stats", "trend", f"findings/{one}"):
            for headers in ({}, {"Authorization": "Bearer wrong"}, {"Cookie": f"silt_visit={TOKEN}"}):
                assert running.ask("GET", f"/api/v1/{path}", headers=headers).status == 401, path


def case_ignored_until(folder):
    """What is ignored does not count; opened again, it does."""
    with gallery(folder) as (running, _):
        document = Document(running)
        count = lambda: sum(document.ask("get", "/stats")["findings"]["open"].values())
        before, rows = count(), document.ask("get", "/findings", query="?limit=500")["items"]
        one = next(it for it in rows if it["path"].endswith("root/.npmrc"))
        changed = document.ask("patch", "/findings/{id}", id=one["id"],
                               body={"state": "ignored", "reason": "in vault", "until": "2099-01-31T00:00:00Z"})
        assert changed["ignored_until"] == "2099-01-31T00:00:00Z" and count() == before - 1, changed
        ask(running, f"{one['registry']}/shop/api:1.4", force=True)
        idle(running)
        assert count() == before - 1, "another scan changes nothing of it"
        assert document.ask("patch", "/findings/{id}", id=one["id"], body={"state": "open"})["state"] == "open"
        assert count() == before
        same = [it for it in rows if it["secret_hash"] == one["secret_hash"]]
        document.ask("patch", "/findings/{id}", id=one["id"], body={"state": "ignored", "reason": "r", "whole_secret": True})
        assert count() == before - len(same) and len(same) > 1, same


if __name__ == "__main__":
    rig.run({name[5:]: case for name, case in list(globals().items()) if name.startswith("case_")})
