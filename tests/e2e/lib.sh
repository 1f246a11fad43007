# Shared by the end-to-end tests. Sourced: it gives each test a directory and a store of its own,
# and says what went wrong in one line. Exit status 77 is a skip; its last line says why.
set -euo pipefail

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
here=$(mktemp -d "${TMPDIR:-/tmp}/strata-e2e.XXXXXX")
export STRATA_ROOT=$here/store
: "${STRATA:=$repo/build/release/strata}"

clean_up() {
  local status=$?
  local pid
  for pid in ${web_pid:-} ${server_pids[@]+"${server_pids[@]}"}; do kill "$pid" 2>/dev/null || true; done
  cd /
  rm -rf "$here"
  exit "$status"
}
trap clean_up EXIT

cd "$here"

strata() { "$STRATA" "$@"; }

fail() {
  echo "FAIL: $*" >&2
  exit 1
}

skip() {
  echo "$*"
  exit 77
}

needs_root() { [ "$(id -u)" = 0 ] || skip "needs root for RUN"; }

# Puts a base image of examples/base/ into this test's store.
base() {
  strata import "$("$repo/examples/base/$1" --tar)" "${2:-$1}" >/dev/null
}

# Makes a context directory with a Dockerfile read from standard input.
context() {
  mkdir -p "$1"
  cat >"$1/Dockerfile"
}

# Builds quietly and prints the image's id.
build() { strata build -q "$@"; }

# Builds with plain progress; what it said is in $here/said and on standard output.
build_log() { strata build --progress plain "$@" 2>&1 | tee "$here/said"; }

image_id() { strata inspect "$1" | jq -er '.[0].Id'; }

equal() { [ "$1" = "$2" ] || fail "${3:-value}: expected '$2', found '$1'"; }

differ() { [ "$1" != "$2" ] || fail "${3:-values}: both are '$1'"; }

has() { grep -qF -- "$2" <<<"$1" || fail "expected '$2' in: $1"; }

has_not() { ! grep -qF -- "$2" <<<"$1" || fail "expected no '$2' in: $1"; }

# Every step of the last build_log was found in the cache.
all_cached() {
  equal "$(count_of CACHED said)" "$(grep -cE '^#[0-9]+ \[' said)" "steps that were CACHED"
}

count_of() { grep -cF -- "$1" "$2" || true; }

# Runs a command that must end with this status; its output is in $here/said.
ends_with() {
  local wanted=$1 status=0
  shift
  "$@" >"$here/said" 2>&1 || status=$?
  [ "$status" = "$wanted" ] || fail "expected status $wanted, found $status: $(cat "$here/said")"
}

said() { cat "$here/said"; }

# The image NAME unpacked by umoci, independent of Strata: prints the rootfs directory.
unpacked() {
  local into
  into=$(mktemp -d "$here/unpacked.XXXXXX")
  strata save "$1" -o "$into/archive.tar" >&2
  skopeo copy -q "oci-archive:$into/archive.tar" "oci:$into/layout:it" >&2
  umoci unpack --image "$into/layout:it" "$into/bundle" >&2
  echo "$into/bundle/rootfs"
}

# A web server on loopback for a folder (tests/e2e/web_server.py says what it can). Sets web, its
# URL, and web_pid; it logs to $here/web.log.
web_server() {
  python3 -B "$repo/tests/e2e/web_server.py" "$here/$1" "$here/web.port" "$here/web.log" "${@:2}" &
  web_pid=$!
  wait_for test -s web.port
  web=http://127.0.0.1:$(cat web.port)
}

# Waits until a command succeeds; fails after ten seconds.
wait_for() {
  local tries
  for tries in $(seq 100); do
    "$@" >/dev/null 2>&1 && return
    sleep 0.1
  done
  fail "waited in vain for: $*"
}
