"""The table."""
import os
import platform
import statistics
import subprocess

from measure import FAULTS
from peers import ROOT

SPEED = (
    ("throughput", "requests/s, 64 connections", 0),
    ("cpu", "CPU per request, us", 1),
    ("cpu-chunk", "CPU per SSE chunk, us", 1),
    ("p50", "p50 at the steady rate, ms", 3),
    ("p99", "p99 at the steady rate, ms", 3),
    ("ttft", "time to first token p50, ms", 3),
    ("memory", "memory with 2,000 streams, MB", 0),
)


def markdown(results, names, rounds, is_quick):
    lines = [
        "# The gateway and its peers",
        "",
        f"`benchmarks/gateway-peers/run{' --quick' if is_quick else f' --rounds {rounds}'}`, commit {commit()}, "
        f"{os.cpu_count()} CPUs, {platform.system()} {platform.release()}, load average {os.getloadavg()[0]:.1f} at the end.",
        "Medians of the rounds; steady rate 3,000/s (Portkey 300/s), streams of 64 chunks at 5 ms, 100/s (Portkey 20/s).",
        "",
        "| | direct | " + " | ".join(names) + " | to nginx |",
        "|---|" + "---|" * (len(names) + 2),
    ]
    for key, title, digits in SPEED:
        row = {name: median(results, key, name) for name in ["direct", *names]}
        cells = [f"{row[name]:,.{digits}f}" if row[name] is not None else "" for name in ["direct", *names]]
        ratio = f"{row['continuity'] / row['nginx']:.2f}" if row.get("continuity") and row.get("nginx") else ""
        lines.append(f"| {title} | " + " | ".join(cells) + f" | {ratio} |")
    lines += [
        "",
        "## One of three backends fails",
        "",
        "| fault | | " + " | ".join(names) + " |",
        "|---|---|" + "---|" * len(names),
    ]
    for fault in FAULTS:
        for key, title in (("failed", "requests failed of sent"), ("p99", "p99, ms"), ("broken", "streams broken of sent"),
                           ("silence", "longest silence, ms")):
            cells = [cell(results, fault, key, name) for name in names]
            if any(cells):
                lines.append(f"| {fault} | {title} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def cell(results, fault, key, name):
    values = results.values.get((f"{fault} {key}", name))
    if not values:
        return ""
    of = {"failed": "sent", "broken": "streams"}.get(key)
    if of:
        return f"{sum(values):,.0f} of {sum(results.values[f'{fault} {of}', name]):,.0f}"
    return f"{statistics.median(values):,.1f}"


def median(results, key, name):
    values = results.values.get((key, name))
    return statistics.median(values) if values else None


def commit():
    found = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return found.stdout.strip() or "unknown"
