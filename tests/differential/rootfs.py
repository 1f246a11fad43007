"""Lays an image's layers over each other and gives the root file system as data.

The rules are those of the OCI layer specification: whiteouts hide what lower layers hold whatever
their place in the tar, a directory over a directory takes its attributes, anything else replaces,
a hard link means a file of this layer or of a lower one.
"""

import hashlib
import tarfile
from dataclasses import dataclass

CAPABILITY = "SCHILY.xattr.security.capability"
OPAQUE = ".wh..wh..opq"
TYPES = {tarfile.REGTYPE: "file", tarfile.AREGTYPE: "file", tarfile.DIRTYPE: "dir",
         tarfile.SYMTYPE: "symlink", tarfile.CHRTYPE: "char", tarfile.BLKTYPE: "block",
         tarfile.FIFOTYPE: "fifo", tarfile.GNUTYPE_SPARSE: "file"}
TEXT_MAX = 100


@dataclass(eq=False)
class Inode:
    """What a name stands for; two names of one inode are hard links."""
    type: str
    mode: int = 0o755
    uid: int = 0
    gid: int = 0
    mtime: int = 0
    size: int = 0
    digest: str = ""
    text: bytes = b""
    target: str = ""
    device: tuple = ()
    capability: str = ""


@dataclass
class Member:
    """One entry of a layer; `link` names the target of a hard link, else `inode` is there."""
    path: str
    inode: Inode = None
    link: str = ""


def clean(name):
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise ValueError(f"an entry leaves the root: {name}")
    return "/" + "/".join(parts)


def content(stream):
    hashed, head = hashlib.sha256(), b""
    while chunk := stream.read(1 << 20):
        hashed.update(chunk)
        head = head if head else chunk[:TEXT_MAX + 1]
    return hashed.hexdigest(), head


def inode_of(tar, info):
    kind = TYPES[info.type]
    inode = Inode(kind, info.mode & 0o7777, info.uid, info.gid, int(info.mtime))
    if kind == "file":
        inode.size = info.size
        inode.digest, inode.text = content(tar.extractfile(info))
    elif kind == "symlink":
        inode.target = info.linkname
    elif kind in ("char", "block"):
        inode.device = (info.devmajor, info.devminor)
    value = info.pax_headers.get(CAPABILITY, "")
    inode.capability = value.encode("utf-8", "surrogateescape").hex()
    return inode


def members(stream):
    """The entries of one layer, in the tar's order."""
    with tarfile.open(fileobj=stream, mode="r|", errorlevel=2) as tar:
        for info in tar:
            if info.islnk():
                yield Member(clean(info.name), link=clean(info.linkname))
            else:
                yield Member(clean(info.name), inode=inode_of(tar, info))


def is_whiteout(member):
    return member.path.rsplit("/", 1)[1].startswith(".wh.")


def remove(tree, path, itself=True):
    doomed = [name for name in tree if name.startswith(path.rstrip("/") + "/") and name != "/"]
    for name in doomed + ([path] if itself and path in tree else []):
        del tree[name]


def hide(tree, whiteout):
    """Takes away what a whiteout hides of the lower layers."""
    folder, name = whiteout.path.rsplit("/", 1)
    if name == OPAQUE:
        remove(tree, folder or "/", itself=False)
    else:
        remove(tree, f"{folder}/{name.removeprefix('.wh.')}")


def add_parents(tree, path):
    folder = path.rsplit("/", 1)[0]
    if not folder or folder in tree and tree[folder].type == "dir":
        return
    if folder in tree:
        raise ValueError(f"{path}: {folder} is a {tree[folder].type}, not a directory")
    add_parents(tree, folder)
    tree[folder] = Inode("dir")


def add(tree, member):
    add_parents(tree, member.path)
    inode = tree[member.link] if member.link else member.inode
    old = tree.get(member.path)
    if old and not (old.type == inode.type == "dir"):
        remove(tree, member.path)
    tree[member.path] = inode


def flatten(layers):
    """path -> Inode of lists of members, lowest first."""
    tree = {"/": Inode("dir")}
    for layer in layers:
        for member in filter(is_whiteout, layer):
            hide(tree, member)
        for member in layer:
            if not is_whiteout(member):
                add(tree, member)
    return tree


def link_groups(tree):
    """path -> the other names of its inode, sorted; only for inodes with more than one name."""
    names = {}
    for path, inode in tree.items():
        if inode.type != "dir":
            names.setdefault(id(inode), []).append(path)
    return {path: sorted(group) for group in names.values() if len(group) > 1 for path in group}
