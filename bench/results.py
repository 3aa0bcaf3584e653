"""results.py: rows as they are printed, kept as JSON, and compared with bench/reference.json."""
import json
import statistics

TOLERANCE = 1.15
BUSY = 0.10  # of the processors used by others: above that a loss proves nothing


class Row:
    """One figure: the median of `values`. `is_compared` rows are ratios or sizes that hold on another machine too,
    and less is better."""

    def __init__(self, name, values, unit, note="", goal=None, is_compared=None):
        self.name, self.unit, self.note, self.goal = name, unit, note, goal
        self.values = list(values) if isinstance(values, (list, tuple)) else [values]
        self.is_compared = unit in ("x", "MiB") if is_compared is None else is_compared
        self.others = 0.0  # share of the processors that other processes had while it was measured

    @property
    def value(self):
        return statistics.median(self.values)

    def verdict(self):
        """Whether a goal such as "<= 0.25" is reached."""
        if not self.goal:
            return ""
        sign, limit = self.goal.split()
        return "reached" if (self.value <= float(limit) if sign == "<=" else self.value >= float(limit)) else "MISSED"

    def show(self):
        spread = f"({min(self.values):.3f}–{max(self.values):.3f})" if len(self.values) > 1 else ""
        goal = f"goal {self.goal}: {self.verdict()}" if self.goal else ""
        parts = [f"{self.name:<66} {self.value:>9.3f} {self.unit:<5}", spread, goal, self.note]
        print("  ".join(part for part in parts if part), flush=True)

    def as_json(self):
        row = {"name": self.name, "value": round(self.value, 4), "unit": self.unit, "low": round(min(self.values), 4),
               "high": round(max(self.values), 4), "runs": len(self.values), "note": self.note, "others": round(self.others, 2),
               "compared": self.is_compared and (self.others <= BUSY or self.unit == "MiB")}
        return row | ({"goal": self.goal, "verdict": self.verdict()} if self.goal else {})


def is_lost(row, known):
    """Whether a row is worse than the reference allows."""
    return row.is_compared and row.name in known and row.value > known[row.name] * TOLERANCE


def read_reference(path, size):
    """The rows of one section that can be compared with: name -> value. A ratio measured on a busy machine cannot."""
    sections = json.loads(path.read_text()) if path.exists() else {}
    return {row["name"]: row["value"] for row in sections.get(size, {}).get("rows", []) if row["compared"]}


def write_reference(path, size, document):
    sections = json.loads(path.read_text()) if path.exists() else {}
    sections[size] = document
    path.write_text(json.dumps(sections, indent=1) + "\n")
