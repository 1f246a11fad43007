"""The code base as the tidy tests see it: its files, its floors, and how a test answers."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def tracked(*patterns):
    """Files that git knows or would add, and that exist, sorted; patterns are git pathspecs."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard",
         "--", *patterns],
        check=True, capture_output=True, text=True).stdout
    return sorted({ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()})


def cpp_files(*roots):
    return tracked(*(f"{root}/*.{kind}" for root in roots or ("src", "include", "tests")
                     for kind in ("cpp", "hpp")))


def floors():
    """The table of CMakeLists.txt, in its order: floor -> the floors it may include."""
    text = (ROOT / "CMakeLists.txt").read_text()
    rows = re.findall(r"^strata_floor\((\w+)([^)]*)\)", text, re.MULTILINE)
    names = {name for name, _ in rows}
    return {name: [word for word in rest.split() if word in names] for name, rest in rows}


def relative(path):
    return str(path.relative_to(ROOT))


def finish(breaches):
    """Ends the test: prints what is wrong, one line each, and exits 1 if anything is."""
    for line in breaches:
        print(line)
    sys.exit(1 if breaches else 0)
