"""measures.py: what bench/run measures, one function a measure, and the table of them.

A measure answers its rows. README.md defines each.
"""
import json
import os
import pathlib
import re
import shlex
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass, field

import corpora
import layouts
import texts
from results import Row
from timing import Sample, in_turn, shell

ROOT = pathlib.Path(__file__).resolve().parents[1]
ENDLESS = ROOT / "bench/endless.py"
GIB = 1 << 30
FILE_COUNTS = (10**3, 10**5, 10**6)


@dataclass
class Bench:
    """What all measures share."""

    build: pathlib.Path
    folder: pathlib.Path
    size: str  # quick or whole: the corpora
    turns: int
    peers: dict = field(default_factory=dict)

    def __post_init__(self):
        self.silt, self.usage = self.build / "cli/silt", self.build / "bench/bench-usage"

    @property
    def is_quick(self):
        return self.size == "quick"

    def scan(self, target, *options):
        return [self.silt, "scan", "--quiet", "--no-cache", *options, target]

    def in_turn(self, commands, turns=None):
        return in_turn(self.usage, commands, turns or self.turns)

    def goal(self, text):
        """Goals are those of the whole image."""
        return None if self.is_quick else text

    def image(self, how, is_one=False):
        return corpora.image(self.size, how, self.folder, is_one)

    def tiny(self):
        path = self.folder / "tiny.txt"
        path.write_text("nothing here\n")
        return f"file:{path}"


def unpacking(layout, command):
    """A command that decompresses the layers one after another."""
    layers = " ".join(shlex.quote(str(path)) for path in layouts.Layout(layout).layers())
    return shell(f"for f in {layers}; do {command} < $f; done > /dev/null")


def against_unpacking(bench, label, layout, references, peers=()):
    """Wall time of a scan as ratios to decompressing the same layers one after another, and its memory."""
    commands = {"silt": bench.scan(f"oci:{layout}")}
    commands |= {name: unpacking(layout, name) for name in references}
    commands |= {name: shell(command.replace("{}", shlex.quote(str(layout)))) for name, command in dict(peers).items()}
    runs = bench.in_turn(commands)
    rows = [Row(f"{label}: silt / {name}", runs.ratios("silt", name), "x",
                f"{runs.median('silt'):.2f} s ({runs.spread('silt')}) / {runs.median(name):.2f} s ({runs.spread(name)})",
                bench.goal(goal)) for name, goal in references.items()]
    rows += [Row(f"{label}: {name} / silt", runs.ratios(name, "silt"), "x", f"{runs.median(name):.2f} s", is_compared=False)
             for name in dict(peers)]
    one_job = Sample(bench.usage, bench.scan(f"oci:{layout}", "--jobs", "1"))
    first = next(iter(references))
    rows += [Row(f"{label}: processor time, silt / {first}", runs.ratios("silt", first, "cpu"), "x",
                 f"{runs.median('silt', 'cpu'):.2f} s / {runs.median(first, 'cpu'):.2f} s"),
             Row(f"{label}: peak RSS", runs.peak("silt") / 2**20, "MiB", goal="<= 256"),
             Row(f"{label}: peak RSS, --jobs 1", one_job.rss / 2**20, "MiB", f"{one_job.wall:.2f} s", "<= 96")]
    return rows


def two_gzip(bench):
    return against_unpacking(bench, "two gzip layers", bench.image("gzip"), {"gzip -dc": "<= 0.25", "igzip -dc": "<= 1.0"}, bench.peers)


def one_gzip(bench):
    return against_unpacking(bench, "one gzip layer", bench.image("gzip", is_one=True), {"igzip -dc": "<= 1.15"})


def two_zstd(bench):
    return against_unpacking(bench, "two zstd layers", bench.image("zstd"), {"zstd -dc": "<= 1.2"})


def wide(bench):
    layout = corpora.image("wide", "gzip", bench.folder)
    return against_unpacking(bench, "wide image, two gzip layers", layout, {"gzip -dc": None, "igzip -dc": None})


@dataclass
class Matched:
    """What bench-match says of a file: bytes of content, and seconds of the whole scan and of all but matching."""

    bytes: int
    findings: int
    whole: float
    rest: float

    @property
    def matching(self):
        """Seconds of matching and confirming by themselves."""
        return self.whole - self.rest

    @property
    def cost(self):
        return self.matching / self.bytes


def match_file(bench, path):
    """One run of bench-match, after one that warms up."""
    done = subprocess.run([bench.build / "bench/bench-match", "2", path], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"bench: {done.stderr}")
    told = json.loads(done.stdout)
    return Matched(told["bytes"], told["findings"], told["whole"][1], told["rest"][1])


