"""What a RUN costs on top of many layers, beside what an overlay of as many costs by hand.

Each depth is a file of so many RUN, built cold; the cost of a step at a depth is what was added
since the depth before, divided by the steps.
"""

import statistics
import subprocess
import time

NAME = "W11"
DEPTHS, QUICK_DEPTHS, ROUNDS = (27, 127, 300, 450), (5, 20, 40), 3
KERNEL = """
set -e
mount -t tmpfs none {place}
cd {place}
mkdir merged $(seq {depth}) base
for n in $(seq 20); do mkdir -p u/$n w/$n; done
tar -xf {rootfs} -C base
echo ready
read -r _
for n in $(seq 20); do
  mount -t overlay -o lowerdir=$(seq -s : {depth}):base,upperdir=u/$n,workdir=w/$n overlay merged
  chroot merged /bin/true
  umount merged
done
echo done
read -r _
"""
KERNEL_STEPS = 20


def build_seconds(contender, folder, depth):
    folder.mkdir(exist_ok=True)
    steps = "".join(f"RUN true # {n}\n" for n in range(depth))
    (folder / "Dockerfile").write_text(f"FROM busybox\n{steps}")
    contender.fresh()
    return contender.build(folder).seconds


def kernel_seconds(place, rootfs, depth):
    """A step of mount, chroot and umount over so many empty layers and a base."""
    place.mkdir(exist_ok=True)
    script = KERNEL.format(place=place, depth=depth, rootfs=rootfs)
    with subprocess.Popen(["unshare", "--mount", "sh", "-c", script], text=True,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as shell:
        assert shell.stdout.readline() == "ready\n"
        started = time.monotonic()
        shell.stdin.write("\n")
        shell.stdin.flush()
        assert shell.stdout.readline() == "done\n"
        took = time.monotonic() - started
        shell.stdin.write("\n")
    return took / KERNEL_STEPS


def run(scratch, contender, rootfs, quick):
    depths = QUICK_DEPTHS if quick else DEPTHS
    rounds = 1 if quick else ROUNDS
    before, total_before = 0, 0
    for depth in depths:
        total = statistics.median(build_seconds(contender, scratch / NAME, depth)
                                  for _ in range(rounds))
        step = (total - total_before) / (depth - before)
        kernel = min(kernel_seconds(scratch / "depth", rootfs, depth) for _ in range(rounds))
        print(f"{NAME:3} RUN {before + 1} to {depth:3} deep: {1000 * step:6.2f} ms a step; an overlay "
              f"of {depth} by hand {1000 * kernel:6.2f} ms", flush=True)
        before, total_before = depth, total
