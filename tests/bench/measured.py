"""How long a command takes, and how much memory it has at its peak."""

import subprocess
import tempfile
import threading
import time
from typing import NamedTuple


class Measured(NamedTuple):
    seconds: float
    peak: float  # MiB

    def then(self, other):
        """One after the other."""
        return Measured(self.seconds + other.seconds, max(self.peak, other.peak))


def peak_of(process):
    """KiB so far; 0 when it has ended. What wait4(2) tells has the memory of whoever forked in it."""
    try:
        with open(f"/proc/{process}/status") as status:
            return next((int(line.split()[1]) for line in status if line.startswith("VmHWM:")), 0)
    except (FileNotFoundError, ProcessLookupError):
        return 0


class PeakWatch(threading.Thread):
    """Looks at a process's memory every few milliseconds, more often while it is young."""

    def __init__(self, process):
        super().__init__(daemon=True)
        self.process = process
        self.peak = 0
        self.ended = threading.Event()

    def run(self):
        pause = 0.001
        while not self.ended.wait(pause):
            self.peak = max(self.peak, peak_of(self.process))
            pause = min(1.5 * pause, 0.02)


def measured(command, **options):
    """What a command took; what it says is shown only if it fails."""
    with tempfile.TemporaryFile("w+") as said:
        started = time.monotonic()
        child = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL,
                                 stdout=said, stderr=subprocess.STDOUT, **options)
        watch = PeakWatch(child.pid)
        watch.start()
        child.wait()
        took = time.monotonic() - started
        watch.ended.set()
        watch.join()
        if child.returncode:
            said.seek(0)
            raise SystemExit(f"{' '.join(map(str, command))}\n{said.read()}")
    return Measured(took, watch.peak / 1024)