def matching(bench):
    """Rates a core. What is compared is the time in units of what inflating the same bytes takes, turn by turn."""
    image = layouts.Layout(bench.image("gzip")).layers()
    rows = []
    for kind, label, layer, goal in (("npm", "npm tree", image[1], ">= 1.5"), ("debian", "Debian root", image[0], ">= 2.0")):
        tar, unpack = corpora.tar_of(kind, bench.size, bench.folder), shell(f"igzip -dc < {layer} > /dev/null")
        turns = [(match_file(bench, tar), Sample(bench.usage, unpack)) for _ in range(bench.turns)]
        first = turns[0][0]
        rows += [Row(f"matching + confirm, a core: {label}", [told.bytes / told.matching / 1e9 for told, _ in turns], "GB/s",
                     f"{first.bytes / 1e6:.0f} MB, {first.findings} findings", bench.goal(goal)),
                 Row(f"matching + confirm / igzip -dc, a core: {label}", [told.matching / yardstick.cpu for told, yardstick in turns], "x"),
                 Row(f"whole pipeline on a plain tar, a core: {label}", [told.bytes / told.whole / 1e9 for told, _ in turns], "GB/s")]
    return rows


def worst_text(bench):
    """Dear text at three sizes: the rate, and whether a byte costs the same in the longer ones, turn by turn."""
    sizes = (2, 4, 8) if bench.is_quick else (8, 16, 32)
    paths = {mib: corpora.worst(bench.folder, mib) for mib in sizes}
    turns = [{mib: match_file(bench, path) for mib, path in paths.items()} for _ in range(bench.turns)]
    rows = [Row(f"worst-case text, matching + confirm, a core: {mib} MiB", [turn[mib].bytes / turn[mib].matching / 1e6 for turn in turns],
                "MB/s", f"{turns[0][mib].findings} findings", bench.goal(">= 150")) for mib in sizes]
    first, *longer = sizes
    rows += [Row(f"worst-case text: cost a byte, {mib} MiB / {first} MiB", [turn[mib].cost / turn[first].cost for turn in turns], "x",
                 goal="<= 1.1") for mib in longer]
    return rows


def has_layer_cache(bench):
    """Whether this silt keeps results of layers, as its help says of --cache-dir."""
    told = subprocess.run([bench.silt, "scan", "--help"], capture_output=True, text=True).stdout
    about = re.search(r"--cache-dir DIR(.*?)\n\s+(?:-\w, )?--", told, re.DOTALL)
    return bool(about and re.search(r"\b(layers?|results?)\b", about[1]))


def small_change(bench, number):
    """The image with one more small layer, which differs with the number."""
    out = bench.folder / f"change-{number}.tar"
    corpora.kept(out, lambda part: texts.write_tar(part, [("etc/app.conf", f"version = {number}\nname = delta\n".encode() * 500)]))
    base = [[corpora.tar_of(kind, bench.size, bench.folder)] for kind in ("debian", "npm")]
    return layouts.image_of(f"{bench.size}-change-{number}", [*base, [out]], "gzip", bench.folder)


def rescan(bench):
    """An image scanned with an empty cache, then the same with its small last layer changed; a cache of its own each turn."""
    if not has_layer_cache(bench):
        print("re-scan with one changed small layer: this silt has no layer cache")
        return []
    before, after = small_change(bench, 1), small_change(bench, 2)
    cache, ratios, notes = bench.folder / "cache", [], []
    for _ in range(bench.turns):
        shutil.rmtree(cache, ignore_errors=True)
        cold, warm = (Sample(bench.usage, [bench.silt, "scan", "--quiet", "--cache-dir", cache, f"oci:{image}"]) for image in (before, after))
        ratios.append(warm.wall / cold.wall)
        notes.append(f"{warm.wall:.3f} s / {cold.wall:.3f} s")
    shutil.rmtree(cache, ignore_errors=True)
    return [Row("re-scan with one changed small layer, warm / cold", ratios, "x", notes[0], bench.goal("<= 0.1"))]


def start_up(bench):
    """To the first byte scanned: a tiny file, less what any process costs. Compared in units of Python's start."""
    runs = bench.in_turn({"silt": bench.scan(bench.tiny()), "true": ["true"], "python": [sys.executable, "-IS", "-c", "pass"]},
                         max(bench.turns, 10))
    none = runs.median("true")
    own = [sample.wall - none for sample in runs.samples["silt"]]
    python = runs.median("python") - none
    return [Row("start-up to first byte scanned", [1000 * wall for wall in own], "ms", goal="<= 20"),
            Row("start-up / start of Python", [wall / python for wall in own], "x")]


