#!/usr/bin/env python3
"""What cli/serve/deploy hands out works: the unit, the configuration, and the compose file's way to have a registry notify."""
import json
import os
import pathlib
import re
import subprocess

from service import SECRET, Pusher, Service, layer, rig, token, wait_until

DEPLOY = pathlib.Path(__file__).resolve().parents[2] / "cli/serve/deploy"


def case_unit(folder):
    """systemd reads it, and finds it little exposed."""
    rig.need("systemd-analyze")
    done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=20", f"{DEPLOY}/silt.service"], capture_output=True,
                          text=True)
    assert done.returncode == 0 and "exposure level" in done.stdout, done.stdout[-300:] + done.stderr
    print("     ", done.stdout.strip().splitlines()[-1].lstrip("→ "))
    unit = (DEPLOY / "silt.service").read_text().replace("/usr/bin/silt", os.path.realpath(rig.SILT))
    pathlib.Path(f"{folder}/silt.service").write_text(unit)
    done = subprocess.run(["systemd-analyze", "verify", f"{folder}/silt.service"], capture_output=True, text=True)
    assert "silt.service" not in done.stderr, done.stderr


def case_configuration(folder):
    """serve.json is good, its files given."""
    text = (DEPLOY / "serve.json").read_text()
    for name in re.findall(r'"/etc/silt/([\w-]+)"', text):
        pathlib.Path(f"{folder}/{name}").write_text("0123456789abcdef-" + name + "\n")
    pathlib.Path(f"{folder}/serve.json").write_text(text.replace("/etc/silt/", f"{folder}/"))
    done = subprocess.run([rig.SILT, "serve", "--check", "--config", f"{folder}/serve.json", f"--state-dir={folder}/state"], capture_output=True,
                          text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def case_compose(folder):
    """The registry's part of compose.yml makes Debian's docker-registry notify, under the name that the silt part knows it by."""
    rig.need("docker-registry")
    compose = (DEPLOY / "compose.yml").read_text()
    block = re.search(r"REGISTRY_NOTIFICATIONS_ENDPOINTS: \|\n((?: {8}.*\n)+)", compose).group(1)
    words = json.loads(re.search(r"command: (\[.*\])", compose).group(1))
    ours, theirs = rig.free_port(), rig.free_port()
    endpoints = re.sub(r"\$\{SILT_HOOK_SECRET[^}]*\}", SECRET, block).replace("http://silt:8080", f"http://127.0.0.1:{ours}")
    # There, registry and localhost are two names of one registry; so are here 127.0.0.1 and localhost.
    words = [word.replace("registry:5000", f"127.0.0.1:{theirs}").replace("localhost:5000", f"localhost:{theirs}") for word in words]
    setup = {"version": 0.1, "storage": {"filesystem": {"rootdirectory": f"{folder}/data"}}, "http": {"addr": f"127.0.0.1:{theirs}"}}
    pathlib.Path(f"{folder}/registry.yml").write_text(json.dumps(setup))
    environment = {**os.environ, "REGISTRY_NOTIFICATIONS_ENDPOINTS": endpoints}
    with rig.running(["docker-registry", "serve", f"{folder}/registry.yml"], f"{folder}/log", environment) as process:
        rig.wait_for_port(theirs, process)
        with Service(folder, *words, "--sweep=none", port=ours) as running:
            Pusher(f"localhost:{theirs}").image("team/app", "1", [layer({"a": token(1)})])
            rows = wait_until(running.findings, 60, "the finding of what was pushed to localhost")
            assert rows[0]["registry"] == f"127.0.0.1:{theirs}", rows


if __name__ == "__main__":
    rig.run({name[5:]: case for name, case in list(globals().items()) if name.startswith("case_")})
