"""A token service for docker-registry: token_server.py PORT_FILE CERTIFICATE KEY LOG

Gives me:secret what it asks for, everybody else `pull` of what begins with "open/". Logs one line
per request: METHOD QUERY_OR_FORM AUTHORIZATION. The refresh token "lasting" is me, too.
"""

import base64
import http.server
import json
import os
import subprocess
import sys
import time
import urllib.parse

PORT_FILE, CERTIFICATE, KEY, LOG = sys.argv[1:5]
ME = "Basic " + base64.b64encode(b"me:secret").decode()


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def certificate():
    lines = open(CERTIFICATE).read().strip().splitlines()
    return "".join(line for line in lines if not line.startswith("-"))


def token(access, service):
    head = {"typ": "JWT", "alg": "RS256", "x5c": [certificate()]}
    now = int(time.time())
    body = {"iss": "tester", "sub": "it", "aud": service, "exp": now + 60, "nbf": now - 10,
            "iat": now, "jti": str(now), "access": access}
    text = encoded(json.dumps(head).encode()) + "." + encoded(json.dumps(body).encode())
    signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", KEY], input=text.encode(),
                               stdout=subprocess.PIPE, check=True).stdout
    return text + "." + encoded(signature)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def give(self, asked, is_me):
        with open(LOG, "a") as log:
            log.write(f"{self.command} {asked} {self.headers.get('Authorization', '-')}\n")
        fields = urllib.parse.parse_qs(asked)
        access = []
        for scope in " ".join(fields.get("scope", [])).split():
            kind, name, actions = scope.split(":")
            wanted = actions.split(",")
            allowed = wanted if is_me else ["pull"] if name.startswith("open/") else []
            access.append({"type": kind, "name": name, "actions": allowed})
        body = json.dumps({"token": token(access, fields["service"][0])}).encode()
        status = 200
        if "Authorization" in self.headers and not is_me:
            status, body = 401, b"{}"
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.give(urllib.parse.urlsplit(self.path).query, self.headers.get("Authorization") == ME)

    def do_POST(self):
        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.give(form, urllib.parse.parse_qs(form).get("refresh_token") == ["lasting"])


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open(PORT_FILE + ".new", "w") as file:
    file.write(str(server.server_address[1]))
os.rename(PORT_FILE + ".new", PORT_FILE)
server.serve_forever()
