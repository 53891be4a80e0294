"""One fault under load: what is broken when, and what the clients saw of it."""
import os
import random
import signal
import threading
import time

from stage import DELAY, INTERVAL, TOKENS, Stage, measure, network, report

FAULTS = ("kill", "stop", "reset", "503", "slow", "black-hole", "half-open", "site", "several", "control-plane")
SILENT = ("black-hole", "half-open")
NORMAL = f"code=200&delay={DELAY}&n={TOKENS}&int={INTERVAL}&cut=0&cutpm=0"
KINDS = ("conn", "rst", "5xx", "4xx", "trunc", "tmo", "seq", "errevt")
BROKEN_SECONDS = 3
WELL_SECONDS = 4


def obstacle(fault):
    """Why the fault can't be had here; nothing when it can."""
    return network.missing() if fault in SILENT else None


def peers_of(fault):
    # How much a slow replica may cost is told by what it costs behind nginx.
    return ("continuity", "nginx") if fault == "slow" else ("continuity",)


def run(peer, fault, arguments):
    with Stage(peer, fault in ("site", "several"), fault == "control-plane", fault in SILENT) as stage:
        stage.pace(NORMAL)
        measure.load(stage, peer, "json", 1000, 4)
        measure.load(stage, peer, "sse", 20, 4, "-n", str(TOKENS))
        over = threading.Event()
        breaker = threading.Thread(target=schedule, args=(stage, fault, arguments.seed, over))
        breaker.start()
        if arguments.watch:
            threading.Thread(target=watch, args=(stage, over)).start()
        streamed = {}
        streams = threading.Thread(target=lambda: streamed.update(measure.load(
            stage, peer, "sse", arguments.streams, arguments.seconds, "-n", str(TOKENS), "-c", "8000")))
        streams.start()
        plain = measure.load(stage, peer, "json", arguments.rate, arguments.seconds, "-c", "8000")
        streams.join()
        over.set()
        breaker.join()
        return {
            "requests": int(plain["sent"]), "failed": int(plain["fail"]), "skipped": int(plain["skipped"]),
            "p50": plain["lat p50"], "p99": plain["lat p99"], "max": plain["lat max"],
            "streams": int(streamed["sent"]), "lost streams": int(streamed["fail"]),
            "broken": int(streamed["broken"]), "continued": stage.continued(),
            "silence": streamed["gap max"], "silence p999": streamed["gap p999"],
            "kinds": {key: int(plain.get(key, 0) + streamed.get(key, 0)) for key in KINDS
                      if plain.get(key, 0) + streamed.get(key, 0)},
            "commit": report.commit(), "load": round(os.getloadavg()[0], 1),
        }


def schedule(stage, fault, seed, over):
    """Breaks and mends until the load is over."""
    if fault == "control-plane":
        stage.control_plane.kill()
        stage.control_plane.wait()
        return
    dice = random.Random(seed)
    turn = 0
    over.wait(2)
    while not over.is_set():
        victims = choose(stage, fault, turn, dice)
        for victim, kind in victims:
            inflict(stage, victim, kind)
        over.wait(BROKEN_SECONDS)
        for victim, kind in victims:
            mend(stage, victim, kind)
        over.wait(WELL_SECONDS)
        turn += 1


def watch(stage, over):
    while not over.wait(1):
        print(f"{time.monotonic():.1f}", stage.replicas(), flush=True)


def choose(stage, fault, turn, dice):
    count = len(stage.backends)
    if fault == "site":
        first = 2 * (turn % 2)
        return [(first, "kill"), (first + 1, "kill")]
    if fault == "several":
        # One backend is left well; that any of the four may be it is the seed's choice.
        victims = dice.sample(range(count), dice.randint(2, count - 1))
        return [(victim, dice.choice(("kill", "stop", "reset", "503", "slow"))) for victim in victims]
    return [(turn % count, fault)]


def inflict(stage, victim, kind):
    if kind in SILENT:
        stage.network.cut(victim)
    if kind == "half-open":
        # Nobody hears of it: when the host is back, it knows of no connection.
        stage.backends[victim].kill()
    elif kind != "black-hole":
        measure.inflict(stage, victim, kind)


def mend(stage, victim, kind):
    if kind in SILENT:
        stage.network.mend(victim)
    if kind in ("kill", "half-open"):
        stage.backends[victim].wait()
        stage.backends[victim] = stage.start_backend(victim)
    elif kind == "stop":
        stage.backends[victim].send_signal(signal.SIGCONT)
    for _ in range(50):
        try:
            stage.control(victim, NORMAL)
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"backend {victim} did not come back from {kind}")


def markdown(rows):
    lines = [
        "# The gateway under faults", "",
        "`benchmarks/gateway-faults/run`: one of three backends (site: both of one of two sites; several: two or three "
        "of four)", f"is broken for {BROKEN_SECONDS} s, well for {WELL_SECONDS} s, and so on; all times in ms.", "",
        "Load is the machine's load average at the run's end. Streams that went on are counted by the backends: those that",
        "were killed since have forgotten theirs.", "",
        "| fault | behind | commit | load | requests | failed | not sent | p50 | p99 | streams | went on elsewhere "
        "| lost | silence |", "|---|---|---|---|---|---|---|---|---|---|---|---|---|"]
    for key, row in rows.items():
        fault, peer = key.split(" ")
        lines.append(
            f"| {fault} | {peer} | {row['commit']} | {row.get('load', '')} | {row['requests']:,} | {row['failed']} "
            f"| {row['skipped']} | {row['p50']:.1f} | {row['p99']:.1f} | {row['streams']:,} | {row.get('continued', '')} "
            f"| {row['lost streams']} | {row['silence']:.0f} |")
    return "\n".join(lines) + "\n"
