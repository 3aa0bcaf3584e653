#!/usr/bin/env python3
"""The dashboard: who gets in, what its forms need, that every link leads somewhere, that nothing of an image becomes markup, and how it
looks to Chromium at several widths. `SILT_SCREENSHOTS=DIR` keeps pictures of every page, light and dark."""
import html.parser
import http.server
import json
import os
import pathlib
import re
import shutil
import subprocess
import threading
import urllib.parse

from gallery import HOSTILE, gallery
from service import TOKEN, rig

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PAGES = ("/", "/images", "/findings", "/jobs", "/images/1", "/findings/1", "/findings?state=open&severity=high&text=shop", "/jobs?state=done")
VOID = {"meta", "link", "input", "rect", "path", "br"}


class Page(html.parser.HTMLParser):
    """A page's elements, held to be well nested."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.text, self.stack = [], [], []
        self.feed(text)
        assert not self.stack, f"not closed: {self.stack}"

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.stack and self.stack.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data):
        self.text.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]

    def field(self, name):
        return next(it["value"] for it in self.all("input") if it.get("name") == name)


def post(running, path, fields, cookie=None, **headers):
    headers = {**FORM, **({"Cookie": cookie} if cookie else {}), **headers}
    return running.ask("POST", path, urllib.parse.urlencode(fields).encode(), headers)


def log_in(running):
    answer = post(running, "/login", {"token": TOKEN})
    assert answer.status == 303 and answer.headers["Location"] == "/", answer
    return answer.headers["Set-Cookie"].partition(";")[0]


def show(running, path, cookie, status=200):
    answer = running.ask("GET", path, headers={"Cookie": cookie})
    assert answer.status == status, f"{path}: {answer}"
    return answer


def case_who_gets_in(folder):
    with gallery(folder) as (running, _):
        for path in PAGES + ("/images/1/reports/json",):
            for cookie in ("", "silt_visit=", "silt_visit=1.2.3", f"silt_visit={TOKEN}", "silt_visit=9999999999.00.00"):
                answer = running.ask("GET", path, headers={"Cookie": cookie, "Authorization": f"Bearer {TOKEN}"})
                assert answer.status == 303 and answer.headers["Location"] == "/login", (path, answer)
        assert "API token" in running.ask("GET", "/login").body.decode()
        for token in ("", "x", TOKEN[:-1], TOKEN + "x"):
            answer = post(running, "/login", {"token": token})
            assert answer.status == 401 and answer.headers["Set-Cookie"] is None, answer
            assert token not in answer.body.decode() or len(token) < 2, "what was typed is not repeated"
        assert post(running, "/login", {"token": TOKEN}, **{"Sec-Fetch-Site": "cross-site"}).status == 403
        answer = post(running, "/login", {"token": TOKEN})
        assert re.fullmatch(r"silt_visit=\d+\.[0-9a-f]{32}\.[0-9a-f]{64}; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict",
                            answer.headers["Set-Cookie"]), answer.headers["Set-Cookie"]
        cookie = log_in(running)
        page = Page(show(running, "/", cookie).body.decode())
        answer = post(running, "/logout", {"form": page.field("form")}, cookie)
        assert answer.status == 303 and "Max-Age=0" in answer.headers["Set-Cookie"], answer


def case_policy(folder):
    with gallery(folder) as (running, _):
        cookie = log_in(running)
        for path in PAGES + ("/login", "/images/99999"):
            answer = running.ask("GET", path, headers={"Cookie": "" if path == "/login" else cookie})
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy, policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff" and answer.headers["Cache-Control"] == "no-store", path
            page = Page(answer.body.decode())
            for tag, attributes in page.tags:
                assert tag != "style" and "style" not in attributes and not any(name.startswith("on") for name in attributes), (tag, attributes)
                for name in ("src", "href", "action"):
                    value = attributes.get(name, "/")
                    is_outside = value.startswith("https://") and tag == "a" and "noopener" in attributes["rel"]
                    assert re.match(r"[/?#]|data:,$", value) or is_outside, (tag, attributes)
            assert all(it.get("src", "").startswith("/assets/") for it in page.all("script")), "a script stands in the page"
            assert TOKEN not in answer.body.decode()


def case_every_link_leads_somewhere(folder):
    with gallery(folder) as (running, _):
        cookie, seen, todo = log_in(running), set(), ["/"]
        while todo:
            path = todo.pop()
            if path in seen:
                continue
            seen.add(path)
            answer = show(running, path, cookie)
            if "html" in answer.headers["Content-Type"]:
                page = Page(answer.body.decode())
                links = [it["href"] for it in page.all("a") + page.all("link")] + [it["src"] for it in page.all("script")]
                assert len({it["id"] for _, it in page.tags if "id" in it}) == sum("id" in it for _, it in page.tags), f"{path}: an id twice"
                assert sum(tag == "h1" for tag, _ in page.tags) == 1, path
                todo += [urllib.parse.urljoin(path, it) for it in links if it[0] in "/?"]
        assert len(seen) > 20 and "/findings/1" in seen and "/images/1" in seen, seen


def case_nothing_of_an_image_is_markup(folder):
    with gallery(folder) as (running, _):
        cookie = log_in(running)
        everything, text = "", ""
        for path in PAGES + ("/images/2", "/images/3") + tuple(f"/findings/{i}" for i in range(1, 11)):
            body = show(running, path, cookie).body.decode()
            everything += body
            text += "".join(Page(body).text)
        assert HOSTILE.replace("\u202e", "\\u{202e}") in text, "the hostile name is shown"
        assert "\u202e" not in everything and "<script>" not in everything and "<img" not in everything
        for path in ('/findings?text="><script>x</script>', "/images?text=%22%3E%3Cscript%3Ex", "/findings?severity=<script>x", "/jobs?state=<script>x"):
            answer = running.ask("GET", urllib.parse.quote(path, safe="/?=&%"), headers={"Cookie": cookie})
            assert answer.status in (200, 400) and "<script>x" not in answer.body.decode(), answer


def case_forms(folder):
    with gallery(folder) as (running, _):
        cookie, other = log_in(running), log_in(running)
        page = Page(show(running, "/findings/1", cookie).body.decode())
        good = {"form": page.field("form"), "reason": "revoked <b>", "until": "2099-01-31", "by": "me", "whole": "true"}
        foreign = Page(show(running, "/findings/1", other).body.decode()).field("form")
        for form in (None, "", "0" * 64, foreign):
            fields = {**good, "form": form} if form is not None else {"reason": "x"}
            assert post(running, "/findings/1/ignore", fields, cookie).status == 403, form
        assert post(running, "/findings/1/ignore", good).status == 303, "without a session: to the login"
        assert running.api("/api/v1/findings/1")["state"] == "open"
        for bad in ({"reason": ""}, {"until": "2001-01-01"}, {"until": "tomorrow"}, {"reason": "r" * 1001}):
            assert post(running, "/findings/1/ignore", {**good, **bad}, cookie).status == 422, bad
        answer = post(running, "/findings/1/ignore", good, cookie)
        assert answer.status == 303 and answer.headers["Location"] == "/findings/1", answer
        finding = running.api("/api/v1/findings/1")
        assert (finding["state"], finding["ignored_until"], finding["ignored_by"]) == ("ignored", "2099-01-31T23:59:59Z", "me"), finding
        body = show(running, "/findings/1", cookie).body.decode()
        assert "revoked &lt;b&gt;" in body and "Open it again" in body
        assert post(running, "/findings/1/reopen", good, cookie).status == 303
        assert running.api("/api/v1/findings/1")["state"] == "open"
        assert post(running, "/findings/99999/ignore", good, cookie).status == 404
        assert post(running, "/jobs/1/retry", good, cookie).status == 404, "it is not dead"


# In Chromium

PROBE = """<!doctype html><meta charset=utf-8><link rel=icon href="data:,"><pre id=out></pre><script>
const pages = %s, widths = [340, 768, 1280], out = [];
const look = (path, width) => new Promise((done) => {
  const frame = document.createElement("iframe");
  frame.width = width; frame.height = 900; frame.src = path;
  frame.onload = () => setTimeout(() => {
    const page = frame.contentDocument, view = frame.contentWindow;
    const wide = [...page.querySelectorAll("body *")].filter((it) => it.getBoundingClientRect().right > width + 1 &&
      !it.closest(".skip, .wide, legend")).map((it) => it.tagName + "." + it.className).slice(0, 5);
    const names = [...page.querySelectorAll("a, button, input:not([type=hidden]), select")].filter((it) =>
      !(it.textContent.trim() || it.getAttribute("aria-label") || (it.labels && it.labels.length))).map((it) => it.outerHTML.slice(0, 80));
    const time = page.querySelector("time");
    out.push({path, width, wide, names, title: page.title, time: time && time.textContent, full: time && time.title,
      ground: view.getComputedStyle(page.body).backgroundColor, alerts: view.alerted || 0});
    frame.remove(); done();
  }, 60);
  document.body.append(frame);
});
(async () => {
  for (const path of pages) for (const width of widths) await look(path, width);
  document.getElementById("out").textContent = "BEGIN" + JSON.stringify(out) + "END";
})();
</script>"""


class Front(http.server.ThreadingHTTPServer):
    """The service as Chromium may ask it: with a session's cookie, and framed by the probe."""
    daemon_threads = True

    def __init__(self, running, cookie):
        front = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path == "/probe":
                    return self.answer(200, {"Content-Type": "text/html; charset=utf-8"}, (PROBE % json.dumps(PAGES)).encode())
                answer = running.ask("GET", self.path, headers={"Cookie": cookie})
                front.asked.append((self.path, answer.status))
                names = ("Content-Type", "Content-Security-Policy", "Location", "X-Content-Type-Options")
                headers = {name: answer.headers[name].replace("frame-ancestors 'none'", "frame-ancestors 'self'")
                           for name in names if answer.headers[name]}
                self.answer(answer.status, headers, answer.body)

            def answer(self, status, headers, body):
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.asked = []
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, path):
        return f"http://127.0.0.1:{self.server_address[1]}{path}"


