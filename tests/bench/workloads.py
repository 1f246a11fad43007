"""The workloads that builders are measured on: each a context made in a directory.

A workload knows its context, how to touch it (to change one file, in the middle of the build), and
what of a limit its phases may take.
"""

import random
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

PACKAGES = ("python3", "git", "perl", "libc6-dev")


@dataclass
class Limit:
    """What the machine allows, and what of it is allowed to us: so many times it, and so much more."""
    seconds: float
    times: float = 0
    more: float = 0

    def allowed(self):
        return self.seconds * self.times + self.more


class Workload:
    """`phases` are what is measured: cold, warm and touch, for one the export, and for one what is
    done on a base that the store has not seen. `memory_max` is in MiB. `differing` are patterns of
    what even two builds by one builder do not have alike.
    """
    phases = ("cold", "warm", "touch")
    base = "busybox"
    is_on_known_base = True
    touched = "touched"
    memory_max = {}
    differing = ()
    alone = ()

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

    def limit(self, phase, limits, ours, store):
        """Of a phase that has one. `ours` are the medians of the phases before."""
        return None

    def check(self, store):
        """Ends the run if a store of Strata's is not as it should be."""


class Small(Workload):
    name, title = "W1", "one small file and metadata"
    phases = ("cold", "warm")

    def make(self):
        self.write("app.js", "console.log('hello')\n")
        self.dockerfile("ENV A=1", "ENV B=2", "ENV C=3", "WORKDIR /app", "COPY app.js .",
                        'CMD ["sh"]')

    def limit(self, phase, limits, ours, store):
        return Limit(limits.true_and_reading(records_of(store)), 3) if phase == "warm" else None


class ManyFiles(Workload):
    name, title = "W2", "COPY of 20 000 files"
    touched = "d3/d5/f7"
    quick_shape, shape, size = (8, 20), (20, 50), 4000
    cold_times = 1.5
    warm_limit = {"times": 1.5, "more": 0.005}

    def make(self):
        wide, files = self.quick_shape if self.quick else self.shape
        for folder in range(wide * wide):
            path = self.folder / f"d{folder // wide}" / f"d{folder % wide}"
            path.mkdir(parents=True)
            for file in range(files):
                line = f"file {folder * files + file} of the workload\n"
                (path / f"f{file}").write_text((line * 200)[:self.size])
        self.write(".dockerignore", "Dockerfile\n.dockerignore\n")
        self.dockerfile("COPY . /src", 'CMD ["sh"]')

    def limit(self, phase, limits, ours, store):
        if phase == "cold":
            return Limit(limits.pack(self.folder), self.cold_times)
        if phase == "warm":
            return Limit(limits.walk(self.folder), **self.warm_limit)
        return Limit(ours["cold"], 0.6)


class MillionFiles(ManyFiles):
    name, title = "W8", "COPY of 1 000 000 small files"
    phases = ("cold", "warm")
    quick_shape, shape, size = (22, 104), (100, 100), 100
    cold_times = 0  # it is to grow with the files, and to need no more memory than is said
    warm_limit = {"times": 2}
    memory_max = {"cold": 500, "warm": 300}

    def __init__(self, folder, quick):
        self.alone = () if quick else self.phases  # minutes for the others
        super().__init__(folder, quick)


class LargeFile(Workload):
    name, title = "W3", "COPY of one 512 MiB file"
    phases = ("cold", "warm", "export", "both")
    memory_max = {"cold": 100, "both": 100}

    def make(self):
        source = random.Random(3)
        text = (b"the same line of text, over and over again\n" * 2000)[:65536]
        with (self.folder / "large").open("wb") as file:
            for _ in range((32 if self.quick else 512) * 8):
                file.write(source.randbytes(65536) + text)
        self.dockerfile("COPY large /large", 'CMD ["sh"]')

    def limit(self, phase, limits, ours, store):
        if phase not in ("cold", "both"):
            return None
        seconds = limits.pack(self.folder / "large")
        if phase == "both":  # an archive is a copy of what was packed
            blobs = store.glob("blobs/sha256/*")
            seconds += limits.copy([max(blobs, key=lambda blob: blob.stat().st_size)])
        return Limit(seconds, 1.5)


