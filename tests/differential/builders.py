"""The two builders that are compared: each imports a root file system and builds a context."""

import os
import subprocess
from pathlib import Path


class BuildFailed(Exception):
    pass


def call(command, **options):
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode:
        raise BuildFailed(f"{' '.join(map(str, command))}\nended with {done.returncode}\n"
                          + done.stdout)
    return done.stdout


class Strata:
    """The program under test, with a store of its own."""

    def __init__(self, program, scratch):
        self.program = program
        self.out = scratch / "strata-out"
        self.out.mkdir()
        self.environment = os.environ | {"STRATA_ROOT": str(scratch / "strata-store")}

    def add_base(self, rootfs, name):
        call([self.program, "import", rootfs, name], env=self.environment)

    def build(self, name, context, arguments):
        """Builds a context; the path of an OCI archive of the result."""
        archive = self.out / f"{name}.tar"
        call([self.program, "build", "--progress", "plain", "-t", name, "-o",
              f"type=oci,dest={archive}", *arguments, context], env=self.environment)
        return archive


class Buildah:
    """The oracle. Docker's format, because OCI's lets it drop HEALTHCHECK, SHELL and ONBUILD."""

    def __init__(self, scratch):
        self.scratch = scratch
        self.command = ["buildah", "--root", scratch / "buildah", "--runroot",
                        scratch / "buildah-run", "--storage-driver", "overlay"]
        self.out = scratch / "buildah-out"
        self.out.mkdir()

    def add_base(self, rootfs, name):
        rootfs = Path(rootfs)
        dockerfile = self.scratch / f"{name.replace('/', '-')}.Dockerfile"
        dockerfile.write_text(f"FROM scratch\nADD {rootfs.name} /\n")
        self.bud(name, rootfs.parent, ["-f", dockerfile])

    def bud(self, name, context, arguments):
        call([*self.command, "bud", "--isolation", "chroot", "--layers=false", "--format",
              "docker", "--identity-label=false", "-t", name, *arguments, context])

    def build(self, name, context, arguments):
        """Builds a context; the path of a `dir:` of the result."""
        self.bud(f"case-{name}", context, arguments)
        folder = Path(self.out / name)
        call([*self.command, "push", "--disable-compression", f"case-{name}", f"dir:{folder}"])
        return folder
