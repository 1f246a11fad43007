"""The workloads that builders are measured on: each a context made in a directory.

A workload knows its context, and how to touch it: to change one file, in the middle of the build.
"""

import hashlib
import json
import os
import random
import subprocess
import tarfile
from pathlib import Path

PACKAGES = ("python3", "git", "perl", "libc6-dev")


class Workload:
    """`phases` are what is measured: cold, warm and touch, for one the export, and for one what is
    done on a base that the store has not seen.
    """
    phases = ("cold", "warm", "touch")
    base = "busybox"
    is_on_known_base = True
    touched = "touched"

    def __init__(self, folder, quick):
        self.folder = Path(folder) / self.name
        self.folder.mkdir(parents=True)
        self.quick = quick
        self.make()

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def dockerfile(self, *lines):
        self.write("Dockerfile", "\n".join((f"FROM {self.base}", *lines)) + "\n")

    def touch(self):
        with (self.folder / self.touched).open("a") as file:
            file.write("touched\n")


class Small(Workload):
    name, title = "W1", "one small file and metadata"
    phases = ("cold", "warm")

    def make(self):
        self.write("app.js", "console.log('hello')\n")
        self.dockerfile("ENV A=1", "ENV B=2", "ENV C=3", "WORKDIR /app", "COPY app.js .",
                        'CMD ["sh"]')


class ManyFiles(Workload):
    name, title = "W2", "COPY of 20 000 files"
    touched = "d3/d5/f7"

    def make(self):
        wide, files = (8, 20) if self.quick else (20, 50)
        for number in range(wide * wide * files):
            rest, file = divmod(number, files)
            line = f"file {number} of the workload\n"
            self.write(f"d{rest // wide}/d{rest % wide}/f{file}", (line * 200)[:4000])
        self.write(".dockerignore", "Dockerfile\n.dockerignore\n")
        self.dockerfile("COPY . /src", 'CMD ["sh"]')


class LargeFile(Workload):
    name, title = "W3", "COPY of one 512 MiB file"
    phases = ("cold", "warm", "export")

    def make(self):
        source = random.Random(3)
        text = (b"the same line of text, over and over again\n" * 2000)[:65536]
        with (self.folder / "large").open("wb") as file:
            for _ in range((32 if self.quick else 512) * 8):
                file.write(source.randbytes(65536) + text)
        self.dockerfile("COPY large /large", 'CMD ["sh"]')


