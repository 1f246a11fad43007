"""What the machine allows: the same work by the plainest means, independent of Strata.

Seconds of the program `limits` beside this file, which is built when first needed, and of commands
run by hand in an overlay. Each is the best of a few runs: a limit is what can be reached.
"""

import shutil
import subprocess
import time
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
PROGRAM = REPO / "build" / "release" / "tests" / "bench" / "limits" / "strata_limits"
BY_HAND = """
set -e
mount -t tmpfs none {scratch}/mounts
mkdir {scratch}/mounts/merged
mount -t overlay -o lowerdir={lower},upperdir={scratch}/upper,workdir={scratch}/work overlay \
  {scratch}/mounts/merged
mount -t proc proc {scratch}/mounts/merged/proc
mount --bind /dev {scratch}/mounts/merged/dev
exec chroot {scratch}/mounts/merged /bin/sh -c "$0"
"""


def built():
    """The program, built if it is not there or older than its source."""
    subprocess.run(["cmake", "--preset", "release"], cwd=REPO, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", "--preset", "release", "--target", "strata_limits"],
                   cwd=REPO, check=True, stdout=subprocess.DEVNULL)
    return PROGRAM


def seconds(function, rounds):
    """The least of what a function took."""
    times = []
    for _ in range(rounds):
        started = time.monotonic()
        function()
        times.append(time.monotonic() - started)
    return min(times)


class Limits:
    def __init__(self, scratch, quick):
        self.scratch = scratch / "limits"
        self.scratch.mkdir()
        self.rounds = 1 if quick else 5
        self.program = built()
        self.number = 0

    def run(self, *words, rounds=None):
        return min(float(subprocess.run([self.program, *words], check=True, text=True,
                                        stdout=subprocess.PIPE).stdout)
                   for _ in range(rounds or self.rounds))

    def pack(self, path, rounds=None):
        return self.run("pack", path, self.scratch / "packed", rounds=rounds)

    def walk(self, folder):
        return self.run("walk", folder)

    def copy(self, files):
        return self.run("copy", *files, self.scratch / "copied", rounds=3)

    def true_and_reading(self, folders):
        """/bin/true, and every file below some folders read."""
        files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
        return (seconds(lambda: subprocess.run(["/bin/true"], check=True), 20) +
                seconds(lambda: [path.read_bytes() for path in files], 5))

    def unpacked(self, *tars):
        """A directory that overlays can lie on."""
        folder = self.scratch / f"unpacked-{self.number}"
        self.number += 1
        folder.mkdir()
        for tar in tars:
            subprocess.run(["tar", "-xf", tar, "-C", folder], check=True)
        return folder

    def by_hand(self, lower, command):
        """A command in an overlay over a directory, with namespaces and mounts made by a shell."""
        def once():
            place = self.scratch / f"by-hand-{self.number}"
            self.number += 1
            for name in ("upper", "work", "mounts"):
                (place / name).mkdir(parents=True)
            text = BY_HAND.format(scratch=place, lower=lower)
            subprocess.run(["unshare", "--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child",
                            "sh", "-c", text, command], check=True, stdin=subprocess.DEVNULL,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return seconds(once, min(self.rounds, 3))

    def drop(self):
        shutil.rmtree(self.scratch, ignore_errors=True)
