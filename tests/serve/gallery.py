"""Images that show all there is to show: the demo image, one with hostile names, a clean one; and a service that has scanned them."""
import contextlib
import gzip
import json
import pathlib

from service import Pusher, Service, TOKEN, digest, layer, rig, token, wait_until

HOSTILE = "<script>alert(1)</script>\"'&\u202e.env"
INSTRUCTION = "RUN echo '<img src=x onerror=alert(2)>' \"$A\" && make \u202e install"


def hostile_image(pusher, repository, tag):
    """An image whose every name would be markup, if it were let."""
    layers = [layer({HOSTILE: token("hostile")}), layer({"clean": "nothing"})]
    config = json.dumps({"architecture": "<b>", "os": "linux", "config": {"Env": [f"TOKEN={token('env')}"], "Labels": {"<i>": "</title>"}},
                         "rootfs": {"type": "layers", "diff_ids": [digest(gzip.decompress(data)) for data in layers]},
                         "history": [{"created_by": INSTRUCTION}, {"created_by": "COPY clean /"}]}).encode()
    manifest = json.dumps({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "size": len(config), "digest": pusher.blob(repository, config)},
        "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "size": len(data),
                    "digest": pusher.blob(repository, data)} for data in layers]}).encode()
    pusher.ask("PUT", f"/v2/{repository}/manifests/{tag}", manifest, {"Content-Type": "application/vnd.oci.image.manifest.v1+json"})


def ask(running, image, force=False):
    answer = running.ask("POST", "/api/v1/scans", json.dumps({"image": image, "force": force}).encode(),
                         {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"})
    assert answer.status in (200, 202), answer
    return answer.json


def idle(running, seconds=120):
    """Waits until nothing waits or runs."""
    def is_idle():
        queue = running.api("/api/v1/stats")["queue"]
        return queue["waiting"] == queue["running"] == 0
    wait_until(is_idle, seconds, "an idle queue")


@contextlib.contextmanager
def gallery(folder, config=None, **more):
    """A service that has scanned the gallery, and the registry's host."""
    rig.need("skopeo", "docker-registry")
    recipe = (pathlib.Path(__file__).parents[1] / "fixtures/demo.recipe").read_text()
    with rig.registry(folder) as host:
        pusher = Pusher(host)
        demo, tag = rig.layout(folder, "demo", recipe)
        rig.push(folder, f"oci:{demo}:{tag}", host, "shop/api:1.4")
        rig.push(folder, f"oci:{demo}:{tag}", host, "shop/api:latest")
        hostile_image(pusher, "team/hostile", "1")
        pusher.image("team/clean", "1", [layer({"a": "nothing"})])
        registry = {"host": host, "plain-http": True, "sweep": "none"}
        with Service(folder, config={"registries": [registry], **(config or {})}, **more) as running:
            for image in ("shop/api:1.4", "shop/api:latest", "team/hostile:1", "team/clean:1"):
                ask(running, f"{host}/{image}")
            idle(running)
            yield running, host