def stages(bench):
    """Processor time of each stage, by leaving the later ones out."""
    bare = next(one["id"] for one in texts.signatures_in(ROOT / "signatures") if "pattern" not in one)
    plain, packed = f"oci:{bench.image('none')}", f"oci:{bench.image('gzip')}"
    steps = [("start-up", bench.scan(bench.tiny(), "--jobs", "1", "--only", bare)),
             ("read, SHA-256, archive walk, windows", bench.scan(plain, "--jobs", "1", "--only", bare)),
             ("matching and confirming", bench.scan(plain, "--jobs", "1")),
             ("inflating, and SHA-256 of the layers as stored", bench.scan(packed, "--jobs", "1"))]
    runs = bench.in_turn(dict(steps))
    rows, before = [], 0.0
    for name, _ in steps:
        total = runs.median(name, "cpu")
        rows.append(Row(f"stage: {name}", total - before, "s"))
        before = total
    return rows


def unit_costs(bench, label, units, images, turns):
    """Processor time a unit for several sizes, start-up taken off; then each against the first. The first is short, so it
    is run often, in turn with a tiny file."""
    first, *larger = images
    commands = {name: bench.scan(f"oci:{layout}") for name, layout in images.items()}
    short = bench.in_turn({"tiny": bench.scan(bench.tiny()), first: commands[first]}, 5 * turns)
    long = bench.in_turn({name: commands[name] for name in larger}, turns)
    start = short.median("tiny", "cpu")
    costs, rows = {}, []
    for runs, names in ((short, [first]), (long, larger)):
        for name in names:
            costs[name] = [(sample.cpu - start) / units[name] for sample in runs.samples[name]]
            rows.append(Row(f"{label}: {name}", [1e6 * cost for cost in costs[name]], "us", f"{runs.median(name):.2f} s wall"))
            rows.append(Row(f"{label}: {name}: peak RSS", runs.peak(name) / 2**20, "MiB", goal="<= 256"))
    base = statistics.median(costs[first])
    rows += [Row(f"{label}: {name} / {first}", [cost / base for cost in costs[name]], "x", goal="<= 1.1") for name in larger]
    return rows


def by_bytes(bench):
    names = {f"{gib} GiB": gib for gib in (1, 4, 10)}
    images = {name: layouts.streamed_image(f"bytes-{gib}", [sys.executable, ENDLESS, "file", str(gib * GIB)], bench.folder)
              for name, gib in names.items()}
    return unit_costs(bench, "cost against size (a MiB)", {name: gib * 1024 for name, gib in names.items()}, images, 2)


def by_layers(bench):
    tar = corpora.tar_of("npm", bench.size, bench.folder)
    images = {}
    for count in (1, 32, 127):
        parts = layouts.split_tar(tar, count, bench.folder)
        images[f"{count} layer{'s' if count > 1 else ''}"] = layouts.image_of(f"{bench.size}-{count}-layers", parts, "gzip", bench.folder)
    mib = tar.stat().st_size / 2**20
    return unit_costs(bench, "cost against layers (a MiB)", dict.fromkeys(images, mib), images, max(3, bench.turns))


def by_files(bench):
    counts = {f"{count:,} files": count for count in FILE_COUNTS}
    images = {name: layouts.streamed_image(f"files-{count}", [sys.executable, ENDLESS, "tree", str(count), "2048"], bench.folder)
              for name, count in counts.items()}
    return unit_costs(bench, "cost against files (a file)", counts, images, 3)


def endless_input(bench):
    """Memory on input that is never stored: one file, and an archive of many."""
    rows = []
    for kind, words in (("file", [str(10 * GIB)]), ("tree", [str(10 * GIB >> 16), str(1 << 16)])):
        source = subprocess.Popen([sys.executable, ENDLESS, kind, *words], stdout=subprocess.PIPE)
        sample = Sample(bench.usage, [bench.silt, "scan", "--quiet", "-"], stdin=source.stdout)
        source.stdout.close()
        source.wait()
        rows.append(Row(f"peak RSS, 10 GiB as one {kind} on standard input", sample.rss / 2**20, "MiB",
                        f"{10 * GIB / sample.wall / 1e9:.2f} GB/s, exit {sample.code}", "<= 256"))
    return rows


# Each measure, and from which size of run on it is taken: quick, default or full.
MEASURES = [
    (start_up, "quick"),
    (matching, "quick"),
    (worst_text, "quick"),
    (two_gzip, "quick"),
    (one_gzip, "quick"),
    (two_zstd, "quick"),
    (rescan, "quick"),
    (stages, "default"),
    (wide, "full"),
    (by_layers, "full"),
    (by_files, "full"),
    (by_bytes, "full"),
    (endless_input, "full"),
]
