# Shared by the scripts of examples/: where the program is, and how root is asked for. Sourced.

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# The program: $STRATA, else the release build, else what PATH has.
find_strata() {
  local candidate
  for candidate in "${STRATA:-}" "$repo/build/release/strata" "$(command -v strata || true)"; do
    [ -n "$candidate" ] && [ -x "$candidate" ] && { echo "$candidate"; return; }
  done
  echo "no strata program: cmake --preset release && cmake --build --preset release" >&2
  return 4
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}
