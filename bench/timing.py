"""timing.py: commands run in turn, and what their times say.

Commands that are compared run in turns, A B A B …, so that what slows the machine slows both; a ratio is the median of
the turns' ratios. What other processes used of the processors meanwhile is noted: a ratio of a command with two
threads to one with a single thread means nothing on a machine that is busy.
"""
import json
import os
import shlex
import statistics
import subprocess
import sys
import time

GOOD_CODES = (0, 1, 3)  # silt's: clean, findings, incomplete


class Sample:
    """One finished run of a command: wall, cpu (seconds), rss (bytes), code."""

    def __init__(self, usage, command, stdin=None):
        done = subprocess.run([usage, *map(str, command)], stdin=stdin, stdout=subprocess.PIPE, check=True)
        told = json.loads(done.stdout)
        self.wall, self.cpu, self.rss, self.code = (told[name] for name in ("wall", "cpu", "rss", "code"))
        if self.code not in GOOD_CODES:
            sys.exit(f"bench: {shlex.join(map(str, command))} ended with {self.code}")


def busy_seconds():
    """Processor time that all processes have used so far (proc(5), /proc/stat: user, nice, system, irq, softirq, steal)."""
    with open("/proc/stat") as stat:
        fields = list(map(int, stat.readline().split()[1:9]))
    return (sum(fields) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")


class Load:
    """The share of the processors that went to processes other than this one and its children."""

    def __init__(self):
        self.start, self.busy, self.own = time.monotonic(), busy_seconds(), sum(os.times()[:4])

    def others(self):
        own = sum(os.times()[:4]) - self.own
        return max(0.0, (busy_seconds() - self.busy - own) / (time.monotonic() - self.start) / os.cpu_count())


class Runs:
    """Samples of several commands, by name; sample i of each belongs to turn i."""

    def __init__(self, samples):
        self.samples = samples

    def median(self, name, what="wall"):
        return statistics.median(getattr(sample, what) for sample in self.samples[name])

    def peak(self, name):
        return max(sample.rss for sample in self.samples[name])

    def spread(self, name):
        walls = [sample.wall for sample in self.samples[name]]
        return f"{min(walls):.2f}–{max(walls):.2f}"

    def ratios(self, name, reference, what="wall"):
        return [getattr(a, what) / getattr(b, what) for a, b in zip(self.samples[name], self.samples[reference])]


def in_turn(usage, commands, turns):
    """Runs each command `turns` times, in turn, after one round that only warms up."""
    samples = {name: [] for name in commands}
    for turn in range(turns + 1):
        for name, command in commands.items():
            sample = Sample(usage, command)
            if turn > 0:
                samples[name].append(sample)
    return Runs(samples)


def shell(command):
    return ["sh", "-c", command]
