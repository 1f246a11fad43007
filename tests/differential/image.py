"""Reads an image as other tools left it: an OCI layout, an OCI archive, or a `dir:` of skopeo's.

Independent of Strata on purpose: nothing here knows its code or its store.
"""

import gzip
import io
import json
import shutil
import subprocess
import tarfile
from pathlib import Path

INDEX_TYPES = ("application/vnd.oci.image.index.v1+json",
               "application/vnd.docker.distribution.manifest.list.v2+json")


class Layout:
    """Blobs of an OCI layout directory."""

    def __init__(self, root):
        self.root = Path(root)

    def start(self):
        return json.loads((self.root / "index.json").read_text())

    def open(self, digest):
        return (self.root / "blobs" / digest.replace(":", "/")).open("rb")


class Archive:
    """Blobs of an OCI layout inside a tar file."""

    def __init__(self, path):
        self.tar = tarfile.open(path)
        self.members = {member.name.removeprefix("./"): member for member in self.tar}

    def start(self):
        return json.load(self.member("index.json"))

    def open(self, digest):
        return self.member("blobs/" + digest.replace(":", "/"))

    def member(self, name):
        return self.tar.extractfile(self.members[name])


class Directory:
    """Blobs of a `dir:`: manifest.json beside files named by hex."""

    def __init__(self, root):
        self.root = Path(root)

    def start(self):
        return json.loads((self.root / "manifest.json").read_text())

    def open(self, digest):
        return (self.root / digest.split(":")[1]).open("rb")


def blobs_at(path):
    path = Path(path)
    if path.is_file():
        return Archive(path)
    return Layout(path) if (path / "index.json").exists() else Directory(path)


class Image:
    """One image: `manifest`, `config`, and its layers as open streams of tar bytes."""

    def __init__(self, path):
        self.blobs = blobs_at(path)
        self.manifest = self.blobs.start()
        while "manifests" in self.manifest:
            self.manifest = json.load(self.blobs.open(self.manifest["manifests"][0]["digest"]))
        self.config = json.load(self.blobs.open(self.manifest["config"]["digest"]))

    def diff_ids(self):
        return self.config["rootfs"]["diff_ids"] or []

    def layers(self):
        """(diff id, function that opens the layer's tar) from the base up."""
        for diff_id, layer in zip(self.diff_ids(), self.manifest["layers"]):
            yield diff_id, lambda digest=layer["digest"]: uncompressed(self.blobs.open(digest))


def uncompressed(stream):
    stream = io.BufferedReader(stream)
    magic = stream.peek(4)[:4]
    if magic[:2] == b"\x1f\x8b":
        return gzip.open(stream)
    if magic == b"\x28\xb5\x2f\xfd":
        return zstd(stream)
    return stream


def zstd(stream):
    done = subprocess.run([shutil.which("zstd"), "-dc"], input=stream.read(), check=True,
                          capture_output=True)
    return io.BytesIO(done.stdout)
