"""One image from a registry on this machine into an empty store, by those who can fetch it.

They do not do the same. Skopeo writes an OCI layout and hashes what is packed. Strata unpacks it on its
way, hashes the tar and each file in it, and keeps the packed form; podman keeps the unpacked one.
"""

import os
import random
import socket
import statistics
import subprocess
import time

from measured import measured

NAME, TITLE = "pull", "pull of 4 layers"
LAYERS, ROUNDS = 4, 5
BLOCK = 65536


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Registry:
    """A docker-registry with its files in a folder, as a context."""

    def __init__(self, folder):
        self.folder = folder
        self.host = f"127.0.0.1:{free_port()}"

    def __enter__(self):
        settings = self.folder / "registry.yml"
        settings.write_text(f"version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\n"
                            f"storage: {{filesystem: {{rootdirectory: {self.folder}/registry}}}}\n"
                            f"http: {{addr: {self.host}, secret: it}}\n")
        self.process = subprocess.Popen(["docker-registry", "serve", settings],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        host, port = self.host.split(":")
        for _ in range(100):
            try:
                socket.create_connection((host, int(port))).close()
                return self
            except OSError:
                time.sleep(0.1)
        raise SystemExit("docker-registry does not start")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


class Puller:
    """Stores are new for each pull, and never deleted while measuring."""

    def __init__(self, scratch):
        self.scratch = scratch
        self.round = 0

    def pull(self, image):
        self.round += 1
        return self.run(self.scratch / f"pulled-{self.name}-{self.round}", image)


class Strata(Puller):
    name = "strata"

    def __init__(self, scratch, program):
        super().__init__(scratch)
        self.program = program

    def run(self, store, image):
        return measured([self.program, "pull", "-q", image], env=os.environ | {"STRATA_ROOT": str(store)})


class Skopeo(Puller):
    name = "skopeo"

    def run(self, store, image):
        return measured(["skopeo", "copy", "-q", "--src-tls-verify=false", f"docker://{image}",
                         f"oci:{store}:it"])


class Podman(Puller):
    name = "podman"

    def run(self, store, image):
        return measured(["podman", "--root", store, "--runroot", f"{store}-run", "--storage-driver",
                         "overlay", "pull", "-q", "--tls-verify=false", image])


def make_context(folder, quick):
    """Files for the layers: random bytes and repeated text in turns, 1 GiB in all."""
    source = random.Random(8)
    text = (b"the same line of text, over and over again\n" * 2000)[:BLOCK]
    pairs = (16 if quick else 1024) * (1 << 20) // LAYERS // (2 * BLOCK)
    folder.mkdir()
    for layer in range(LAYERS):
        with (folder / f"layer{layer}").open("wb") as file:
            for _ in range(pairs):
                file.write(source.randbytes(BLOCK) + text)
    copies = "".join(f"COPY layer{layer} /\n" for layer in range(LAYERS))
    (folder / "Dockerfile").write_text(f"FROM scratch\n{copies}")


def run(scratch, program, quick):
    """Prints the medians of seconds and of peak memory of each, taken in turns."""
    make_context(scratch / "pull", quick)
    with Registry(scratch) as registry:
        image = f"{registry.host}/large:1"
        measured([program, "build", "--push", "-t", image, scratch / "pull"],
                 env=os.environ | {"STRATA_ROOT": str(scratch / "pull-made")})
        pullers = [Strata(scratch, program), Skopeo(scratch), Podman(scratch)]
        results = {puller.name: [] for puller in pullers}
        for _ in range(1 if quick else ROUNDS):
            for puller in pullers:
                results[puller.name].append(puller.pull(image))
    for name, figures in results.items():
        seconds, peak = (statistics.median(column) for column in zip(*figures))
        print(f"{NAME:4} {TITLE + ', ' + name:29} {seconds:8.3f} s {peak:8.1f} MiB", flush=True)
