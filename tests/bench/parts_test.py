"""The tools of bench/: made-up texts, layouts, timing, the verdict on a figure. $SILT_COMMAND, $BENCH_BUILD."""
import importlib.machinery
import importlib.util
import io
import os
import pathlib
import sys
import tarfile
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench"))
import endless  # noqa: E402
import layouts  # noqa: E402
import measures  # noqa: E402
import results  # noqa: E402
import texts  # noqa: E402
import timing  # noqa: E402

SIGNATURES = ROOT / "signatures"
BUILD = pathlib.Path(os.environ["BENCH_BUILD"])
USAGE = BUILD / "bench/bench-usage"


def program(name):
    """A program of bench/ as a module."""
    loader = importlib.machinery.SourceFileLoader(name, str(ROOT / "bench" / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


class InFolder(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)


class Texts(InFolder):
    def test_planted_is_the_same_each_time_and_holds_every_example(self):
        for name in "ab":
            texts.planted(self.folder / name, SIGNATURES)
        content = (self.folder / "a").read_bytes()
        self.assertEqual(content, (self.folder / "b").read_bytes())
        for signature in texts.signatures_in(SIGNATURES):
            if "pattern" in signature:
                for example in texts.examples_of(signature):
                    self.assertIn(example.encode(), content, signature["id"])

    def test_a_longer_worst_text_begins_with_the_shorter(self):
        texts.worst(self.folder / "short", SIGNATURES, 100_000)
        texts.worst(self.folder / "long", SIGNATURES, 300_000)
        short, long = ((self.folder / name).read_bytes() for name in ("short", "long"))
        self.assertEqual((len(short), len(long)), (100_000, 300_000))
        self.assertEqual(short, long[:100_000])

    def test_names_fit_their_globs(self):
        self.assertEqual(texts.name_from("**/gh/{hosts.yml,b}"), "some/gh/hosts.yml")
        self.assertEqual(texts.name_from("*.{p12,pfx}"), "x.p12")

    def test_an_endless_tree_is_a_tar_of_different_files(self):
        out = io.BytesIO()
        endless.write_tree(out, 1500, 600)
        out.write(bytes(1024))
        out.seek(0)
        with tarfile.open(fileobj=out) as tar:
            contents = {tar.extractfile(member).read() for member in tar}
        self.assertEqual((len(contents), {len(content) for content in contents}), (1500, {600}))


class Layouts(InFolder):
    def test_parts_of_a_tar_hold_all_of_it(self):
        whole = self.folder / "whole.tar"
        texts.write_tar(whole, [("long/" * 40 + str(number), bytes(number * 37)) for number in range(100)])
        names = []
        parts = 0
        for part, in layouts.split_tar(whole, 7, self.folder):
            with tarfile.open(part) as tar:
                names += tar.getnames()
            parts += 1
        with tarfile.open(whole) as tar:
            self.assertEqual((parts, names), (7, tar.getnames()))

    def test_a_streamed_image_is_one_that_silt_reads(self):
        layout = layouts.streamed_image("tiny", [sys.executable, ROOT / "bench/endless.py", "tree", "5", "1000"], self.folder)
        sample = timing.Sample(USAGE, [os.environ["SILT_COMMAND"], "scan", "--quiet", "--no-cache", f"oci:{layout}"])
        self.assertEqual(sample.code, 0)

    def test_an_image_is_known_by_its_content_and_not_by_its_compression(self):
        tar = self.folder / "a.tar"
        texts.write_tar(tar, [("a", b"delta")])
        known = {layouts.Layout(layouts.image_of("a", [[tar]], how, self.folder)).content() for how in ("gzip", "zstd", "none")}
        other = self.folder / "b.tar"
        texts.write_tar(other, [("a", b"river")])
        self.assertEqual(len(known), 1)
        self.assertNotIn(layouts.Layout(layouts.image_of("b", [[other]], "gzip", self.folder)).content(), known)


class Timing(unittest.TestCase):
    def test_a_sample_tells_the_command_s_own_figures(self):
        small = timing.Sample(USAGE, ["sh", "-c", "sleep 0.2; exit 3"])
        self.assertEqual(small.code, 3)
        self.assertGreater(small.wall, 0.2)
        self.assertLess(small.rss, 8 << 20)  # less than this Python takes
        large = timing.Sample(USAGE, [sys.executable, "-c", "x = b'1' * (100 << 20); sum(range(10**6))"])
        self.assertGreater(large.rss, 100 << 20)
        self.assertGreater(large.cpu, 0.01)

    def test_a_command_that_fails_ends_the_run(self):
        with self.assertRaises(SystemExit):
            timing.Sample(USAGE, ["sh", "-c", "exit 2"])

    def test_ratios_are_those_of_the_turns(self):
        runs = timing.in_turn(USAGE, {"slow": ["sleep", "0.2"], "fast": ["sleep", "0.1"]}, 3)
        self.assertEqual(len(runs.ratios("slow", "fast")), 3)
        self.assertTrue(all(ratio > 1.2 for ratio in runs.ratios("slow", "fast")))

    def test_own_children_are_not_others(self):
        load = timing.Load()
        timing.Sample(USAGE, [sys.executable, "-c", "sum(range(3 * 10**7))"])
        alone = load.others()
        hog = __import__("subprocess").Popen(["setsid", "-f", "sh", "-c", "timeout 1 sh -c 'while :; do :; done'"])
        hog.wait()
        load = timing.Load()
        timing.Sample(USAGE, ["sleep", "0.8"])
        self.assertGreater(load.others(), 0.5 / os.cpu_count())
        self.assertLess(alone, 1.0)


class Results(InFolder):
    known = {"a": 1.0}

    def test_a_loss_is_more_than_the_tolerance_on_a_compared_row(self):
        self.assertFalse(results.is_lost(results.Row("a", [0.9, 1.14, 9.0], "x"), self.known))
        self.assertTrue(results.is_lost(results.Row("a", [0.9, 1.16, 9.0], "x"), self.known))
        self.assertFalse(results.is_lost(results.Row("a", 9.0, "s"), self.known))
        self.assertFalse(results.is_lost(results.Row("b", 9.0, "x"), self.known))

    def test_goals_are_limits_above_or_below(self):
        self.assertEqual(results.Row("a", 0.2, "x", goal="<= 0.25").verdict(), "reached")
        self.assertEqual(results.Row("a", 1.4, "GB/s", goal=">= 1.5").verdict(), "MISSED")

    def test_a_suspicious_row_is_measured_again_before_it_is_a_loss(self):
        run, turns = program("run"), []

        class Bench:
            pass

        def settles(bench):
            turns.append(bench.turns)
            return [results.Row("a", 2.0 if len(turns) < 3 else 1.0, "x")]

        bench = Bench()
        bench.turns = 2
        rows = run.run_all(bench, [settles], self.known)
        self.assertEqual([row.value for row in rows], [1.0])
        self.assertEqual((turns, bench.turns), ([2, 4, 8], 2))
        row, = run.run_all(bench, [lambda bench: [results.Row("a", 2.0, "x")]], self.known)
        for others, code in ((0.01, 1), (0.5, run.INCONCLUSIVE)):
            row.others = others
            self.assertEqual(run.tell([row], self.known), code)
        fine = results.Row("a", 1.0, "x")
        self.assertEqual([run.tell([fine], self.known), run.tell([fine], {}), run.tell([], self.known)],
                         [0, run.INCONCLUSIVE, run.INCONCLUSIVE])

    def test_what_was_measured_on_a_busy_machine_is_no_reference(self):
        path, rows = self.folder / "reference.json", [results.Row("a", 1.0, "x"), results.Row("b", 9.0, "MiB")]
        for row in rows:
            row.others = 0.4
        results.write_reference(path, "quick", {"rows": [row.as_json() for row in rows]})
        self.assertEqual(results.read_reference(path, "quick"), {"b": 9.0})

    def test_a_reference_has_a_section_a_size(self):
        path = self.folder / "reference.json"
        for size, value in (("quick", 1.0), ("full", 2.0)):
            results.write_reference(path, size, {"rows": [results.Row("a", value, "x").as_json(), results.Row("b", 1.0, "s").as_json()]})
        self.assertEqual(results.read_reference(path, "quick"), {"a": 1.0})
        self.assertEqual(results.read_reference(path, "full"), {"a": 2.0})
        self.assertEqual(results.read_reference(path, "default"), {})


class Measures(InFolder):
    def bench(self):
        """Quick measures over corpora of a few bytes."""
        for kind in ("debian", "npm"):
            texts.write_tar(self.folder / f"{kind}-quick.tar", [(f"{kind}/{number}", b"layer upon layer of api_key = delta\n" * 900) for number in range(20)])
        return measures.Bench(build=BUILD, folder=self.folder, size="quick", turns=1, peers={"other": "cat {}/index.json"})

    def test_matching_is_told_apart_from_the_rest(self):
        told = measures.match_file(self.bench(), self.folder / "npm-quick.tar")
        self.assertGreaterEqual(told.bytes, 20 * 900 * 36)
        self.assertGreater(told.whole, told.rest)
        self.assertGreater(told.matching, 0)

    def test_an_image_s_rows_name_reference_and_peer(self):
        names = [row.name for row in measures.two_gzip(self.bench())]
        self.assertIn("two gzip layers: silt / igzip -dc", names)
        self.assertIn("two gzip layers: other / silt", names)

    def test_a_second_scan_follows_the_first_with_one_cache(self):
        bench = self.bench()
        kept, measures.has_layer_cache = measures.has_layer_cache, lambda bench: True
        self.addCleanup(setattr, measures, "has_layer_cache", kept)
        row, = measures.rescan(bench)
        self.assertGreater(row.value, 0)
        layers = [layouts.Layout(self.folder / f"image-quick-change-{number}-gzip").layers() for number in (1, 2)]
        self.assertEqual([a.name == b.name for a, b in zip(*layers)], [True, True, False])

    def test_cost_against_layers_is_of_the_same_bytes(self):
        rows = measures.by_layers(self.bench())
        self.assertEqual(sum(row.unit == "x" for row in rows), 2)


class Findings(unittest.TestCase):
    finding = {"signature": "a.b", "chain": ["x.jar"], "path": "in\n.yml", "line": 3, "column": 4, "origin": "file", "state": "present",
               "layer": {"index": 2}, "confidence": "low", "severity": "high", "decoded_from": [], "also_at": [],
               "redacted": "a****b", "secret_hash": "00ff"}

    def setUp(self):
        self.findings = program("findings")

    def test_a_line_holds_what_must_not_change_and_the_record_no_hash(self):
        line = self.findings.line_of(self.finding)
        self.assertEqual(line.split("\t")[:3], ["a.b", "x.jar!in\\n.yml:3:4", "file@2:present"])
        self.assertNotIn("\n", line)
        short = self.findings.short(line)
        self.assertNotIn("00ff", short)
        self.assertNotIn("****", short)
        for key, value in (("secret_hash", "00fe"), ("line", 4), ("confidence", "medium"), ("redacted", "a****c")):
            self.assertNotEqual(short, self.findings.short(self.findings.line_of(self.finding | {key: value})), key)

    def test_lists_with_the_same_lines_are_the_same(self):
        self.assertFalse(self.findings.differences("a", ["x", "y"], ["x", "y"]))
        self.assertTrue(self.findings.differences("a", ["x", "x"], ["x"]))


if __name__ == "__main__":
    unittest.main()
