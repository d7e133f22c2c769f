"""The logic of what measures and compares, and what it has written.

    python3 -m unittest discover Tests/Benchmarks
"""

import json
import re
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import contestants
import isa
import markdown
import stages
from journal import Journal

PACKAGE = Path(__file__).resolve().parents[2]
TRAINED = ["xor", "parity", "reverse", "shell", "grok"]


def safetensors(**tensors):
    """A file of tensors of bytes."""
    header, data = {}, b""
    for name, values in tensors.items():
        header[name] = {"dtype": "U8", "shape": [len(values)], "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


class Numbers(unittest.TestCase):
    def test_rounds_to_digits_that_count(self):
        for value, digits, text in [
            (0, 3, "0"), (1.4938, 3, "1.49"), (0.053049, 3, "0.0530"), (30.6, 2, "31"), (1234.5, 2, "1,200"),
            (0.0996, 2, "0.100"), (2, 3, "2.00"),
        ]:
            self.assertEqual(markdown.rounded(value, digits), text)

    def test_reads_the_table_that_it_writes(self):
        rows = [["xor", "1.0×"], ["shell", "2.0×"]]
        self.assertEqual(markdown.tables(markdown.table(["workload", "ratio"], rows)), [[["workload", "ratio"], *rows]])


class Sections(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = Path(self.folder.name, "README.md")

    def test_replaces_what_stands_between_the_marks_alone(self):
        self.path.write_text("before\n<!-- a -->\nold\n<!-- end of a -->\n<!-- b -->\nkept\n<!-- end of b -->\n")
        markdown.replace_section(self.path, "a", "new\n\n\\1 lines")
        self.assertEqual(
            self.path.read_text(),
            "before\n<!-- a -->\nnew\n\n\\1 lines\n<!-- end of a -->\n<!-- b -->\nkept\n<!-- end of b -->\n")
        self.assertEqual(markdown.section(self.path, "b"), "kept")

    def test_refuses_a_file_without_the_marks_or_with_two(self):
        for text in ["nothing\n", "<!-- a -->\nx\n<!-- end of a -->\n" * 2]:
            self.path.write_text(text)
            with self.assertRaisesRegex(SystemExit, "one is needed"):
                markdown.replace_section(self.path, "a", "new")
            self.assertEqual(self.path.read_text(), text)


class JournalTest(unittest.TestCase):
    def test_goes_on_with_the_same_programs_and_begins_anew_with_others(self):
        with tempfile.TemporaryDirectory() as folder:
            program, path = Path(folder, "bench"), Path(folder, "journal.json")
            program.write_bytes(b"one")
            self.assertEqual(Journal(path, [program])("xor", lambda: 1), 1)
            self.assertEqual(Journal(path, [program])("xor", lambda: 2), 1)
            program.write_bytes(b"other")
            self.assertEqual(Journal(path, [program])("xor", lambda: 3), 3)


class Turns(unittest.TestCase):
    def test_takes_turns_and_the_median(self):
        order = []

        class Scripted:
            def __init__(self, name, seconds):
                self.name, self.left = name, list(seconds)

            def seconds(self):
                order.append(self.name)
                return self.left.pop(0)

        found = contestants.taking_turns({"a": Scripted("a", [9, 1, 2]), "b": Scripted("b", [5, 4, 6])}, turns=3, pause=0)
        self.assertEqual((found, order), ({"a": 2, "b": 5}, ["a", "b"] * 3))

    def test_says_that_a_contestant_failed(self):
        for script in ["print('{\"error\": \"no compiler\"}')", "raise SystemExit(3)"]:
            with self.assertRaisesRegex(contestants.Failure, "no compiler|ended with 3"):
                contestants.Process([sys.executable, "-c", script])


class Stages(unittest.TestCase):
    def test_measures_the_memory_of_what_ran(self):
        small, large = (stages.run([sys.executable, "-c", f"x = b'x' * ({size} << 20)"]) for size in [1, 200])
        self.assertGreater(large["peakMiB"], small["peakMiB"] + 150)

    def test_stops_where_a_stage_fails(self):
        with self.assertRaisesRegex(SystemExit, "ended with 3"):
            stages.run([sys.executable, "-c", "raise SystemExit(3)"])


class Differences(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.one, self.other = Path(folder.name, "one"), Path(folder.name, "other")
        for place in [self.one, self.other]:
            place.mkdir()
            (place / "a.json").write_text("{\n1\n}\n")
            (place / "w.safetensors").write_bytes(safetensors(E=b"123", W=b"456"))

    def test_finds_none_where_there_is_none(self):
        self.assertIsNone(isa.difference(self.one, self.other))

    def test_names_the_tensor(self):
        (self.other / "w.safetensors").write_bytes(safetensors(E=b"123", W=b"457"))
        self.assertEqual(isa.difference(self.one, self.other), "w.safetensors, tensor W")

    def test_names_the_line_and_the_missing_file(self):
        (self.other / "a.json").write_text("{\n2\n}\n")
        self.assertEqual(isa.difference(self.one, self.other), "a.json, line 2")
        (self.other / "a.json").unlink()
        self.assertEqual(isa.difference(self.one, self.other), "a.json is in one of them alone")


class Written(unittest.TestCase):
    """What stands in the README and the report."""

    def test_the_workloads_are_those_of_bench(self):
        sources = "".join(path.read_text() for path in sorted(PACKAGE.glob("Sources/bench/Workload*.swift")))
        self.assertEqual(sorted(re.findall(r'name: "([a-z]+)"', sources)), sorted(TRAINED))

    def test_the_table_has_every_workload_and_its_ratio_is_that_of_its_times(self):
        for path in [PACKAGE / "README.md", Path(__file__).with_name("report.md")]:
            found = markdown.tables(markdown.section(path, "bench-peers"))
            self.assertEqual(len(found), 1, path.name)
            _, *rows = found[0]
            self.assertEqual([row[0].split(":")[0] for row in rows], TRAINED)
            for row in rows:
                ours, *peers = (float(cell.replace(",", "")) for cell in row[1:4])
                ratio = float(row[4].strip("×").replace(",", ""))
                self.assertAlmostEqual(min(peers) / ours / ratio, 1, delta=0.08, msg=row[0])
                self.assertGreater(float(row[5].strip("%")), 0, row[0])

    def test_every_picture_of_the_report_is_there(self):
        report = Path(__file__).with_name("report.md")
        for picture in re.findall(r"!\[.*?\]\((.*?)\)", report.read_text()):
            self.assertTrue(report.with_name(picture).exists(), picture)


if __name__ == "__main__":
    unittest.main()
