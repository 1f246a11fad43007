"""A proxy that writes down all it is shown: proxy.py PORT_FILE LOG

Tunnels for CONNECT, and passes plain requests on. For each it logs the first line and, behind it, all
header lines, with blanks between.
"""

import os
import select
import socket
import socketserver
import sys
import urllib.parse

PORT_FILE, LOG = sys.argv[1:3]


def relay(one, other):
    """Copies both ways until one side ends."""
    while True:
        for source in select.select([one, other], [], [])[0]:
            data = source.recv(1 << 16)
            if not data:
                return
            (other if source is one else one).sendall(data)


class Connection(socketserver.StreamRequestHandler):
    rbufsize = 0  # what follows the head stays in the socket

    def handle(self):
        lines = []
        while (line := self.rfile.readline().decode("latin1").rstrip("\r\n")):
            lines.append(line)
        if not lines:
            return
        with open(LOG, "a") as log:
            log.write(" ".join(lines) + "\n")
        method, target, _ = lines[0].split()
        url = urllib.parse.urlsplit(f"//{target}" if method == "CONNECT" else target)
        with socket.create_connection((url.hostname, url.port)) as there:
            if method == "CONNECT":
                self.wfile.write(b"HTTP/1.1 200 here you are\r\n\r\n")
            else:
                path = target.removeprefix(f"http://{url.netloc}")
                kept = [line for line in lines[1:] if not line.lower().startswith(("connection:", "proxy-"))]
                head = [f"{method} {path} HTTP/1.1", *kept, "Connection: close", "", ""]
                there.sendall("\r\n".join(head).encode("latin1"))
            relay(self.connection, there)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


server = Server(("127.0.0.1", 0), Connection)
with open(PORT_FILE + ".new", "w") as file:
    file.write(str(server.server_address[1]))
os.rename(PORT_FILE + ".new", PORT_FILE)
server.serve_forever()