class Chain(Workload):
    name, title, base = "W4", "20 chained RUN", "debian"

    step_seconds_max = 0.008

    def __init__(self, folder, quick, rootfs):
        self.rootfs = rootfs
        super().__init__(folder, quick)

    def make(self):
        count = 6 if self.quick else 20
        self.commands = [
            f"mkdir -p /opt/s{n} && for f in 1 2 3 4 5; do echo {n} > /opt/s{n}/$f; done"
            for n in range(count)]
        steps = [f"RUN {command}" for command in self.commands]
        self.write(self.touched, "start\n")
        self.dockerfile(*steps[:count // 2], f"COPY {self.touched} /{self.touched}",
                        *steps[count // 2:])

    def limit(self, phase, limits, ours, store):
        """The commands themselves, without the overlay that they are run in."""
        if phase != "cold":
            return None
        lower = limits.unpacked(self.rootfs)
        commands = "\n".join(f"sh -c '{command}'" for command in self.commands)
        alone = limits.by_hand(lower, commands) - limits.by_hand(lower, "true")
        return Limit(alone, 1, self.step_seconds_max * len(self.commands))


class RealPackages(Workload):
    name, title, base = "W5", "31 MB of packages installed", "debian"
    phases = ("cold", "warm")

    differing = ("/var/log/*", "/var/cache/ldconfig/aux-cache")

    def __init__(self, folder, quick, rootfs):
        self.rootfs = rootfs
        super().__init__(folder, quick)

    def make(self):
        debs = self.folder / "debs"
        debs.mkdir()
        subprocess.run(["apt-get", "-qq", "download", *self.missing()], cwd=debs, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.write("app", "application\n")
        self.command = "dpkg -i --force-depends /debs/*.deb >/dev/null 2>&1 && rm -rf /debs"
        self.dockerfile("COPY debs /debs", f"RUN {self.command}", "COPY app /app", 'CMD ["sh"]')

    def limit(self, phase, limits, ours, store):
        if phase != "cold":
            return None
        lower = limits.unpacked(self.rootfs)
        shutil.copytree(self.folder / "debs", lower / "debs")
        return Limit(limits.by_hand(lower, self.command), 1.1)

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

    differing = ("/out*",)

    def __init__(self, folder, quick, rootfs):
        self.rootfs = rootfs
        super().__init__(folder, quick)

    def make(self):
        size, wait = (2, 0.3) if self.quick else (20, 1)
        self.command = f"sleep {wait} && head -c {size}000000 /dev/urandom"
        self.write(self.touched, "start\n")
        stages = [f"FROM busybox AS s{n}\n" + (f"COPY {self.touched} /\n" if n == 1 else "") +
                  f"RUN {self.command} > /out{n}" for n in range(1, 5)]
        copies = "\n".join(f"COPY --from=s{n} /out{n} /out{n}" for n in range(1, 5))
        self.write("Dockerfile", "\n".join([*stages, "FROM busybox", copies]) + "\n")

    def limit(self, phase, limits, ours, store):
        """The longest of the stages' commands, when all run at once by hand."""
        if phase != "cold":
            return None
        together = f"for n in 1 2 3 4; do ({self.command} > /out$n) & done; wait"
        return Limit(limits.by_hand(limits.unpacked(self.rootfs), together), 1.1)


class LongFile(Workload):
    """`long` is the same with more lines, warm; the others would take minutes for it. The names are as
    many as before, since what grows with lines times names is refused at some size.
    """
    name, title = "W7", "200 metadata steps and 60 RUN"
    phases = ("cold", "warm", "touch", "long")
    alone = ("long",)
    warm_seconds_max = 0.015
    names_max = 100
    # Pairs of ENV and LABEL, and RUN.
    quick_counts, counts, long_counts = (10, 6), (100, 60), (2400, 200)

    def make(self):
        self.write(self.touched, "start\n")
        self.write_steps(*(self.quick_counts if self.quick else self.counts))

    def write_steps(self, pairs, runs):
        steps = [f"RUN true # {n}" for n in range(runs)]
        self.dockerfile(*(f"ENV V{n % self.names_max}={n}" for n in range(pairs)),
                        *(f"LABEL l{n % self.names_max}={n}" for n in range(pairs)),
                        *steps[:runs // 2],
                        f"COPY {self.touched} /{self.touched}", *steps[runs // 2:])

    def make_long(self):
        self.write_steps(*self.long_counts)

    def limit(self, phase, limits, ours, store):
        if phase == "warm":
            return Limit(limits.true_and_reading(records_of(store)), 0, self.warm_seconds_max)
        if phase == "long":  # it grows with the number of lines
            counts = self.quick_counts if self.quick else self.counts
            growth = (2 * self.long_counts[0] + self.long_counts[1]) / (2 * counts[0] + counts[1])
            return Limit(ours["warm"] * growth, 1)
        return None


def records_of(store):
    """What a warm build of Strata's reads."""
    return [store / name for name in ("cache", "slots", "contexts")]
