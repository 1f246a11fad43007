"""A registry that misbehaves: bad_registry.py PORT_FILE LOG [ELSEWHERE]

Serves one image under every repository; what the repository is called says what goes wrong with it.
ELSEWHERE, "HOST:PORT", is where it leads people. Logs METHOD PATH AUTHORIZATION RANGE.
"""

import base64
import hashlib
import http.server
import io
import json
import os
import sys
import tarfile

PORT_FILE, LOG = sys.argv[1:3]
ELSEWHERE = sys.argv[3] if len(sys.argv) > 3 else ""
ME = "Basic " + base64.b64encode(b"me:secret").decode()
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def layer():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("file")
        info.size = 2_000_000
        archive.addfile(info, io.BytesIO(b"0123456789abcdef" * 125_000))
    return out.getvalue()


def described(kind, data, **more):
    return {"mediaType": kind, "digest": digest(data), "size": len(data), **more}


LAYER = layer()


def config_of(diff_id):
    return json.dumps({"architecture": "amd64" if os.uname().machine == "x86_64" else "arm64",
                       "os": "linux", "config": {},
                       "rootfs": {"type": "layers", "diff_ids": [diff_id]}}).encode()


CONFIG = config_of(digest(LAYER))
WRONG_CONFIG = config_of(digest(b"other"))
LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar"
CONFIG_TYPE = "application/vnd.oci.image.config.v1+json"


def manifest(name):
    config = WRONG_CONFIG if name == "wrong-diff-id" else CONFIG
    image = {"schemaVersion": 2, "mediaType": MANIFEST, "config": described(CONFIG_TYPE, config),
             "layers": [described(LAYER_TYPE, LAYER)]}
    if name == "longer":
        image["layers"][0]["size"] += 1000
    if name == "shorter":
        image["layers"][0]["size"] -= 1000
    if name == "huge-config":
        image["config"]["size"] = 1 << 40
    if name == "two-in-one":
        image["manifests"] = []
    if name == "traversal":
        image["layers"][0]["digest"] = "sha256:../../../../etc/passwd"
    if name == "artifact":
        image["layers"][0]["mediaType"] = "application/x-thing"
    return json.dumps(image).encode()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    flaky = {}

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", length=None, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def endless(self):
        self.send_response(200)
        self.send_header("Content-Type", MANIFEST)
        self.end_headers()
        self.close_connection = True
        try:
            while True:
                self.wfile.write(b" " * 65536)
        except OSError:
            pass

    def cut(self, body, can_go_on):
        start = 0
        if can_go_on and self.headers.get("Range"):
            start = int(self.headers["Range"].removeprefix("bytes=").split("-")[0])
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        self.wfile.write(body[start:start + 700_000])
        self.close_connection = True

    def handle_one(self):
        with open(LOG, "a") as log:
            log.write(f"{self.command} {self.path} {self.headers.get('Authorization', '-')} "
                      f"{self.headers.get('Range', '-')}\n")
        if self.path == "/v2/":
            return self.answer(200)
        if self.path.startswith("/token"):
            return self.answer(401)
        parts = self.path.split("?")[0].split("/")
        name, kind, what = parts[2], parts[3], parts[-1]
        realm = {"metadata": "http://169.254.169.254/token",
                 "foreign": f"http://localhost:{ELSEWHERE.split(':')[-1]}/token"}.get(name)
        if realm and not self.headers.get("Authorization"):
            return self.answer(401, WWW_Authenticate=f'Bearer realm="{realm}",service="x"')
        if ELSEWHERE and name in ("moved", "upload-elsewhere") and self.headers.get("Authorization") != ME:
            return self.answer(401, WWW_Authenticate='Basic realm="x"')
        if self.command in ("POST", "PUT", "PATCH"):
            return self.take(name)
        return self.manifest(name) if kind == "manifests" else self.blob(name, what)

    def take(self, name):
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        if self.command == "POST":
            host = ELSEWHERE if name == "upload-elsewhere" else self.headers["Host"]
            return self.answer(202, Location=f"http://{host}/v2/{name}/blobs/uploads/1")
        if name == "never-taken":
            return self.answer(503)
        self.answer(400, b'{"errors":[{"code":"DIGEST_INVALID","message":"not what you say"}]}')

    def manifest(self, name):
        body = manifest(name)
        if name == "endless-manifest":
            return self.endless()
        if name == "broken":
            return self.answer(500)
        if name == "busy":
            return self.answer(429, Retry_After="86400")
        if name == "lies-of-digest":
            return self.answer(200, body, Content_Type=MANIFEST,
                               Docker_Content_Digest=digest(b"other"))
        self.answer(200, body, Content_Type=MANIFEST)

    def blob(self, name, what):
        if self.command == "HEAD":
            return self.answer(404)
        body = {digest(LAYER): LAYER, digest(CONFIG): CONFIG, digest(WRONG_CONFIG): WRONG_CONFIG}[what]
        if body is not LAYER:
            return self.answer(200, body)
        if name == "wrong-bytes":
            return self.answer(200, body[:-1] + b"x")
        if name == "endless-blob":
            return self.endless()
        if name == "truncated":
            return self.answer(200, body[:1000])
        if name == "cut":
            return self.cut(body, True)
        if name == "always-cut":
            return self.cut(body, False)
        if name == "moved":
            return self.answer(307, Location=f"http://{ELSEWHERE}/v2/plain/blobs/{what}")
        if name == "moved-to-file":
            return self.answer(307, Location="file:///etc/passwd")
        if name == "flaky":
            count = Handler.flaky.get(what, 0)
            Handler.flaky[what] = count + 1
            if count < 2:
                return self.answer(503 if count else 429, Retry_After="0")
        self.answer(200, body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = handle_one


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open(PORT_FILE + ".new", "w") as file:
    file.write(str(server.server_address[1]))
os.rename(PORT_FILE + ".new", PORT_FILE)
server.serve_forever()
