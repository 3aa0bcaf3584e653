#!/usr/bin/env python3
"""Many machines: a service that only takes notifications, workers that share its queue by NATS, and kills."""
import contextlib
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import time

from service import Pusher, Service, event, layer, rig, token, wait_until

IMAGES, WORKERS, KILLS = 60, 3, 15


@contextlib.contextmanager
def nats(folder):
    """nats-server with JetStream on loopback; answers its URL."""
    program = shutil.which("nats-server") or "/usr/sbin/nats-server"
    if not pathlib.Path(program).exists():
        raise FileNotFoundError("nats-server: apt-get install nats-server")
    port = rig.free_port()
    process = subprocess.Popen([program, "-a", "127.0.0.1", "-p", str(port), "-js", "-sd", f"{folder}/nats", "-l", f"{folder}/nats.log"],
                               preexec_fn=rig.end_with_parent)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        yield f"nats://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


class Worker(Service):
    """`silt worker`: it listens to nothing."""

    def command(self):
        return [rig.SILT, "worker", f"--state-dir={self.state}", *self.words]

    def start(self, wait=True):
        super().start(wait=False)
        if wait:
            wait_until(lambda: "working for" in self.said(), 120, "a worker")
        return self


def fleet_words(host, url):
    return [f"--registry={host}", f"--plain-http={host}", f"--nats={url}", "--max-attempts=50"]


def case_many_workers(folder):
    """What is pushed is found by one of the workers; layers that images share are scanned once."""
    with rig.registry(folder) as host, nats(folder) as url:
        words = fleet_words(host, url)
        pusher = Pusher(host)
        base = layer({"base/data": bytes(random.Random(1).randbytes(3000000)), "base/token": token(9999)})
        names = [pusher.image(f"team/app{i % 5}", f"v{i}", [base, layer({"a": token(i)})]) for i in range(IMAGES)]
        with Service(folder, *words, "--sweep=none", "--workers=0") as front, contextlib.ExitStack() as stack:
            workers = [stack.enter_context(Worker(folder, *words, "--workers=2", name=f"worker{i}")) for i in range(WORKERS)]
            for i, name in enumerate(names):
                assert front.hook("distribution", event(host, f"team/app{i % 5}", name, f"v{i}")).status == 202
            wait_until(lambda: len(front.images()) == IMAGES, 150, "all images")
            # one for each image, and that of the base in each of five repositories
            assert len(front.findings()) == IMAGES + 5, len(front.findings())
            fresh = sum(2 - image["cached_layers"] for image in front.images())
            did = [worker.said().count(": scanned") for worker in workers]
            print(f"      {IMAGES} images by {WORKERS} workers: {did}; {fresh} layers scanned of {IMAGES + 1} different")
            assert sum(did) == IMAGES and all(did), did
            assert fresh == IMAGES + 1, "a layer that images share is scanned once, however many workers meet it at once"
            # the same once more is known, and nothing is scanned
            answer = front.hook("distribution", event(host, "team/app0", names[0], "v0"))
            assert answer.status in (200, 202), answer


def case_kills(folder):
    """Workers and the service are killed at random: nothing is lost, nothing doubled."""
    random.seed(3)
    with rig.registry(folder) as host, nats(folder) as url:
        words = fleet_words(host, url)
        pusher = Pusher(host)
        base = layer({"base": "x" * 100000})
        names = [pusher.image(f"team/app{i % 5}", f"v{i}", [base, layer({"a": token(i)})]) for i in range(IMAGES)]
        front = Service(folder, *words, "--sweep=none", "--workers=0").start()
        workers = [Worker(folder, *words, "--workers=2", name=f"worker{i}").start() for i in range(WORKERS)]
        for i, name in enumerate(names):
            assert front.hook("distribution", event(host, f"team/app{i % 5}", name, f"v{i}")).status == 202
            if i % (IMAGES // KILLS) == 0:
                victim = random.choice([front, *workers])
                victim.kill()
                victim.start(wait=victim is front)
        wait_until(lambda: len(front.findings()) == IMAGES, 150, "all findings after the kills")
        front.idle()
        rows = front.findings()
        assert len({row["fingerprint"] for row in rows}) == len(rows) == IMAGES
        print(f"      {KILLS} kills: {len(rows)} findings of {IMAGES} images, 0 lost, 0 doubled")
        for running in [front, *workers]:
            assert running.stop() == 0, running.said()


if __name__ == "__main__":
    rig.run({name[5:]: case for name, case in list(globals().items()) if name.startswith("case_")})
