"""Workloads whose base is not known to the store before: an image layout, made here."""

import gzip
import hashlib
import io
import json
import os
import random
import subprocess
import tarfile
from pathlib import Path

from workloads import Limit, Workload


class LayoutBase(Workload):
    base = "base"
    is_on_known_base = False

    def __init__(self, folder, quick):
        self.layout = Path(folder) / f"{self.name}.layout"
        (self.layout / "blobs" / "sha256").mkdir(parents=True)
        super().__init__(folder, quick)

    def layer(self, tar, blob):
        """The descriptor and the DiffID of a layer that gzip has packed."""
        return (self.blob("image.layer.v1.tar+gzip", blob),
                f"sha256:{hashlib.sha256(tar).hexdigest()}")

    def gzip_layer(self, tar):
        return self.layer(tar, subprocess.run(["gzip", "-n"], check=True, input=tar,
                                              stdout=subprocess.PIPE).stdout)

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
            # May be left out, but podman cannot build on a base whose layers have none.
            "history": [{"created_by": "made for the bench"} for _ in layers],
            "rootfs": {"type": "layers", "diff_ids": [diff_id for _, diff_id in layers]}})
        manifest = self.document("image.manifest.v1+json", {
            "schemaVersion": 2, "config": config, "layers": [layer for layer, _ in layers]})
        manifest["annotations"] = {"org.opencontainers.image.ref.name": "base"}
        index = {"schemaVersion": 2, "manifests": [manifest]}
        (self.layout / "index.json").write_text(json.dumps(index))
        (self.layout / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')


class FreshBase(LayoutBase):
    name, title = "W10", "first RUN on a fresh base"
    phases = ("fresh", "unpack")
    # What is put in a layer of its own, and how many MiB of it at most. With the Debian system
    # below it, 1 GiB: many small files and some large ones, as in an image for compiling.
    layers = (
        (("usr/lib/gcc", "usr/include"), 512),
        (("usr/share/doc", "usr/share/locale", "usr/share/perl"), 224),
        (("usr/lib/x86_64-linux-gnu", "usr/lib/python3"), 160),
    )

    def __init__(self, folder, quick, rootfs):
        self.rootfs = rootfs
        super().__init__(folder, quick)

    def make(self):
        layers = [self.gzip_layer(self.rootfs.read_bytes())]
        for folders, size_max in self.layers[:1] if self.quick else self.layers:
            layers.append(self.gzip_layer(self.tar_of(folders, (16 if self.quick else size_max) << 20)))
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


class LargeBase(LayoutBase):
    """The base is taken before the clock starts; what is measured is one COPY and the export."""
    name, title = "W9", "one file on a base of 1 GiB"
    phases = ("taken",)
    layers = 4

    def make(self):
        source = random.Random(9)
        size = (16 if self.quick else 1024) * (1 << 20) // self.layers
        self.write_image([self.random_layer(source, f"file{layer}", size)
                          for layer in range(self.layers)])
        self.write("small", "one small file\n")
        self.dockerfile("COPY small /small", 'CMD ["sh"]')

    def random_layer(self, source, name, size):
        """Random bytes, which no level of gzip makes smaller, so none is tried."""
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as tar:
            info = tarfile.TarInfo(name)
            info.size = size
            tar.addfile(info, io.BytesIO(b"".join(source.randbytes(1 << 20) for _ in range(size >> 20))))
        return self.layer(packed.getvalue(), gzip.compress(packed.getvalue(), 0, mtime=0))

    def limit(self, phase, limits, ours, store):
        blobs = sorted((self.layout / "blobs" / "sha256").iterdir())
        return Limit(limits.copy(blobs), 1.3)

    def check(self, store):
        if any((store / "unpacked").glob("*")):
            raise SystemExit(f"{self.name}: a layer of the base was unpacked")