def chromium(folder, *words):
    return subprocess.run(["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
                           "--disable-component-update", "--hide-scrollbars", f"--user-data-dir={folder}/profile", "--enable-logging=stderr",
                           *words], capture_output=True, timeout=180)


def case_in_a_browser(folder):
    rig.need("chromium")
    with gallery(folder) as (running, _):
        front = Front(running, log_in(running))
        done = chromium(folder, "--dump-dom", "--virtual-time-budget=60000", front.url("/probe"))
        found = re.search(r'<pre id="out">BEGIN(.*?)END</pre>', done.stdout.decode(), re.S)
        assert found, done.stderr.decode()[-2000:]
        rows = json.loads(found.group(1).replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">"))
        assert len(rows) == 3 * len(PAGES)
        for row in rows:
            assert row["wide"] == [], f"{row['path']} at {row['width']}: wider than the screen: {row['wide']}"
            assert row["names"] == [], f"{row['path']}: controls without a name: {row['names']}"
            assert row["ground"] == "rgb(247, 244, 239)", f"{row['path']}: the style is not used"
            assert row["title"].endswith("· silt"), row
            if row["time"]:
                assert "ago" in row["time"] or row["time"] == "now", row
                assert row["full"].endswith("UTC"), row
        said = done.stderr.decode()
        assert "Content Security Policy" not in said and "Uncaught" not in said, said[-2000:]
        outside = [path for path, status in front.asked if status >= 400]
        assert outside == [], outside
        pictures(folder, front)


def pictures(folder, front):
    """Pictures for people to look at."""
    where = os.environ.get("SILT_SCREENSHOTS")
    if not where:
        return
    for path in PAGES[:6] + ("/images/2", "/login"):
        for width in (380, 1280):
            for scheme, value in (("light", 1), ("dark", 0)):
                name = re.sub(r"\W+", "-", path).strip("-") or "overview"
                chromium(folder, "--virtual-time-budget=3000", f"--window-size={width},1400", f"--blink-settings=preferredColorScheme={value}",
                         f"--screenshot={where}/{name}-{width}-{scheme}.png", front.url(path))


if __name__ == "__main__":
    rig.run({name[5:]: case for name, case in list(globals().items()) if name.startswith("case_")})