class Chain(Workload):
    name, title, base = "W4", "20 chained RUN", "debian"

    def make(self):
        count = 6 if self.quick else 20
        steps = [f"RUN mkdir -p /opt/s{n} && for f in 1 2 3 4 5; do echo {n} > /opt/s{n}/$f; done"
                 for n in range(count)]
        self.write(self.touched, "start\n")
        self.dockerfile(*steps[:count // 2], f"COPY {self.touched} /{self.touched}",
                        *steps[count // 2:])


class RealPackages(Workload):
    name, title, base = "W5", "31 MB of packages installed", "debian"
    phases = ("cold", "warm")

    def __init__(self, folder, quick, rootfs=None):
        self.rootfs = rootfs
        super().__init__(folder, quick)

    def make(self):
        debs = self.folder / "debs"
        debs.mkdir()
        subprocess.run(["apt-get", "-qq", "download", *self.missing()], cwd=debs, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.write("app", "application\n")
        install = "dpkg -i --force-depends /debs/*.deb >/dev/null 2>&1"
        self.dockerfile("COPY debs /debs", f"RUN {install} && rm -rf /debs", "COPY app /app",
                        'CMD ["sh"]')

    def missing(self):
        """The packages wanted and all they need, less what the base has."""
        with tarfile.open(self.rootfs) as tar:
            status = tar.extractfile("./var/lib/dpkg/status").read().decode()
        there = {line.split()[1] for line in status.splitlines() if line.startswith("Package: ")}
        closure = subprocess.run(
            ["apt-cache", "depends", "--recurse", "--no-recommends", "--no-suggests",
             "--no-conflicts", "--no-breaks", "--no-replaces", "--no-enhances", *PACKAGES],
            check=True, capture_output=True, text=True).stdout
        names = {line for line in closure.splitlines() if line[0] not in " <"}
        return sorted(name for name in names - there if ":" not in name)


class Stages(Workload):
    name, title = "W6", "four stages and a fifth"

    def make(self):
        size, wait = (2, 0.3) if self.quick else (20, 1)
        self.write(self.touched, "start\n")
        stages = [f"FROM busybox AS s{n}\n" + (f"COPY {self.touched} /\n" if n == 1 else "") +
                  f"RUN sleep {wait} && head -c {size}000000 /dev/urandom > /out{n}"
                  for n in range(1, 5)]
        copies = "\n".join(f"COPY --from=s{n} /out{n} /out{n}" for n in range(1, 5))
        self.write("Dockerfile", "\n".join([*stages, "FROM busybox", copies]) + "\n")


class LongFile(Workload):
    name, title = "W7", "200 metadata steps and 60 RUN"

    def make(self):
        pairs, runs = (10, 6) if self.quick else (100, 60)
        steps = [f"RUN true # {n}" for n in range(runs)]
        self.write(self.touched, "start\n")
        self.dockerfile(*(f"ENV V{n}={n}" for n in range(pairs)),
                        *(f"LABEL l{n}={n}" for n in range(pairs)), *steps[:runs // 2],
                        f"COPY {self.touched} /{self.touched}", *steps[runs // 2:])


class FreshBase(Workload):
    name, title, base = "W10", "first RUN on a fresh base", "base"
    phases = ("fresh", "unpack")
    is_on_known_base = False
    # What is put in a layer of its own, and how many MiB of it at most. With the Debian system
    # below it, 1 GiB: many small files and some large ones, as in an image for compiling.
    layers = (
        (("usr/lib/gcc", "usr/include"), 512),
        (("usr/share/doc", "usr/share/locale", "usr/share/perl"), 224),
        (("usr/lib/x86_64-linux-gnu", "usr/lib/python3"), 160),
    )

    def __init__(self, folder, quick, rootfs=None):
        self.rootfs = rootfs
        super().__init__(folder, quick)

    def make(self):
        self.layout = self.folder.with_suffix(".layout")
        (self.layout / "blobs" / "sha256").mkdir(parents=True)
        layers = [self.layer(self.rootfs.read_bytes())]
        for folders, size_max in self.layers[:1] if self.quick else self.layers:
            layers.append(self.layer(self.tar_of(folders, (16 if self.quick else size_max) << 20)))
        self.write_image(layers)
        self.dockerfile("RUN true")

    def tar_of(self, folders, size_max):
        """A tar of files of the host, as many as do not hold more bytes than that."""
        names, left = [], size_max
        for folder in folders:
            for parent, directories, files in os.walk(Path("/") / folder):
                directories.sort()
                names.append(parent)
                for file in sorted(files):
                    path = os.path.join(parent, file)
                    size = os.lstat(path).st_size
                    if size <= left:
                        names.append(path)
                        left -= size
        return subprocess.run(
            ["tar", "-C", "/", "-c", "--no-recursion", "--null", "-T", "-"], check=True,
            input="\0".join(name.lstrip("/") for name in names).encode(),
            stdout=subprocess.PIPE).stdout

    def layer(self, tar):
        """The descriptor and the DiffID of a layer that gzip has packed."""
        blob = subprocess.run(["gzip", "-n"], check=True, input=tar, stdout=subprocess.PIPE).stdout
        return (self.blob("image.layer.v1.tar+gzip", blob),
                f"sha256:{hashlib.sha256(tar).hexdigest()}")

    def blob(self, kind, content):
        digest = hashlib.sha256(content).hexdigest()
        (self.layout / "blobs" / "sha256" / digest).write_bytes(content)
        return {"mediaType": f"application/vnd.oci.{kind}", "digest": f"sha256:{digest}",
                "size": len(content)}

    def document(self, kind, content):
        return self.blob(kind, json.dumps(content).encode())

    def write_image(self, layers):
        config = self.document("image.config.v1+json", {
            "architecture": {"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine],
            "os": "linux", "config": {},
            "rootfs": {"type": "layers", "diff_ids": [diff_id for _, diff_id in layers]}})
        manifest = self.document("image.manifest.v1+json", {
            "schemaVersion": 2, "config": config, "layers": [layer for layer, _ in layers]})
        manifest["annotations"] = {"org.opencontainers.image.ref.name": "base"}
        index = {"schemaVersion": 2, "manifests": [manifest]}
        (self.layout / "index.json").write_text(json.dumps(index))
        (self.layout / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')


ALL = (Small, ManyFiles, LargeFile, Chain, RealPackages, Stages, LongFile, FreshBase)
