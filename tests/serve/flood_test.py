#!/usr/bin/env python3
"""2,000 notifications in bursts, and a queue that is full. Prints latency, throughput and memory."""
import statistics
import threading
import time

from service import IS_SANITIZED, Pusher, Service, event, layer, rig, token, wait_until

IMAGES, NOTIFICATIONS, SENDERS, BURST = 200, 2000, 8, 50
PATIENCE = 600


def send(running, bodies, latencies, statuses):
    """Sends over one connection, as registries do, with a pause between bursts."""
    import http.client
    from service import SECRET
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
    headers = {"Content-Type": "application/vnd.docker.distribution.events.v1+json", "Authorization": f"Bearer {SECRET}"}
    for i, body in enumerate(bodies):
        if i % BURST == 0:
            time.sleep(0.1)
        began = time.perf_counter()
        connection.request("POST", "/hooks/distribution", body, headers)
        answer = connection.getresponse()
        answer.read()
        latencies.append(time.perf_counter() - began)
        statuses.append(answer.status)


def case_flood(folder):
    import json
    with rig.registry(folder) as host:
        pusher = Pusher(host)
        base = [layer({f"base/{i}": "x" * 1000 for i in range(200)})]
        names = [pusher.image(f"team/app{i % 20}", f"v{i}", base, [f"TOKEN={token(i)}"]) for i in range(IMAGES)]
        bodies = [json.dumps(event(host, f"team/app{i % IMAGES % 20}", names[i % IMAGES], f"v{i % IMAGES}")).encode()
                  for i in range(NOTIFICATIONS)]
        with Service(folder, f"--registry={host}", f"--plain-http={host}", "--sweep=none") as running:
            latencies, statuses = [], []
            before = running.memory()
            threads = [threading.Thread(target=send, args=(running, bodies[i::SENDERS], latencies, statuses)) for i in range(SENDERS)]
            began = time.monotonic()
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            sent = time.monotonic() - began
            peak_sending = running.memory()
            assert len(statuses) == NOTIFICATIONS and set(statuses) <= {200, 202}, {s: statuses.count(s) for s in set(statuses)}
            wait_until(lambda: len(running.findings()) == IMAGES, PATIENCE, "all images scanned")
            running.idle()
            done = time.monotonic() - began
            half, last = running.memory(), 0
            # The same again: everything is known, and nothing may grow.
            again, more = [], []
            send(running, bodies[:500], again, more)
            running.idle()
            last = running.memory()
            latencies.sort()
            print(f"      {NOTIFICATIONS} notifications in {sent:.1f} s: p50 {latencies[len(latencies) // 2] * 1000:.1f} ms, "
                  f"p99 {latencies[len(latencies) * 99 // 100] * 1000:.1f} ms, worst {latencies[-1] * 1000:.1f} ms")
            print(f"      {IMAGES} images in {done:.1f} s: {IMAGES / done * 60:.0f} a minute")
            print(f"      memory: {before >> 20} MiB before, {peak_sending >> 20} after sending, {half >> 20} when done, {last >> 20} "
                  f"after 500 more")
            assert len(running.findings()) == IMAGES and len(running.images()) == IMAGES
            metrics = running.metrics()
            assert metrics['silt_scans_total{result="failed"}'] == 0
            if not IS_SANITIZED:
                assert latencies[len(latencies) // 2] < 0.05, "the median answer takes longer than 50 ms"
                assert last - half < 16 << 20, "memory grows"


def case_a_full_queue(folder):
    """More than may wait: 429 with Retry-After, and the place that became free is taken later."""
    with rig.registry(folder) as host:
        pusher = Pusher(host)
        names = [pusher.image("team/app", f"v{i}", [layer({"a": token(i)})]) for i in range(6)]
        words = [f"--registry={host}", f"--plain-http={host}", "--sweep=none", "--max-queue=4"]
        with Service(folder, *words, "--workers=0") as running:
            answers = [running.hook("distribution", event(host, "team/app", name)) for name in names]
            assert [answer.status for answer in answers] == [202] * 4 + [429] * 2, answers
            assert int(answers[-1].headers["Retry-After"]) > 0
            assert running.ask("GET", "/readyz").status == 503
            assert running.hook("distribution", event(host, "team/app", names[0])).status in (200, 202), "what waits already has its place"
        with Service(folder, *words) as running:
            wait_until(lambda: len(running.findings()) == 4, 60, "the four that were taken")
            assert running.hook("distribution", event(host, "team/app", names[5])).status == 202
            wait_until(lambda: len(running.findings()) == 5, 60, "the one that was sent again")


def case_a_full_disk(folder):
    with Service(folder, "--registry=registry.example", "--sweep=none", "--min-free-disk=1000T") as running:
        answer = running.hook("distribution", event("registry.example", "a/b", "sha256:" + "0" * 64))
        assert answer.status == 429 and int(answer.headers["Retry-After"]) > 0, answer


if __name__ == "__main__":
    rig.run({name[5:]: case for name, case in list(globals().items()) if name.startswith("case_")})
