"""The table of the bench: a line for each phase of a workload, and two columns for each peer."""

import statistics

HEADER = (f"{'':40} {'strata':>8} {'(least   most)':>17} {'peak':>6} {'limit':>8} {'ratio':>7} "
          f"{'mark':>6}")
BLANK_LIMIT = f"{'':8} {'':7}"


def median(results):
    return statistics.median(result.seconds for result in results)


def header(peers):
    return HEADER + "".join(f" {name:>8} {'ratio':>6}" for name in peers)


def mark(ours, peak, limit, peak_max):
    """Whether what is demanded is met; nothing where nothing is."""
    met = []
    if limit:
        met.append(not limit.allowed() or ours <= limit.allowed())
    if peak_max:
        met.append(peak < peak_max)
    return ("met" if all(met) else "missed") if met else ""


def line(title, took, limit, peak_max):
    """`took` are lists of Measured: ours, and those of the peers in the order of the header. `limit`
    and `peak_max`, in MiB, may be None.
    """
    ours = median(took[0])
    seconds = [result.seconds for result in took[0]]
    peak = max(result.peak for result in took[0])
    beside = f"{limit.seconds:8.4f} {ours / limit.seconds:6.2f}x" if limit else BLANK_LIMIT
    text = (f"{title:40} {ours:8.4f} ({min(seconds):7.4f} {max(seconds):7.4f}) {peak:6.1f} {beside} "
            f"{mark(ours, peak, limit, peak_max):>6}")
    text += "".join(f" {median(peer):8.3f} {median(peer) / ours:5.1f}x" for peer in took[1:])
    return text.rstrip()
