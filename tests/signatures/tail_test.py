"""tail_test.py SIGNATURES: tail.json is what tail/make_tail.py makes of tail/providers.tsv, and the table keeps its rules."""
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

FOLDER = Path(sys.argv.pop())


def ids_of(path):
    return [signature["id"] for signature in json.loads(path.read_text())["signatures"]]


class Tail(unittest.TestCase):
    def test_it_is_what_the_table_says(self):
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder) / "tail.json"
            subprocess.run([sys.executable, FOLDER / "tail/make_tail.py", made], check=True)
            self.assertTrue(made.read_bytes() == (FOLDER / "tail.json").read_bytes(), "run signatures/tail/make_tail.py")

    def test_the_table_is_in_order_and_has_each_id_once(self):
        rows = [line.split("\t") for line in (FOLDER / "tail/providers.tsv").read_text().splitlines() if line[:1] not in ("#", "")]
        ids = [row[0] if "." in row[0] else row[0] + ".api-key" for row in rows]
        self.assertEqual(ids, sorted(set(ids)))

    def test_no_id_is_another_file_s(self):
        others = [one for path in FOLDER.glob("*.json") if path.name != "tail.json" for one in ids_of(path)]
        self.assertEqual(set(others) & set(ids_of(FOLDER / "tail.json")), set())


if __name__ == "__main__":
    unittest.main()
