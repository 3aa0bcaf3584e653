#!/usr/bin/env python3
"""What is new is told: signed, once a success, again after a failure and after kill -9, with the same id; and it holds no secret."""
import hashlib
import hmac
import http.server
import json
import threading
import time

from gallery import ask, gallery, idle
from service import Pusher, layer, rig, token, wait_until

KEY = "announcements-key-" + "0" * 16


class Receiver(http.server.ThreadingHTTPServer):
    """Keeps what it is sent; `refuse` says how often each path answers 503 before it takes anything."""
    daemon_threads = True

    def __init__(self, **refuse):
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                name = self.path.strip("/")
                receiver.seen.append((name, dict(self.headers), body))
                receiver.refuse[name] = receiver.refuse.get(name, 0) - 1
                code = 200 if receiver.refuse[name] < 0 else receiver.code
                self.send_response(code)
                if code == 302:
                    self.send_header("Location", f"http://127.0.0.1:{self.server.server_address[1]}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST

            def log_message(self, *_):
                pass

        self.seen, self.refuse, self.code = [], refuse, 503
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def of(self, name):
        return [(headers, body) for path, headers, body in self.seen if path == name]

    def config(self, **more):
        url = f"http://127.0.0.1:{self.server_address[1]}"
        return {"public-url": "https://silt.example/", "announcements": [
            {"kind": kind, "url": f"{url}/{kind}", **({"secret": KEY} if kind != "slack" else {}), **more}
            for kind in ("webhook", "slack", "cloudevents")]}

    def wait(self, name, count, seconds=30):
        wait_until(lambda: len(self.of(name)) >= count, seconds, f"{count} letters to {name}")
        return self.of(name)


def secrets_of():
    return [token("hostile"), token("env"), "glpat-" + "Xk4mVq8rTz2LbNw7YcHd", "hW8sLp3FyJ6gTu2Ecg4i", "Lr7MZbW4nYhD8sPfJgE3uRaT6wQkB1eN"]


def case_what_is_sent(folder):
    receiver = Receiver()
    with gallery(folder, receiver.config()) as (running, host):
        for name in ("webhook", "slack", "cloudevents"):
            receiver.wait(name, 2)  # of the two images with findings
        idle(running)
        time.sleep(3)
        for name, headers, body in receiver.seen:
            assert not any(secret.encode() in body for secret in secrets_of()), f"{name} tells a secret"
            if name != "slack":
                seal = "sha256=" + hmac.new(KEY.encode(), body, hashlib.sha256).hexdigest()
                assert headers["X-Silt-Signature"] == seal, headers
            assert KEY not in str(headers) and KEY.encode() not in body
        news = {it["image"]["repository"]: it for it in (json.loads(body) for _, body in receiver.of("webhook"))}
        assert set(news) == {"shop/api", "team/hostile"}, news
        demo = news["shop/api"]
        assert demo["schema"] == "silt.news/1" and demo["new_findings"] == len(demo["findings"]) >= 8 and demo["worst"] == "critical", demo
        assert demo["link"] == f"https://silt.example/images/{demo['image']['id']}", demo["link"]
        assert all(it["redacted"] and it["remediation"] for it in demo["findings"])
        assert len({it["id"] for it in news.values()}) == 2 and len(receiver.of("webhook")) == 2
        events = [(headers, json.loads(body)) for headers, body in receiver.of("cloudevents")]
        for headers, it in events:
            assert headers["Content-Type"].startswith("application/cloudevents+json"), headers
            assert it["specversion"] == "1.0" and it["type"] == "silt.findings.new" and it["id"] == it["data"]["id"], it
            assert it["source"] == "https://silt.example/" and it["time"].endswith("Z"), it
        texts = [json.loads(body)["text"] for _, body in receiver.of("slack")]
        hostile = next(text for text in texts if "hostile" in text)
        assert "2 new secrets" in hostile and "&lt;script&gt;" in hostile and "<script" not in hostile and "\u202e" not in hostile, hostile
        channels = running.api("/api/v1/stats")["channels"]
        assert len(channels) == 3 and all(it["sent"] == 2 and it["due"] == 0 for it in channels), channels
        assert all("127.0.0.1" in it["name"] and "/webhook" not in it["name"] for it in channels), "an address may hold a secret"
        before = len(receiver.seen)
        ask(running, f"{host}/shop/api:1.4", force=True)
        idle(running)
        time.sleep(3)
        assert len(receiver.seen) == before, "the same again is no news"
        Pusher(host).image("team/other", "1", [layer({"a": token("more")})])
        ask(running, f"{host}/team/other:1")
        receiver.wait("webhook", 3)


def case_again_until_it_is_taken(folder):
    """503 first, then kill -9, then taken: the id is the same, and a channel that fails holds up no other."""
    receiver = Receiver(webhook=2)
    with gallery(folder, receiver.config()) as (running, host):
        receiver.wait("slack", 2)
        failed = receiver.wait("webhook", 2)
        running.kill()
        running.start()
        taken = receiver.wait("webhook", 4, 60)
        ids = [json.loads(body)["id"] for _, body in taken]
        assert set(ids[2:]) == set(ids[:2]) == {headers["X-Silt-Delivery"] for headers, _ in failed}, ids
        wait_until(lambda: all(it["due"] == 0 for it in running.api("/api/v1/stats")["channels"]), 10, "nothing due")
        assert len(receiver.of("slack")) == 2 == len(receiver.of("cloudevents")), "told again for nothing"


def case_redirections_are_not_followed(folder):
    receiver = Receiver(webhook=99, slack=99, cloudevents=99)
    receiver.code = 302
    with gallery(folder, receiver.config()) as (running, _):
        receiver.wait("webhook", 1)
        time.sleep(1)
        assert receiver.of("elsewhere") == [], "a redirection was followed"
        wait_until(lambda: any(it["reason"] == "the receiver answered 302" for it in running.api("/api/v1/stats")["channels"]), 10, "the reason")


def case_gone_for_good(folder):
    receiver = Receiver(webhook=99)
    receiver.code = 410
    with gallery(folder, receiver.config()) as (running, _):
        receiver.wait("webhook", 2)
        wait_until(lambda: any(it["given_up"] == 2 for it in running.api("/api/v1/stats")["channels"]), 10, "given up")


def case_least_severity(folder):
    receiver = Receiver()
    with gallery(folder, receiver.config(**{"min-severity": "critical"})) as (running, host):
        rows = json.loads(receiver.wait("webhook", 2)[0][1])["findings"] + json.loads(receiver.of("webhook")[1][1])["findings"]
        assert rows and all(it["severity"] == "critical" for it in rows), rows


if __name__ == "__main__":
    rig.run({name[5:]: case for name, case in list(globals().items()) if name.startswith("case_")})
