#!/usr/bin/env python3
"""What README.md promises a newcomer: its commands, in their order, with ports and home of the test's own."""
import json
import os
import pathlib
import re
import signal
import subprocess
import time

from service import rig

ROOT = pathlib.Path(__file__).resolve().parents[2]


def commands():
    section = (ROOT / "README.md").read_text().partition("in five minutes\n")[2]
    return re.search(r"\n\n((?:    .*\n|\n)+)\w", section).group(1)


def case_five_minutes(folder):
    rig.need("docker-registry", "skopeo")
    ours, theirs = rig.free_port(), rig.free_port()
    script = "\n".join(line[4:] for line in commands().splitlines())
    pathlib.Path(f"{folder}/policy.json").write_text('{"default": [{"type": "insecureAcceptAnything"}]}')
    changes = [("apt-get install docker-registry skopeo", ":"), ("silt serve", f"{rig.SILT} serve --listen localhost:{ours}"),
               ("localhost:8080", f"localhost:{ours}"), ("localhost:5000", f"localhost:{theirs}"),
               ("cli/quickstart ", f"mkdir -p build; {ROOT}/tests/fixtures/demo-image build/demo.tar # "),
               ("skopeo copy", f"skopeo copy --policy {folder}/policy.json")]
    for before, after in changes:
        assert before in script, f"README.md has no `{before}` any more"
        script = script.replace(before, after)
    # What a person does: read what the first command said, look into the dashboard a little later.
    script = script.replace("state=~", f"until curl -s localhost:{ours}/healthz >&2; do sleep 0.2; done\nstate=~")
    script = re.sub(r"(registry\.log 2>&1 &)", rf"\1\nuntil curl -s localhost:{theirs}/v2/ >&2; do sleep 0.2; done", script)
    script = script.replace("\ncurl -H", "\nsleep 5\ncurl -s -H")
    began = time.monotonic()
    with open(f"{folder}/said", "w") as said:
        shell = subprocess.Popen(["bash", "-c", script], cwd=folder, stdout=said, stderr=said, start_new_session=True,
                                 env={**os.environ, "HOME": folder, "XDG_STATE_HOME": "", "XDG_RUNTIME_DIR": folder})
    try:
        shell.wait(120)
    finally:
        os.killpg(shell.pid, signal.SIGTERM)
    said = pathlib.Path(f"{folder}/said").read_text()
    assert '{"items"' in said, said
    findings = json.loads(said[said.index('{"items"'):].splitlines()[0])
    print(f"      {findings['total']} findings {time.monotonic() - began:.0f} s after the first command")
    assert findings["total"] >= 8 and {row["repository"] for row in findings["items"]} == {"team/demo"}, (findings, said)


if __name__ == "__main__":
    rig.run({name[5:]: case for name, case in list(globals().items()) if name.startswith("case_")})
