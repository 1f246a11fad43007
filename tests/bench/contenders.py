"""The builders that are measured. Each has a store that can be put back to `bases only`, or to
nothing.
"""

import os
import resource
import shutil
import subprocess

from measured import measured


class Contender:
    """Stores are never deleted while measuring: ext4 is slow for minutes after many deletions. Where
    they are in memory they are, since together they would take all of it.
    """

    def __init__(self, scratch):
        kind = subprocess.run(["findmnt", "-n", "-o", "FSTYPE", "-T", scratch], check=True,
                              stdout=subprocess.PIPE, text=True).stdout.strip()
        self.is_in_memory = kind == "tmpfs"
        self.scratch = scratch
        self.round = 0
        self.store = self.bases = scratch / f"{self.name}-bases"

    def fresh(self):
        """A store with the bases in it and nothing else."""
        if self.is_in_memory and self.store != self.bases:
            self.drop()
        self.round += 1
        self.store = self.scratch / f"{self.name}-{self.round}"
        subprocess.run(["cp", "-a", "--reflink=auto", self.bases, self.store], check=True)

    def empty(self):
        """A store with nothing in it. The one before goes: such stores hold whole large images."""
        if self.store != self.bases:
            self.drop()
        self.round += 1
        self.store = self.scratch / f"{self.name}-{self.round}"

    def drop(self):
        shutil.rmtree(self.store, ignore_errors=True)
        self.store.with_suffix(".tar").unlink(missing_ok=True)


class Strata(Contender):
    name = "strata"
    unpacks_when_taken = False

    def __init__(self, scratch, program):
        super().__init__(scratch)
        self.program = program

    def run(self, *words):
        return measured([self.program, *words], env=os.environ | {"STRATA_ROOT": str(self.store)})

    def add_base(self, rootfs, name):
        self.run("import", rootfs, name)
        self.run("run", "--rm", name, "true")  # unpacks it, as buildah does when it adds a base

    def take(self, layout):
        return self.run("load", "-i", layout, "-t", "base")

    def build(self, context):
        return self.run("build", "--progress", "plain", "-t", "it", context)

    def export(self, archive):
        return self.run("save", "it", "-o", archive)


class Peer(Contender):
    """A builder whose store is that of containers/storage. Each has the Debian packages that it needs
    in tests/packages, under its name.
    """
    unpacks_when_taken = True
    is_oci_runtime_global = False  # whether --runtime stands before the verb

    def __init__(self, scratch, isolation):
        super().__init__(scratch)
        self.isolation = isolation

    def run(self, *words):
        return measured([self.name, "--root", self.store, "--runroot", f"{self.store}-run",
                         "--storage-driver", "overlay", *words])

    def bud(self, *words):
        how = ["--isolation", self.isolation]
        if self.isolation == "chroot":
            return self.run("build", *how, *words)
        limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        how += ["--ulimit", f"nofile={limit}:{limit}"]
        runtime = ["--runtime", shutil.which("runc")]
        if self.is_oci_runtime_global:
            return self.run(*runtime, "build", *how, *words)
        return self.run("build", *runtime, *how, *words)

    def add_base(self, rootfs, name):
        dockerfile = self.scratch / f"{name}.Dockerfile"
        dockerfile.write_text(f"FROM scratch\nADD {rootfs.name} /\n")
        self.bud("-t", name, "-f", dockerfile, rootfs.parent)

    def drop(self):
        subprocess.run(["umount", self.store / "overlay"], check=False, stderr=subprocess.DEVNULL)
        shutil.rmtree(f"{self.store}-run", ignore_errors=True)
        super().drop()

    def take(self, layout):
        storage = f"[overlay@{self.store}+{self.store}-run]"
        return measured(["skopeo", "copy", "-q", f"oci:{layout}:base",
                         f"containers-storage:{storage}localhost/base:latest"])

    def build(self, context):
        return self.bud("--layers", "-t", "it", context)

    def export(self, archive):
        return self.run("push", "it", f"oci-archive:{archive}")


class Buildah(Peer):
    name = "buildah"


class Podman(Peer):
    name = "podman"
    is_oci_runtime_global = True

    def run(self, *words):
        return super().run("--tmpdir", f"{self.store}-run/libpod", *words)

    def fresh(self):
        """The database of containers knows where it lies and refuses to be elsewhere: a new one."""
        super().fresh()
        shutil.rmtree(self.store / "libpod")
        self.run("images")


PEERS = {kind.name: kind for kind in (Buildah, Podman)}
