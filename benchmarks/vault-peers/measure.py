"""Runs a program and measures it: wall, CPU, peak memory of the process tree's largest process."""
import os
import subprocess
import time
from dataclasses import dataclass


@dataclass
class Cost:
    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int


class ProgramFailed(Exception):
    """A tool ended with an error."""


def run(command, cwd=None, env=None):
    """Runs a command to its end. Its output is shown only if it fails."""
    # What was left to write by the step before, or another tool, isn't this one's to wait for.
    os.sync()
    started = time.monotonic()
    with subprocess.Popen(command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - started
    if process.returncode != 0:
        raise ProgramFailed(f"{' '.join(command)}: exit code {process.returncode}\n{output.decode(errors='replace')}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def folder_bytes(path):
    """Bytes of all files below a folder, or of one file."""
    if os.path.isfile(path):
        return os.path.getsize(path)
    return sum(
        os.path.getsize(os.path.join(folder, name)) for folder, _, names in os.walk(path) for name in names)
