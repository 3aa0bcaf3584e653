#!/usr/bin/env python3
"""kill -9 at any moment loses no job and doubles none; what kills the process is put aside; SIGTERM ends in order."""
import contextlib
import http.client
import json
import random
import threading
import time

from service import Pusher, Service, digest, event, layer, rig, token, wait_until

IMAGES, KILLS = 120, 20


def case_kill_loop(folder):
    random.seed(5)
    with rig.registry(folder) as host:
        pusher = Pusher(host)
        base = layer({"base": "x" * 100000})
        names = [pusher.image(f"team/app{i % 7}", f"v{i}", [base, layer({"a": token(i)})]) for i in range(IMAGES)]
        running = Service(folder, f"--registry={host}", f"--plain-http={host}", "--sweep=none", "--max-attempts=50").start()
        accepted, unsure, over = set(), 0, threading.Event()
        queue = list(range(IMAGES)) * 2
        random.shuffle(queue)

        def sender():
            nonlocal unsure
            while queue:
                i = queue.pop()
                try:
                    answer = running.hook("distribution", event(host, f"team/app{i % 7}", names[i], f"v{i}"))
                    assert answer.status in (200, 202), answer
                    accepted.add(i)
                except (OSError, http.client.HTTPException):
                    unsure += 1
                    queue.insert(0, i)  # as a registry does
                time.sleep(random.random() * 0.05)
            over.set()

        thread = threading.Thread(target=sender)
        thread.start()
        kills = 0
        while kills < KILLS:
            time.sleep(0.2 + random.random() * 0.8)
            running.kill()
            kills += 1
            running.start()
        thread.join(300)
        assert over.is_set()
        wait_until(lambda: len(running.findings()) == IMAGES, 300, "all images after the kills")
        running.idle()
        rows = running.findings()
        assert len({row["fingerprint"] for row in rows}) == len(rows) == IMAGES
        jobs = running.jobs()
        states = {state: sum(job["state"] == state for job in jobs) for state in {job["state"] for job in jobs}}
        print(f"      {kills} kills, {len(accepted)} images accepted, {unsure} notifications cut off and sent again: {len(rows)} findings, "
              f"0 lost, 0 doubled; jobs {states}")
        # A put that comes between a scan's end and its job's makes a second job, which finds it scanned.
        assert len(jobs) >= IMAGES and set(states) == {"done"}, states
        assert running.stop() == 0


def stall_at(layer_name, content, manifest, stall):
    """Serves a registry of one image whose layer never ends."""
    def serve(handler):
        name = handler.path.rpartition("/")[2]
        if handler.path == "/v2/":
            handler.answer(200, b"{}")
        elif "/manifests/" in handler.path:
            handler.answer(200, manifest, "application/vnd.oci.image.manifest.v1+json")
        elif name == layer_name:
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(content[name])))
            handler.end_headers()
            handler.wfile.write(content[name][:len(content[name]) // 2])
            handler.wfile.flush()
            stall.wait(120)
        elif name in content:
            handler.answer(200, content[name], "application/octet-stream")
        else:
            handler.answer(404)
    return serve


@contextlib.contextmanager
def stalling_registry():
    """A registry whose one image never comes to its end. Answers server and digest."""
    data = layer({"a": random.Random(1).randbytes(200000)})
    config = b'{"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": []}}'
    content = {digest(data): data, digest(config): config}
    manifest = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                           "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "size": len(config), "digest": digest(config)},
                           "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "size": len(data),
                                       "digest": digest(data)}]}).encode()
    stall = threading.Event()
    with rig.Server(stall_at(digest(data), content, manifest, stall)) as server:
        try:
            yield server, digest(manifest)
        finally:
            stall.set()


def case_poison(folder):
    """An image during whose scan the process dies each time is put aside after its attempts; others are scanned."""
    with rig.registry(folder) as host, stalling_registry() as (server, poison):
        pusher = Pusher(host)
        names = [pusher.image("team/app", f"v{i}", [layer({"a": token(i)})]) for i in range(5)]
        words = [f"--registry={host}", f"--plain-http={host}", f"--registry={server.host}", f"--plain-http={server.host}", "--sweep=none",
                 "--max-attempts=3", "--workers=1"]
        running = Service(folder, *words).start()
        assert running.hook("distribution", event(server.host, "evil/app", poison)).status == 202
        deaths = 0
        while deaths < 3:
            seen = len(server.headers_of("/blobs/"))
            wait_until(lambda: len(server.headers_of("/blobs/")) > seen, 90, "the poison image is being scanned")
            if deaths == 0:
                for name in names:
                    assert running.hook("distribution", event(host, "team/app", name)).status == 202
            running.kill()
            deaths += 1
            running.start()
        wait_until(lambda: len(running.findings()) == 5, 60, "the other images")
        dead = wait_until(lambda: [job for job in running.jobs() if job["state"] == "dead"], 60, "the poison image is put aside")
        assert [job["digest"] for job in dead] == [poison], dead
        print(f"      put aside after {deaths} deaths: {dead[0].get('reason')}")
        assert running.stop() == 0


def case_drain(folder):
    """SIGTERM during a scan that does not end: the job is given back, and the next process scans it."""
    with stalling_registry() as (server, name):
        words = [f"--registry={server.host}", f"--plain-http={server.host}", "--sweep=none"]
        running = Service(folder, *words).start()
        assert running.hook("distribution", event(server.host, "slow/app", name)).status == 202
        wait_until(lambda: server.headers_of("/blobs/"), 30, "the scan begins")
        began = time.monotonic()
        assert running.stop(45) == 0, running.said()
        print(f"      ended {time.monotonic() - began:.1f} s after SIGTERM")
        seen = len(server.headers_of("/blobs/"))
        running.start()
        job = running.jobs()[0]
        assert job["state"] in ("waiting", "running"), job
        wait_until(lambda: len(server.headers_of("/blobs/")) > seen, 60, "the job is taken again")
        running.kill()


if __name__ == "__main__":
    rig.run({name[5:]: case for name, case in list(globals().items()) if name.startswith("case_")})
