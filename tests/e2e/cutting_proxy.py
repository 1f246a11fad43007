"""Stands in front of a registry and breaks what it is told to: cutting_proxy.py PORT_FILE LOG TARGET FAULT…

A FAULT, METHOD:PART:BYTES:HOW, strikes once: at the first request with PART in its path or its
Content-Range, after so many bytes of its body, or, of a GET, of the answer's. HOW is one of

  cut     the connections on both sides end
  kept    the same, but the registry keeps the bytes that came, as the specification has it
  pauseN  of a GET: nothing comes for N seconds, then the rest; logged when it begins, too
  STATUS  is answered in place of the registry, which sees a connection that ends; or, of a GET, nothing

With fewer bytes in the body the registry takes it whole, and only its answer is lost.
Logs METHOD PATH RANGE CONTENT_RANGE STATUS BYTES before the end of an answer, BYTES being what was
passed on of its body.
"""

import os
import socket
import socketserver
import sys
import time

PORT_FILE, LOG, TARGET = sys.argv[1:4]
FAULTS = [fault.split(":") for fault in sys.argv[4:]]
KEPT = {}  # where uploads go on: location by path without query
BLOCK = 1 << 18


class Broken(Exception):
    pass


def take_fault(method, texts):
    for fault in FAULTS:
        if fault[0] == method and fault[1] in texts:
            FAULTS.remove(fault)
            return int(fault[2]), fault[3]
    return None


def read_head(file):
    lines = []
    while (line := file.readline()) not in (b"\r\n", b""):
        lines.append(line.decode("latin1").rstrip("\r\n"))
    return lines, {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:])}


def write_head(file, lines, *without):
    kept = [line for line in lines if line.split(":")[0].lower() not in without]
    file.write("\r\n".join([*kept, "Connection: close", "", ""]).encode("latin1"))


def pass_on(source, sink, size, limit):
    """Copies `size` bytes, but Broken after `limit`, which may be None. Returns how many."""
    passed = 0
    while passed < size:
        wanted = min(BLOCK, size - passed, BLOCK if limit is None else limit - passed)
        if wanted == 0:
            raise Broken(passed)
        block = source.read1(wanted)
        if not block:
            break
        sink.write(block)
        passed += len(block)
    return passed


class Connection(socketserver.StreamRequestHandler):
    wbufsize = BLOCK

    def handle(self):
        lines, headers = read_head(self.rfile)
        if not lines:
            return
        method, path, _ = lines[0].split()
        place = path.split("?")[0]
        fault = take_fault(method, f"{path} {headers.get('content-range', '')}")
        passed = 0
        try:
            if fault and method == "GET" and fault[1].isdigit():
                raise Broken(0)
            if method == "GET" and place in KEPT:
                lines[0] = f"GET {KEPT.pop(place)} HTTP/1.1"
            with socket.create_connection(TARGET.split(":")) as there:
                to, answer = there.makefile("wb", BLOCK), there.makefile("rb", BLOCK)
                if fault and fault[1] == "kept":
                    KEPT[place] = self.shorten(lines, to, answer, fault[0])
                    raise Broken(0)
                self.ask(lines, headers, to, fault[0] if fault and method != "GET" else None)
                head, fields = read_head(answer)
                if fault and method != "GET":
                    raise Broken(0)
                status = head[0].split()[1]
                size = 0 if method == "HEAD" else int(fields.get("content-length", 0))
                write_head(self.wfile, head, "connection")
                if fault and fault[1].startswith("pause"):
                    passed = pass_on(answer, self.wfile, min(size, fault[0]), None)
                    self.wfile.flush()
                    self.log(method, path, headers, "pause", passed)
                    time.sleep(int(fault[1].removeprefix("pause")))
                    fault = None
                passed += pass_on(answer, self.wfile, size - passed, fault and fault[0])
        except Broken as broken:
            passed, status = broken.args[0], fault[1]
            if status.isdigit():
                write_head(self.wfile, [f"HTTP/1.1 {status} -", "Content-Length: 0"])
        except OSError:
            status = "lost"
        self.log(method, path, headers, status, passed)

    def log(self, method, path, headers, status, passed):
        with open(LOG, "a") as log:
            log.write(f"{method} {path} {headers.get('range', '-')} {headers.get('content-range', '-')} "
                      f"{status} {passed}\n")

    def ask(self, lines, headers, to, limit):
        if "expect" in headers:
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.wfile.flush()
        write_head(to, lines, "connection", "expect")
        try:
            pass_on(self.rfile, to, int(headers.get("content-length", 0)), limit)
        finally:
            to.flush()

    def shorten(self, lines, to, answer, size):
        """Asks with the beginning of the body alone; returns the location that is answered."""
        if any(line.lower().startswith("expect:") for line in lines):
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.wfile.flush()
        lines[0] = lines[0].replace("PUT", "PATCH")
        kept = [line for line in lines if not line.lower().startswith(("content-length:", "content-range:"))]
        write_head(to, [*kept, f"Content-Length: {size}"], "connection", "expect")
        pass_on(self.rfile, to, size, None)
        to.flush()
        return read_head(answer)[1]["location"]


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


server = Server(("127.0.0.1", 0), Connection)
with open(PORT_FILE + ".new", "w") as file:
    file.write(str(server.server_address[1]))
os.rename(PORT_FILE + ".new", PORT_FILE)
server.serve_forever()
