"""The programs under test and the backends behind them, as child processes on free loopback ports."""
import functools
import hashlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BACKENDS = 3
PORTKEY = "@portkey-ai/gateway@1.15.2"


def free_port():
    """Below the range of outgoing connections: one of those may hold a port while its server is down, and a connection
    to a port of that range where nobody listens may even meet itself."""
    while True:
        port = random.randint(12000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass


@functools.cache
def gateway_program():
    done = subprocess.run(
        ["dotnet", "build", os.path.join(ROOT, "Gateway"), "-c", "Release", "-v", "quiet", "--nologo"],
        capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"the gateway does not build:\n{done.stdout}")
    return os.path.join(ROOT, "Gateway", "bin", "Release", "net10.0", "Continuity.Gateway.dll")


def need(program, package):
    path = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin")
    if path is None:
        print(f"{program} is missing: installing {package}", flush=True)
        subprocess.run([os.path.join(ROOT, "eng", "install-packages"), package], check=True)
        path = shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin")
    return path


class Bench:
    """Everything that runs; leaving the block ends it."""

    def __init__(self, names):
        self.names = names
        self.folder = tempfile.mkdtemp(prefix="gateway-peers-")
        self.processes = []
        self.backends = []
        self.backend_ports = [free_port() for _ in range(BACKENDS)]
        self.backend_hosts = ["127.0.0.1"] * BACKENDS
        self.ports = {}
        self.roots = {}
        self.portkey = "unknown"

    def __enter__(self):
        for tool in ("backend", "loadgen"):
            subprocess.run(["cc", "-O2", "-w", "-o", self.path(tool), os.path.join(HERE, tool + ".c")], check=True)
        try:
            self.backends = [self.start_backend(index) for index in range(len(self.backend_ports))]
            self.ports["direct"] = self.backend_ports[0]
            for name in self.names:
                self.start(name)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in self.processes:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def spawn(self, command, **environment):
        process = subprocess.Popen(
            command, env={**os.environ, **environment}, start_new_session=True, cwd=self.folder,
            stdout=subprocess.DEVNULL, stderr=open(self.path("stderr.log"), "ab"))
        self.processes.append(process)
        return process

    def start_backend(self, index):
        process = self.spawn([self.path("backend"), str(self.backend_ports[index])])
        wait_for(self.backend_ports[index])
        return process

    def backend_addresses(self):
        return [f"{host}:{port}" for host, port in zip(self.backend_hosts, self.backend_ports)]

    def restart_backend(self, index):
        process = self.backends[index]
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.kill()
        process.wait()
        self.backends[index] = self.start_backend(index)

    def control(self, index, query):
        urllib.request.urlopen(f"http://{self.backend_addresses()[index]}/ctl?x=0&{query}", timeout=5).read()

    def start(self, name):
        port = self.ports[name] = free_port()
        process = getattr(self, "start_" + name)(port)
        self.roots[name] = process.pid
        wait_for(port)

    def start_nginx(self, port):
        servers = "\n".join(f"server {backend} max_fails=2 fail_timeout=2s;" for backend in self.backend_addresses())
        config = self.write(
            "nginx.conf", NGINX.replace("SERVERS", servers).replace("PORT", str(port)).replace("FOLDER", self.folder))
        return self.spawn([need("nginx", "nginx-light"), "-c", config, "-p", self.folder])

    def start_haproxy(self, port):
        servers = "\n".join(
            f"  server s{index} {backend} check inter 500 fall 2 rise 1 observe layer7 error-limit 2"
            " on-error mark-down"
            for index, backend in enumerate(self.backend_addresses()))
        config = self.write("haproxy.cfg", HAPROXY.replace("SERVERS", servers).replace("PORT", str(port)))
        return self.spawn([need("haproxy", "haproxy"), "-f", config, "-db"])

    def start_portkey(self, port):
        need("npm", "npm")
        package = os.path.join(HERE, "node_modules", "@portkey-ai", "gateway")
        server = os.path.join(package, "build", "start-server.js")
        if not os.path.exists(server):
            print("@portkey-ai/gateway is missing: installing it", flush=True)
            subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent", "--no-save", "--no-package-lock",
                            "--prefix", HERE, PORTKEY], check=True, stdout=subprocess.DEVNULL)
        with open(os.path.join(package, "package.json"), encoding="utf-8") as file:
            self.portkey = json.load(file)["version"]
        return self.spawn(["node", server, f"--port={port}", "--headless"], NODE_ENV="production")

    def portkey_version(self):
        return f"@portkey-ai/gateway {self.portkey}"

    def start_continuity(self, port):
        self.write("routing.json", json.dumps(self.routing()))
        management = free_port()
        return self.spawn(
            ["dotnet", gateway_program()],
            ASPNETCORE_URLS=f"http://127.0.0.1:{port};http://127.0.0.1:{management}", Management__Port=str(management),
            Routing__File=self.path("routing.json"), Gateway__AccessLog=self.path("access.log"),
            Logging__LogLevel__Default="Warning")

    def routing(self):
        replicas = [
            {"id": f"r{index}", "site": "east", "address": f"http://{backend}", "engine": "vllm"}
            for index, backend in enumerate(self.backend_addresses())]
        return {
            "version": 1, "createdAt": "2026-01-01T00:00:00Z", "sites": [{"id": "east"}],
            "services": [{
                "name": "m", "policy": "peak-ewma", "firstByteTimeout": "00:00:02", "stallTimeout": "00:00:01",
                "streams": {"suspicionFloor": "00:00:00.350"},
                "health": {"interval": "00:00:00.250", "timeout": "00:00:00.400"},
                "admission": {"maxConcurrencyPerReplica": 4000, "adaptive": False},
                "replicas": replicas}],
            "tenants": [{"name": "default", "tokensPerDay": 10 ** 12}],
            "keys": [{"id": "bench", "roles": ["client"], "sha256": hashlib.sha256(b"sk-test").hexdigest()}]}

    def extra_header(self, name):
        if name != "portkey":
            return []
        targets = [{"provider": "openai", "api_key": "sk-test", "custom_host": f"http://{backend}/v1"}
                   for backend in self.backend_addresses()]
        config = {"strategy": {"mode": "loadbalance"}, "targets": targets,
                  "retry": {"attempts": 2, "on_status_codes": [500, 502, 503, 504]}}
        return ["-H", f"x-portkey-config: {json.dumps(config)}"]


