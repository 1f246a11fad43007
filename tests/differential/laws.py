"""Laws that hold for every layer Strata makes, whatever is in it."""

import tarfile

import rootfs


def breaches(image):
    """What breaks a law in the layers that the base did not bring."""
    history = [entry for entry in image.config.get("history", []) if not entry.get("empty_layer")]
    layers = list(image.layers())
    if len(history) != len(layers):
        yield f"{len(history)} history entries with a layer, but {len(layers)} layers"
        return
    for number, ((_, open_layer), entry) in enumerate(zip(layers, history)):
        if not entry.get("created_by", "").startswith("import"):
            yield from (f"layer {number}: {text}" for text in layer_breaches(open_layer()))


def layer_breaches(stream):
    paths = []
    with tarfile.open(fileobj=stream, mode="r|") as tar:
        for info in tar:
            path = rootfs.clean(info.name)
            yield from entry_breaches(info, path, paths)
            paths.append(path)
    # A whiteout may stand at its own name's place or at that of the name it hides.
    for places in (paths, [path.replace("/.wh.", "/") for path in paths]):
        if places in (sorted(places), sorted(places, key=lambda path: path.split("/"))):
            return
    yield "the entries are not sorted"


def entry_breaches(info, path, seen):
    parent = path.rsplit("/", 1)[0]
    if path in seen:
        yield f"{path} twice"
    if parent and parent not in seen:
        yield f"{path} before its directory"
    if info.name.startswith(("/", "./")):
        yield f"{info.name}: the name starts with / or ./"
    if info.uname or info.gname:
        yield f"{path} names its owner"
    if info.pax_headers.keys() & {"atime", "ctime"} or "." in info.pax_headers.get("mtime", ""):
        yield f"{path} has times beyond whole seconds of mtime"
    if path.endswith("/" + rootfs.OPAQUE):
        yield f"{path}: an opaque whiteout where explicit ones are due"
    others = {key for key in info.pax_headers if "xattr" in key} - {rootfs.CAPABILITY}
    if others:
        yield f"{path} carries {sorted(others)}"
