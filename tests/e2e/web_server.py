"""An HTTP(S) server on loopback for the end-to-end tests: web_server.py FOLDER PORT_FILE LOG [CERTIFICATE KEY]

Serves files with Last-Modified and ETag, answers If-None-Match with 304, and logs one line per request:
METHOD PATH STATUS AUTHORIZATION. Below /git/ it is git's http-backend. /to/URL redirects to URL,
/cut/NAME breaks off after half the file unless a Range asks for the rest, /private/ wants me:secret, /hang/
gives no answer for a minute, /undated/NAME says nothing of times.
"""

import base64
import email.utils
import hashlib
import http.server
import os
import ssl
import subprocess
import sys
import time
import urllib.parse

FOLDER, PORT_FILE, LOG = sys.argv[1:4]
CREDENTIALS = "Basic " + base64.b64encode(b"me:secret").decode()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, code="-", size="-"):
        authorization = self.headers.get("Authorization", "-").replace(" ", "_")
        with open(LOG, "a") as log:
            log.write(f"{self.command} {self.path} {int(code)} {authorization}\n")

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path = urllib.parse.urlsplit(self.path).path
        if path.startswith("/hang/"):
            time.sleep(60)
        if path.startswith("/to/"):
            return self.answer(302, Location=self.path.removeprefix("/to/"))
        if "/private/" in path and self.headers.get("Authorization") != CREDENTIALS:
            return self.answer(401, WWW_Authenticate='Basic realm="x"')
        if path.startswith("/git/"):
            return self.git()
        name = urllib.parse.unquote(path.removeprefix("/cut").removeprefix("/private").removeprefix("/undated"))
        try:
            with open(FOLDER + name, "rb") as file:
                body = file.read()
        except OSError:
            return self.answer(404)
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == tag:
            return self.answer(304)
        date = email.utils.formatdate(os.stat(FOLDER + name).st_mtime, usegmt=True)
        if path.startswith("/cut/"):
            return self.cut(body, tag)
        if path.startswith("/undated/"):
            return self.answer(200, body)
        return self.answer(200, body, ETag=tag, Last_Modified=date)

    do_POST = do_GET

    def cut(self, body, tag):
        half = len(body) // 2
        if self.headers.get("Range") == f"bytes={half}-":
            rest = body[half:]
            return self.answer(206, rest, ETag=tag,
                               Content_Range=f"bytes {half}-{len(body) - 1}/{len(body)}")
        self.send_response(200)
        self.send_header("ETag", tag)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:half])
        self.close_connection = True

    def git(self):
        url = urllib.parse.urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        request = self.rfile.read(length)
        if self.headers.get("Transfer-Encoding") == "chunked":
            while size := int(self.rfile.readline(), 16):
                request += self.rfile.read(size)
                self.rfile.readline()
        environment = dict(os.environ, GIT_PROJECT_ROOT=FOLDER, GIT_HTTP_EXPORT_ALL="1",
                           REQUEST_METHOD=self.command, PATH_INFO=url.path.removeprefix("/git"),
                           QUERY_STRING=url.query, CONTENT_LENGTH=str(len(request)),
                           CONTENT_TYPE=self.headers.get("Content-Type", ""),
                           HTTP_CONTENT_ENCODING=self.headers.get("Content-Encoding", ""),
                           GIT_PROTOCOL=self.headers.get("Git-Protocol", ""))
        answer = subprocess.run(["git", "http-backend"], input=request, env=environment,
                                stdout=subprocess.PIPE, check=False).stdout
        head, _, body = answer.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
        status = int(fields.pop("Status", "200").split()[0])
        self.answer(status, body, **{name.replace("-", "_"): value for name, value in fields.items()})


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
if len(sys.argv) > 4:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[4], sys.argv[5])
    server.socket = context.wrap_socket(server.socket, server_side=True)
with open(PORT_FILE + ".new", "w") as file:
    file.write(str(server.server_address[1]))
os.rename(PORT_FILE + ".new", PORT_FILE)
server.serve_forever()
