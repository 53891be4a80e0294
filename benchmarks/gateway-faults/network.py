"""A network of the trial's own, in which a backend can fall silent: no answer, no refusal, no reset.

The trial and the gateway live in one network namespace, each backend in another; a pair of virtual interfaces joins
them. All of it is gone with the processes. A host that is cut off throws away what it would send.
"""
import ctypes
import os
import shutil
import subprocess
import time

import peers

NEW_NETWORK = 0x40000000  # CLONE_NEWNET
LIBC = ctypes.CDLL(None, use_errno=True)


def missing():
    """Why there can't be such networks here; nothing when there can."""
    if shutil.which("unshare") is None or shutil.which("nsenter") is None:
        return "unshare and nsenter (util-linux) are missing"
    done = subprocess.run(["unshare", "--net", "true"], capture_output=True, text=True, check=False)
    return None if done.returncode == 0 else f"no network namespace may be made here ({done.stderr.strip()})"


class Network:
    """Leaving the block brings the calling thread back to where it was."""

    def __init__(self, stage):
        self.stage = stage
        self.program = peers.need("ip", "iproute2")
        self.homes = []

    def __enter__(self):
        self.outside = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        check(LIBC.unshare(NEW_NETWORK))
        self.ip("link", "set", "lo", "up")
        return self

    def __exit__(self, *_):
        check(LIBC.setns(self.outside, NEW_NETWORK))
        os.close(self.outside)

    def add_host(self):
        """One more host; its address."""
        index = len(self.homes)
        home = self.stage.spawn(["unshare", "--net", "sleep", "infinity"])
        while namespace(home.pid) == namespace("thread-self"):
            time.sleep(0.01)
        self.homes.append(home)
        outer, inner = addresses(index)
        hardware = f"02:00:00:00:{index:02x}:02"
        self.ip("link", "add", f"host{index}", "type", "veth",
                "peer", "name", "wan", "address", hardware, "netns", str(home.pid))
        self.ip("address", "add", f"{outer}/30", "dev", f"host{index}")
        self.ip("link", "set", f"host{index}", "up")

        # Known for good: who is cut off does not answer the question for it either, and that would be an error and no
        # silence.
        self.ip("neighbour", "replace", inner, "lladdr", hardware, "dev", f"host{index}", "nud", "permanent")
        self.within(index, "address", "add", f"{inner}/30", "dev", "wan")
        self.within(index, "link", "set", "wan", "up")
        return inner

    def on_host(self, index, command):
        """A command that runs there."""
        return ["nsenter", "--net", "--target", str(self.homes[index].pid), *command]

    def cut(self, index):
        self.within(index, "route", "add", "blackhole", addresses(index)[0])

    def mend(self, index):
        self.within(index, "route", "delete", "blackhole", addresses(index)[0])

    def ip(self, *words):
        subprocess.run([self.program, *words], check=True)

    def within(self, index, *words):
        subprocess.run(self.on_host(index, [self.program, *words]), check=True)


def addresses(index):
    return f"10.200.{index}.1", f"10.200.{index}.2"


def namespace(process):
    return os.readlink(f"/proc/{process}/ns/net")


def check(result):
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
