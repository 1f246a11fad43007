"""The builders that are measured. Each has a store that can be put back to `bases only`."""

import os
import resource
import shutil
import subprocess
import time


def timed(command, **options):
    """Seconds a command took; its output is shown only if it fails."""
    started = time.monotonic()
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    took = time.monotonic() - started
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stdout}")
    return took


class Contender:
    """Stores are never deleted while measuring: ext4 is slow for minutes after many deletions."""

    def __init__(self, scratch):
        self.scratch = scratch
        self.round = 0
        self.store = self.bases = scratch / f"{self.name}-bases"

    def fresh(self):
        """A store with the bases in it and nothing else."""
        self.round += 1
        self.store = self.scratch / f"{self.name}-{self.round}"
        subprocess.run(["cp", "-a", "--reflink=auto", self.bases, self.store], check=True)


class Strata(Contender):
    name = "strata"

    def __init__(self, scratch, program):
        super().__init__(scratch)
        self.program = program

    def run(self, *words):
        return timed([self.program, *words], env=os.environ | {"STRATA_ROOT": str(self.store)})

    def add_base(self, rootfs, name):
        self.run("import", rootfs, name)
        self.run("run", "--rm", name, "true")  # unpacks it, as buildah does when it adds a base

    def build(self, context):
        return self.run("build", "--progress", "plain", "-t", "it", context)

    def export(self, archive):
        return self.run("save", "it", "-o", archive)


class Buildah(Contender):
    name = "buildah"

    def __init__(self, scratch, isolation):
        super().__init__(scratch)
        self.isolation = isolation

    def run(self, verb, *words):
        return timed(["buildah", "--root", self.store, "--runroot", f"{self.store}-run",
                      "--storage-driver", "overlay", verb, *words])

    def bud(self, *words):
        limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        how = ["--isolation", self.isolation]
        if self.isolation == "oci":
            how += ["--runtime", shutil.which("runc"), "--ulimit", f"nofile={limit}:{limit}"]
        return self.run("bud", *how, *words)

    def add_base(self, rootfs, name):
        dockerfile = self.scratch / f"{name}.Dockerfile"
        dockerfile.write_text(f"FROM scratch\nADD {rootfs.name} /\n")
        self.bud("-t", name, "-f", dockerfile, rootfs.parent)

    def build(self, context):
        return self.bud("--layers", "-t", "it", context)

    def export(self, archive):
        return self.run("push", "it", f"oci-archive:{archive}")
