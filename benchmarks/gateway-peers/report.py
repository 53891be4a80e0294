"""The tables."""
import os
import platform
import re
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
    ("held", "of those streams, whole", 0),
)
PEERS = ("nginx", "haproxy", "portkey", "continuity")
TO_PEER, ADDED, OWN = "of a peer's", "added to direct", "own"
# (what, measurement, how it is compared, peer, floor, whether more is better)
FLOORS = (
    ("throughput of nginx's", "throughput", TO_PEER, "nginx", 0.60, True),
    ("throughput of HAProxy's", "throughput", TO_PEER, "haproxy", 0.55, True),
    ("throughput of Portkey's", "throughput", TO_PEER, "portkey", 20, True),
    ("CPU per request of nginx's", "cpu", TO_PEER, "nginx", 2.0, False),
    ("CPU per SSE chunk of nginx's", "cpu-chunk", TO_PEER, "nginx", 2.0, False),
    ("added p99 at 3,000/s, ms", "p99", ADDED, "direct", 2.0, False),
    ("added time to first token p50, ms", "ttft", ADDED, "direct", 0.4, False),
    ("memory with 2,000 streams, MB", "memory", OWN, None, 160, False),
)


def markdown(bench, results, scale):
    names = [name for name in PEERS if any(key[1] == name for key in results.values)]
    rounds = len(results.values.get(("throughput", "continuity"), ()))
    commits = sorted(set(results.values.get(("commit", "continuity"), ())))
    lines = [
        "# The gateway and its peers",
        "",
        f"Commit {', '.join(commits)}, {os.cpu_count()} CPUs ({cpu_model()}), {memory_gib():.0f} GiB, {platform.system()} "
        f"{platform.release()}, load average {os.getloadavg()[0]:.1f} at the end.",
        f"{', '.join(filter(None, versions(bench)))}.",
        f"Medians of {rounds} interleaved rounds; steady rate 3,000/s (Portkey 300/s), streams of 64 chunks at 5 ms, "
        f"100/s (Portkey 20/s), {scale.seconds} s each.",
        "",
        f"    {command()}",
        "",
    ]
    if any(key == "throughput" for key, _ in results.values):
        lines += speed_table(results, names) + floor_table(results)
    if any(key.endswith(" sent") for key, _ in results.values):
        lines += fault_table(results, names)
    return "\n".join(lines) + "\n"


def speed_table(results, names):
    lines = ["| | direct | " + " | ".join(names) + " |", "|---|" + "---|" * (len(names) + 1)]
    for key, title, digits in SPEED:
        row = [median(results, key, name) for name in ["direct", *names]]
        lines.append(f"| {title} | " + " | ".join("" if v is None else f"{v:,.{digits}f}" for v in row) + " |")
    return [*lines, ""]


def floor_table(results):
    lines = ["## Against the floors", "", "| | found | floor | rounds | |", "|---|---|---|---|---|"]
    for title, key, kind, peer, floor, more_is_better in FLOORS:
        found = compare(median(results, key, "continuity"), median(results, key, peer), kind)
        if found is None:
            continue
        each = [compare(*pair, kind) for pair in zip(
            results.values.get((key, "continuity"), ()),
            results.values.get((key, peer), ()) or results.values.get((key, "continuity"), ()))]
        met = found >= floor if more_is_better else found <= floor
        lines.append(
            f"| {title} | {found:.2f} | {'>=' if more_is_better else '<='} {floor} | "
            f"{', '.join(f'{value:.2f}' for value in each)} | {'met' if met else 'not met'} |")
    return [*lines, ""]


def compare(own, other, kind):
    if own is None or (kind != OWN and not other):
        return None
    return own / other if kind == TO_PEER else own - other if kind == ADDED else own


def fault_table(results, names):
    lines = ["## One of three backends fails", "", "| fault | | " + " | ".join(names) + " |",
             "|---|---|" + "---|" * len(names)]
    for fault in FAULTS:
        for key, title in (("failed", "requests failed of sent"), ("per100k", "failed per 100,000"),
                           ("skipped", "not sent: 2,000 were unanswered"), ("p99", "p99, ms"),
                           ("broken", "streams broken of sent"), ("silence", "longest silence, ms")):
            cells = [cell(results, fault, key, name) for name in names]
            if any(cells):
                lines.append(f"| {fault} | {title} | " + " | ".join(cells) + " |")
    return [*lines, ""]


def cell(results, fault, key, name):
    def total(what):
        return sum(results.values.get((f"{fault} {what}", name), ()))

    if not total("sent"):
        return ""
    if key == "per100k":
        return f"{total('failed') * 1e5 / total('sent'):,.1f}"
    if key == "skipped":
        return f"{total(key):,.0f}"
    of = {"failed": "sent", "broken": "streams"}.get(key)
    if of:
        return f"{total(key):,.0f} of {total(of):,.0f}"
    return f"{statistics.median(results.values[f'{fault} {key}', name]):,.1f}"


def median(results, key, name):
    values = results.values.get((key, name))
    return statistics.median(values) if values else None


def command():
    with open("/proc/self/cmdline", encoding="utf-8") as file:
        arguments = file.read().rstrip("\0").split("\0")
    script = next(index for index, argument in enumerate(arguments) if os.path.basename(argument) == "run")
    return " ".join(["benchmarks/gateway-peers/run", *arguments[script + 1:]])


def versions(bench):
    commands = {"nginx": ["nginx", "-v"], "haproxy": ["haproxy", "-v"], "continuity": ["dotnet", "--version"]}
    for name in bench.names:
        if name == "portkey":
            yield bench.portkey_version()
        elif name in commands:
            yield first_version(name if name != "continuity" else ".NET SDK", commands[name])


def first_version(name, program):
    environment = {**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin"}
    done = subprocess.run(program, capture_output=True, text=True, check=False, env=environment)
    found = re.search(r"\d+\.\d+[\w.+-]*", done.stdout + done.stderr)
    return f"{name} {found.group(0)}" if found else None


def cpu_model():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        found = re.search(r"model name\s*: (.+)", file.read())
    return found.group(1) if found else platform.machine()


def memory_gib():
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def commit():
    def git(*arguments):
        return subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True, check=False).stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", "Gateway", "ServiceDefaults", "Contracts")
    return (git("rev-parse", "--short", "HEAD") or "unknown") + (" with changes" if changed else "")
