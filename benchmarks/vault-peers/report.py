"""Collects measurements and prints medians, and ratios to the first tool."""
import os
import platform
import statistics
import subprocess
from collections import defaultdict

UNITS = {"wall": "s", "CPU": "s", "peak": "MB", "bytes": "MB"}


class Results:
    def __init__(self):
        self._values = defaultdict(list)
        self._rows = []
        self._tools = []

    def add(self, tool, row, cost):
        if cost is not None:
            self._add(tool, row, "wall", cost.wall_seconds)
            self._add(tool, row, "CPU", cost.cpu_seconds)
            self._add(tool, row, "peak", cost.peak_bytes / 1e6)

    def add_bytes(self, tool, row, count):
        self._add(tool, row, "bytes", count / 1e6)

    def _add(self, tool, row, kind, value):
        if (row, kind) not in self._rows:
            self._rows.append((row, kind))
        if tool.name not in self._tools:
            self._tools.append(tool.name)
        self._values[row, kind, tool.name].append(value)
        print(f"  {tool.name}: {row}: {value:.2f} {UNITS[kind]} {kind}", flush=True)

    def markdown(self, command, rounds):
        lines = [
            "# Vault against its peers", "",
            f"Medians of {rounds} interleaved rounds; in brackets: times {self._tools[0]}'s value. Every restore was "
            "compared with `diff -r`.", "",
            f"- Machine: {machine()}", f"- Commit: {commit()}", f"- Command: `{command}`", "",
            "| | " + " | ".join(self._tools) + " |", "|---|" + "---|" * len(self._tools)]
        for row, kind in self._rows:
            cells = [self._cell(row, kind, tool) for tool in self._tools]
            lines.append(f"| {row}, {kind} ({UNITS[kind]}) | " + " | ".join(cells) + " |")
        return "\n".join(lines) + "\n"

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
