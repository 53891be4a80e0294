"""Gives out one routing snapshot by long poll, as the Api does. usage: control_plane.py PORT SNAPSHOT"""
import http.server
import sys
import time
import urllib.parse


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        if query.get("after") == ["0"]:
            with open(sys.argv[2], "rb") as file:
                body = file.read()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
        else:
            time.sleep(min(int(query.get("wait", ["1"])[0]), 20))
            body = b""
            self.send_response(304)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
