"""The gateway, its backends at one or two sites, and a control plane where the trial is about losing it."""
import json
import os
import re
import sys
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "gateway-peers"))
import measure  # noqa: E402,F401
import peers  # noqa: E402
import report  # noqa: E402,F401
import network  # noqa: E402

DELAY, TOKENS, INTERVAL = 2, 200, 5  # Milliseconds before an answer, tokens of a stream, milliseconds between them.


class Stage(peers.Bench):
    """Four backends at two sites, or three at one, behind one program; leaving the block ends all of it.

    Backends that are to fall silent are hosts of a network of their own.
    """

    def __init__(self, peer, two_sites=False, control_plane=False, silent=False):
        super().__init__([peer])
        self.peer = peer
        self.two_sites = two_sites
        self.has_control_plane = control_plane
        self.backend_ports = [peers.free_port() for _ in range(4 if two_sites else 3)]
        self.backend_hosts = ["127.0.0.1"] * len(self.backend_ports)
        self.control_plane = None
        self.network = network.Network(self) if silent else None

    def __enter__(self):
        if self.network is not None:
            peers.gateway_program()  # Here: what it needs may be elsewhere.
            self.network.__enter__()
            try:
                self.backend_hosts = [self.network.add_host() for _ in self.backend_ports]
            except BaseException:
                self.__exit__()
                raise
        return super().__enter__()

    def __exit__(self, *_):
        super().__exit__()
        if self.network is not None:
            self.network.__exit__()

    def start_backend(self, index):
        # With its pace from the first answer on: one that came back with another length of answers until it was told
        # would count as streams cut short.
        port, host = self.backend_ports[index], self.backend_hosts[index]
        command = [self.path("backend"), str(port), str(DELAY), str(TOKENS), str(INTERVAL), host]
        process = self.spawn(self.network.on_host(index, command) if self.network else command)
        peers.wait_for(port, host)
        return process

    @property
    def port(self):
        return self.ports[self.peer]

    def start_continuity(self, port):
        if self.has_control_plane:
            return self.start_with_control_plane(port)
        return super().start_continuity(port)

    def start_with_control_plane(self, port):
        self.control_port = peers.free_port()
        self.write("snapshot.json", json.dumps(self.routing()))
        self.control_plane = self.spawn([
            sys.executable, os.path.join(HERE, "control_plane.py"), str(self.control_port), self.path("snapshot.json")])
        peers.wait_for(self.control_port)
        return self.spawn(
            ["dotnet", peers.gateway_program()],
            ASPNETCORE_URLS=f"http://127.0.0.1:{port}", Routing__ApiAddress=f"http://127.0.0.1:{self.control_port}",
            Routing__ApiKey="key", Routing__CachePath=self.path("routing"), Logging__LogLevel__Default="Warning")

    def routing(self):
        snapshot = super().routing()
        snapshot["keys"].append({
            "id": "viewer", "roles": ["viewer"],
            "sha256": "d35ca5051b82ffc326a3b0b6574a9a3161dee16b9478a199ee39cd803ce5b799"})  # "viewer"
        if self.two_sites:
            snapshot["sites"] = [{"id": "east"}, {"id": "west", "priority": 1}]
            for index, replica in enumerate(snapshot["services"][0]["replicas"]):
                replica["site"] = "east" if index < 2 else "west"
        return snapshot

    def pace(self, query):
        for index in range(len(self.backends)):
            self.control(index, query)

    def replicas(self):
        """Each replica as the gateway sees it, in a few words."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/gateway/replicas", headers={"Authorization": "Bearer viewer"})
        try:
            rows = json.load(urllib.request.urlopen(request, timeout=2))
        except OSError as error:
            return str(error)
        return "; ".join(
            f"{row['id']} {row['standing']} {row['inFlight']} in flight, {row['requests']} requests {row['reason']}"
            for row in rows)

    def continued(self):
        """How many streams went on at another backend, by what the backends were asked."""
        total = 0
        for backend in self.backend_addresses():
            text = urllib.request.urlopen(f"http://{backend}/stats", timeout=5).read().decode()
            total += int(re.search(r'"conts":(\d+)', text).group(1))
        return total
