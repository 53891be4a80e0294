"""What is measured: load from loadgen, CPU and memory from /proc."""
import collections
import json
import os
import re
import signal
import subprocess
import threading
import time

TICKS = os.sysconf("SC_CLK_TCK")
FAULTS = ("kill", "stop", "503", "reset", "slow")
Scale = collections.namedtuple("Scale", "seconds hold_seconds fault_seconds warm_seconds")
FULL = Scale(8, 6, 50, 30)
QUICK = Scale(4, 4, 12, 20)


class Results:
    """Values by measurement and peer, one a round."""

    def __init__(self):
        self.values = collections.defaultdict(list)

    def add(self, name, measurement, value):
        self.values[measurement, name].append(value)

    def forget(self, fault, names):
        for key in [key for key in self.values if key[0].startswith(fault + " ") and key[1] in names]:
            del self.values[key]

    def load(self, path):
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                for measurement, names in json.load(file).items():
                    for name, values in names.items():
                        self.values[measurement, name] = values

    def save(self, path):
        by_measurement = collections.defaultdict(dict)
        for (measurement, name), values in self.values.items():
            by_measurement[measurement][name] = values
        with open(path, "w", encoding="utf-8") as file:
            json.dump(by_measurement, file, indent=1, sort_keys=True)
            file.write("\n")


def warm(bench, names, seconds):
    """Both kinds of requests at all peers at once, then each by itself under what it is measured with.

    Light load alone doesn't do: a just-in-time compiler returns to hot code after some ten thousand calls, and would
    do so in the first rounds that count.
    """
    threads = [threading.Thread(target=load, args=(bench, name, mode, rate, seconds))
               for name in names for mode, rate in (("json", 300), ("sse", 8))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for name in names:
        full_load(bench, name, seconds / 3)
        load(bench, name, "json", steady_rate(name), seconds / 6)
        load(bench, name, "sse", stream_rate(name), seconds / 6, "-n", "64")


def full_load(bench, name, seconds):
    return load(bench, name, "json", 60000, seconds, "-c", "64")


# Portkey is overloaded by what the others bear.
def steady_rate(name):
    return 300 if name == "portkey" else 3000


def stream_rate(name):
    return 20 if name == "portkey" else 100


def speed(bench, name, scale, results):
    if name != "direct":
        load(bench, name, "json", min(steady_rate(name), 2000), 1)  # Connections.
        top = full_load(bench, name, scale.seconds)
        results.add(name, "throughput", top["rps"])
    with Cpu(bench, name) as cpu:
        steady = load(bench, name, "json", steady_rate(name), scale.seconds, "-w", "1")
    results.add(name, "p50", steady["lat p50"])
    results.add(name, "p99", steady["lat p99"])
    results.add(name, "cpu", cpu.seconds * 1e6 / max(steady["ok"], 1))
    with Cpu(bench, name) as cpu:
        sse = load(bench, name, "sse", stream_rate(name), scale.seconds, "-n", "64")
    if not sse["chunks"]:
        return  # Portkey 1.15 answers all streams with 500 on Node 20.
    results.add(name, "ttft", sse["ttft p50"])
    results.add(name, "cpu-chunk", cpu.seconds * 1e6 / sse["chunks"])
    if name != "direct":
        for index in range(len(bench.backends)):
            bench.control(index, "delay=0&n=64&int=100")
        memory = Memory(bench, name)
        held = load(bench, name, "hold", 1000, scale.hold_seconds, "-N", "2000", "-n", "64", "-c", "4000", "-t", "20000")
        results.add(name, "memory", memory.stop())
        results.add(name, "held", held["ok"])
        for index in range(len(bench.backends)):
            bench.control(index, "n=64&int=5")


def failures(bench, name, fault, seconds, results):
    """One of three backends fails a quarter into the load; both kinds of requests run at once."""
    victim = 1
    for index in range(len(bench.backends)):
        bench.control(index, "delay=2&n=64&int=5")
    rate = 200 if name == "portkey" else 2000
    streams = 10 if name == "portkey" else 50
    timer = threading.Timer(seconds / 4, inflict, (bench, victim, fault))
    timer.start()
    beside = {}
    other = threading.Thread(target=lambda: beside.update(load(bench, name, "sse", streams, seconds, "-n", "64")))
    other.start()
    plain = load(bench, name, "json", rate, seconds)
    other.join()
    timer.join()
    bench.restart_backend(victim)
    time.sleep(2)
    results.add(name, f"{fault} sent", plain["sent"])
    results.add(name, f"{fault} failed", plain["fail"])
    results.add(name, f"{fault} skipped", plain["skipped"])
    results.add(name, f"{fault} p99", plain["lat p99"])
    results.add(name, f"{fault} streams", beside["sent"])
    results.add(name, f"{fault} broken", beside["fail"])
    results.add(name, f"{fault} silence", beside["gap max"])


def inflict(bench, victim, fault):
    if fault == "kill":
        bench.backends[victim].kill()
    elif fault == "stop":
        bench.backends[victim].send_signal(signal.SIGSTOP)
    elif fault == "503":
        bench.control(victim, "code=503")
    elif fault == "reset":
        bench.control(victim, "cut=0&cutpm=1000")
    else:
        bench.control(victim, "delay=40&int=100")


def load(bench, name, mode, rate, seconds, *more):
    command = [bench.path("loadgen"), "-p", str(bench.ports[name]), "-m", mode, "-r", str(rate), "-d", str(seconds),
               *bench.extra_header(name), *more]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return parse(text)


def parse(text):
    found = {}
    for group in ("lat", "ttft", "gap"):
        match = re.search(group + r"_ms ((?:\w+=[\d.]+ ?)+)", text)
        for key, value in re.findall(r"(\w+)=([\d.]+)", match.group(1)) if match else ():
            found[f"{group} {key}"] = float(value)
    for key, value in re.findall(r"(\w+)=([\d.]+)", text):
        found.setdefault(key, float(value))
    return found


def family(pid):
    """A process and all below it."""
    parents = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat", encoding="utf-8") as file:
                parents[int(entry)] = int(file.read().rsplit(")", 1)[1].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            pass
    members = {pid}
    while True:
        more = {child for child, parent in parents.items() if parent in members} - members
        if not more:
            return members
        members |= more


class Cpu:
    """The CPU seconds that a peer used within the block."""

    def __init__(self, bench, name):
        self.root = bench.roots.get(name)
        self.seconds = 0.0

    def __enter__(self):
        self.before = self.total()
        return self

    def __exit__(self, *_):
        self.seconds = self.total() - self.before

    def total(self):
        ticks = 0
        for pid in family(self.root) if self.root else ():
            with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
                fields = file.read().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / TICKS


class Memory:
    """The largest resident memory that a peer had until stopped, in MB."""

    def __init__(self, bench, name):
        self.root = bench.roots[name]
        self.peak = 0.0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()

    def watch(self):
        while not self.ended.wait(0.2):
            size = 0
            for pid in family(self.root):
                try:
                    with open(f"/proc/{pid}/statm", encoding="utf-8") as file:
                        size += int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
                except (FileNotFoundError, ProcessLookupError):
                    pass
            self.peak = max(self.peak, size / 1e6)

    def stop(self):
        self.ended.set()
        self.thread.join()
        return self.peak