def wait_for(port, host="127.0.0.1"):
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex((host, port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens on port {port} after 30 s")


NGINX = """
worker_processes auto; daemon off; pid FOLDER/nginx.pid; error_log /dev/null;
events { worker_connections 16384; multi_accept on; }
http {
  access_log FOLDER/nginx-access.log combined buffer=64k flush=1s;
  client_body_temp_path FOLDER/b; proxy_temp_path FOLDER/p; fastcgi_temp_path FOLDER/f; uwsgi_temp_path FOLDER/u; scgi_temp_path FOLDER/s;
  keepalive_requests 1000000; client_body_buffer_size 64k;
  upstream models { least_conn; SERVERS keepalive 512; keepalive_requests 1000000; }
  server {
    listen 127.0.0.1:PORT backlog=4096;
    location / {
      proxy_pass http://models; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off;
      proxy_connect_timeout 1s; proxy_read_timeout 2s;
      proxy_next_upstream error timeout http_502 http_503 http_504 non_idempotent; proxy_next_upstream_tries 3;
    }
  }
}
"""

HAPROXY = """
global
  maxconn 8000
defaults
  mode http
  option http-no-delay
  option redispatch 1
  option http-keep-alive
  http-reuse aggressive
  retries 3
  retry-on conn-failure empty-response response-timeout 502 503 504
  timeout connect 1s
  timeout client 30s
  timeout server 2s
  timeout http-request 10s
frontend door
  bind 127.0.0.1:PORT backlog 4096
  default_backend models
backend models
  balance leastconn
  option httpchk GET /health
SERVERS
"""
