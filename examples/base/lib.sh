# Shared by the scripts that make base images: a cache of root file systems, and the import. Sourced.
#
# A base script defines make_rootfs FILE and calls base NAME VERSION "$@". The tar file is made
# once per version and kept; `--tar` prints its path instead of importing it.

# shellcheck source=../lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

bases=${XDG_CACHE_HOME:-$HOME/.cache}/strata/bases

# Makes FILE by make_rootfs unless it is there. The name is given only to a finished file.
cached_rootfs() {
  local file=$1 scratch
  [ -s "$file" ] && return
  mkdir -p "$bases"
  scratch=$(mktemp "$bases/.making.XXXXXX")
  if ! make_rootfs "$scratch"; then rm -f "$scratch"; return 1; fi
  chmod 0644 "$scratch"
  mv "$scratch" "$file"
}

base() {
  local name=$1 version=$2 file strata
  shift 2
  file=$bases/${name//\//-}-$version.tar
  cached_rootfs "$file"
  if [ "${1:-}" = --tar ]; then echo "$file"; return; fi
  strata=$(find_strata)
  "$strata" import "$file" "$name"
}

# What a root file system made by this script depends on, as a short text for its file name.
script_version() {
  cat "$0" "${BASH_SOURCE[0]}" | sha256sum | cut -c1-12
}

debian_codename() { (. /etc/os-release && echo "$VERSION_CODENAME"); }

# Makes a Debian root file system in FILE with packages beside the minimal ones: the host's
# release from the host's own package sources, so that no other place is asked.
debian_rootfs() {
  local file=$1 packages=${2:-} codename sources
  codename=$(debian_codename)
  [ -n "$(find /var/lib/apt/lists -name '*Packages*' -print -quit)" ] || as_root apt-get -qq update
  sources=$(apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' \
    'Created-By: Packages' | grep -E " $codename(-updates|-security)? " | sort -u)
  echo "making a Debian $codename root file system ${packages:+with $packages }(once)" >&2
  echo "$sources" | as_root env SOURCE_DATE_EPOCH=0 TMPDIR="${TMPDIR:-/tmp}" mmdebstrap --quiet \
    --variant=minbase ${packages:+--include="$packages"} --format=tar \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    --customize-hook='rm -f "$1/etc/hostname" "$1/etc/resolv.conf"' \
    "$codename" - - >"$file"
}
