"""Whether two images hold the same files: names, types, modes, owners, content, hard links; not times.

The reading is that of tests/differential, which knows nothing of Strata's code.
"""

import sys
from fnmatch import fnmatchcase
from pathlib import Path

DIFFERENTIAL = Path(__file__).resolve().parents[1] / "differential"
sys.path.append(str(DIFFERENTIAL))

import compare  # noqa: E402
import image  # noqa: E402
import rootfs  # noqa: E402

SHOWN_MAX = 10
ANY_TIME = 0  # every file is as new as this, and of such the times are not compared


def files_of(archive):
    layers = []
    for _, open_layer in image.Image(archive).layers():
        with open_layer() as stream:
            layers.append(list(rootfs.members(stream)))
    return rootfs.flatten(layers)


def is_listed(key, patterns):
    return any(fnmatchcase(key.split(":")[0], pattern) for pattern in patterns)


def check(name, archives, differing):
    """Ends the run if the archive of another builder differs from the first one, which is ours, in more
    than is listed. `archives` are by their builders' names.
    """
    agreed = compare.Agreed(DIFFERENTIAL / "differences")
    (_, first), *others = archives.items()
    ours = files_of(first)
    for builder, archive in others:
        found = [f"{key}: {what}" for key, what in
                 compare.tree_differences(ours, files_of(archive), ANY_TIME)
                 if not agreed.covers(key) and not is_listed(key, differing)]
        if found:
            raise SystemExit("\n".join([f"{name}: the images of strata and {builder} differ",
                                        *found[:SHOWN_MAX]]))
