"""Compares two images as root file systems and configurations, and knows agreed differences."""

from fnmatch import fnmatchcase

import rootfs

FIELDS = ("type", "mode", "uid", "gid", "size", "digest", "target", "device", "capability")
CONFIG_LISTS = ("Env", "Entrypoint", "Cmd", "Shell", "OnBuild")
CONFIG_MAPS = ("Volumes", "Labels", "ExposedPorts", "Healthcheck")
CONFIG_TEXTS = ("User", "WorkingDir", "StopSignal")


def config_of(image):
    """The parts of a configuration that say how an image behaves, absent and empty made one."""
    config = image.config.get("config") or {}
    parts = {key: config.get(key) or [] for key in CONFIG_LISTS}
    parts |= {key: config.get(key) or {} for key in CONFIG_MAPS}
    parts |= {key: config.get(key) or "" for key in CONFIG_TEXTS}
    parts["WorkingDir"] = parts["WorkingDir"] or "/"
    return {f"config.{key}": value for key, value in parts.items()} | {
        "author": image.config.get("author") or "", "os": image.config["os"],
        "architecture": image.config["architecture"]}


def shown(field, value):
    return oct(value) if field == "mode" else repr(value)


def same_time(ours, theirs, started):
    """Times before the build came from the sources and must agree; later ones are just `now`."""
    return ours.mtime == theirs.mtime or min(ours.mtime, theirs.mtime) >= started


def inode_differences(path, ours, theirs, started):
    for field in FIELDS:
        a, b = getattr(ours, field), getattr(theirs, field)
        if a != b:
            yield f"{path}:{field}", f"{shown(field, a)}, the other has {shown(field, b)}"
    if ours.type == theirs.type == "file" and not same_time(ours, theirs, started):
        yield f"{path}:mtime", f"{ours.mtime}, the other has {theirs.mtime}"


def tree_differences(ours, theirs, started):
    for path in sorted(ours.keys() | theirs.keys()):
        if path not in theirs:
            yield path, f"a {ours[path].type} that the other does not have"
        elif path not in ours:
            yield path, f"missing; the other has a {theirs[path].type}"
        else:
            yield from inode_differences(path, ours[path], theirs[path], started)
    our_links, their_links = rootfs.link_groups(ours), rootfs.link_groups(theirs)
    for path in sorted(our_links.keys() | their_links.keys()):
        a, b = our_links.get(path, []), their_links.get(path, [])
        if a != b:
            yield f"{path}:links", f"{a}, the other has {b}"


def config_differences(ours, theirs):
    for key in ours:
        if ours[key] != theirs[key]:
            yield key, f"{ours[key]!r}, the other has {theirs[key]!r}"


class Agreed:
    """The lines of `differences` files: `path-or-key  reason`; patterns as of a shell."""

    def __init__(self, *files):
        lines = [line.split(None, 1) for file in files if file.exists()
                 for line in file.read_text().splitlines()
                 if line.strip() and not line.startswith("#")]
        for line in lines:
            if len(line) != 2:
                raise ValueError(f"an agreed difference without a reason: {line[0]}")
        self.patterns = [pattern for pattern, _ in lines]
        self.used = set()

    def covers(self, key):
        """True for a listed key; a listed path covers each field of it."""
        for pattern in self.patterns:
            if fnmatchcase(key, pattern) or fnmatchcase(key.rsplit(":", 1)[0], pattern):
                self.used.add(pattern)
                return True
        return False

    def unused(self):
        return [pattern for pattern in self.patterns if pattern not in self.used]


def listing(tree, base, config, base_config):
    """What an image adds to its base, one line a name: the form of `expected` files."""
    groups = rootfs.link_groups(tree)
    for path in sorted((tree.keys() | base.keys()) - {"/"}):
        if path not in tree:
            yield f"{path} gone"
        elif path not in base or list(inode_differences(path, tree[path], base[path], 0)):
            yield f"{path} {described(tree[path])}" + (
                f" links {groups[path]}" if path in groups else "")
    yield from (f"{key} {value!r}" for key, value in config.items() if value != base_config[key])


def described(inode):
    text = f"{inode.type} {inode.mode:o} {inode.uid}:{inode.gid}"
    if inode.type == "file":
        short = inode.size <= rootfs.TEXT_MAX
        text += f" {inode.text.decode('utf-8', 'replace')!r}" if short else f" {inode.digest}"
    if inode.type == "symlink":
        text += f" -> {inode.target}"
    return text + (f" capability {inode.capability}" if inode.capability else "")
