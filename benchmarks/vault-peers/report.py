"""Collects measurements, keeps them in files, and prints medians and ratios to the first tool."""
import json
import os
import platform
import statistics
import subprocess
from collections import defaultdict

import floors

UNITS = {"wall": "s", "CPU": "s", "peak": "MB", "bytes": "MB"}


class Measured:
    """What one tool showed in one round: kept in a file of its own, so that rounds may be hours apart."""

    def __init__(self):
        self.rows = []

    def add(self, row, cost):
        if cost is not None:
            self._add(row, "wall", cost.wall_seconds)
            self._add(row, "CPU", cost.cpu_seconds)
            self._add(row, "peak", cost.peak_bytes / 1e6)

    def add_bytes(self, row, count):
        self._add(row, "bytes", count / 1e6)

    def _add(self, row, kind, value):
        self.rows.append([row, kind, value])
        print(f"  {row}: {value:.2f} {UNITS[kind]} {kind}", flush=True)

    def save(self, path):
        # Renamed into place: a run that is cut short leaves no half of a measurement.
        with open(path + ".part", "w", encoding="utf-8") as file:
            json.dump({"commit": commit(), "rows": self.rows}, file)
        os.rename(path + ".part", path)


class Results:
    """The measurements of all rounds, merged."""

    def __init__(self, tools):
        self._tools = [tool.name for tool in tools]
        self._values = defaultdict(list)
        self._rows = []
        self._commits = []
        self._counts = defaultdict(int)

    def read(self, tool, path):
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
        self._counts[tool.name] += 1
        if content["commit"] not in self._commits:
            self._commits.append(content["commit"])
        for row, kind, value in content["rows"]:
            if (row, kind) not in self._rows:
                self._rows.append((row, kind))
            self._values[row, kind, tool.name].append(value)

    def markdown(self, command):
        counts = ", ".join(f"{name} {self._counts[name]}" for name in self._tools)
        lines = [
            "# Vault against its peers", "",
            f"Medians of interleaved rounds ({counts}); in brackets: times {self._tools[0]}'s value. Every restore was "
            "compared with `diff -r`.", "",
            f"- Machine: {machine()}", f"- Commit: {', '.join(self._commits)}", f"- Command: `{command}`", "",
            "| | " + " | ".join(self._tools) + " |", "|---|" + "---|" * len(self._tools)]
        for row, kind in self._rows:
            cells = [self._cell(row, kind, tool) for tool in self._tools]
            lines.append(f"| {row}, {kind} ({UNITS[kind]}) | " + " | ".join(cells) + " |")
        lines += ["", "## Floors", "Medians against medians.", "", *floors.table(self._median, self._rows)]
        return "\n".join(lines) + "\n"

    def _median(self, row, kind, tool):
        values = self._values.get((row, kind, tool or "continuity"))
        return statistics.median(values) if values else None

    def _cell(self, row, kind, tool):
        values = self._values.get((row, kind, tool))
        own = self._values.get((row, kind, self._tools[0]))
        if not values:
            return ""
        median = statistics.median(values)
        if tool == self._tools[0] or not own or statistics.median(own) == 0:
            return f"{median:.2f}"
        return f"{median:.2f} ({median / statistics.median(own):.2f}x)"


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "?")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    return f"{os.cpu_count()} x {model}, {memory} GiB, {platform.system()} {platform.release()}"


def commit():
    here = os.path.dirname(os.path.abspath(__file__))
    found = subprocess.run(
        ["git", "-C", here, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return found.stdout.strip() or "unknown"
