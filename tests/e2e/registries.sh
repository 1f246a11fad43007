# Registries for the end-to-end tests, each on a free port of the loopback. Sourced after lib.sh.
server_pids=()
# Nothing of whoever runs the tests counts. docker-registry, too, reads variables of that name.
unset REGISTRY_AUTH_FILE
export HOME=$here/home DOCKER_CONFIG=$here/docker XDG_RUNTIME_DIR=$here/run
export CONTAINERS_REGISTRIES_CONF=$here/registries.conf
mkdir -p "$HOME" "$DOCKER_CONFIG" "$XDG_RUNTIME_DIR"
: >"$CONTAINERS_REGISTRIES_CONF"

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# A certificate for localhost and 127.0.0.1 of an authority of its own: NAME.pem, NAME.key, ca.pem.
certificate() {
  [ -e ca.pem ] || openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority \
    -keyout ca.key -out ca.pem 2>/dev/null
  openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout "$1.key" -out "$1.csr" 2>/dev/null
  openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -days 2 -out "$1.pem" \
    -extfile <(echo subjectAltName=DNS:localhost,IP:127.0.0.1) 2>/dev/null
}

# Starts a docker-registry: registry NAME [MORE_CONFIGURATION [MORE_OF_HTTP]]. Sets registry,
# "127.0.0.1:PORT"; its files are in $here/NAME, what it was asked in NAME.log.
registry() {
  local name=$1 port
  port=$(free_port)
  registry=127.0.0.1:$port
  mkdir -p "$name"
  cat >"$name.yml" <<Y
version: 0.1
log: {level: info, accesslog: {disabled: false}}
storage: {filesystem: {rootdirectory: $here/$name}, delete: {enabled: true}}
http: {addr: $registry, secret: it${3:+, $3}}
${2:-}
Y
  docker-registry serve "$name.yml" >>"$name.log" 2>&1 &
  server_pids+=($!)
  wait_for bash -c "echo >/dev/tcp/127.0.0.1/$port"
}

# The same with a user for whom it asks: registry_for NAME USER PASSWORD [MORE_OF_HTTP]
registry_for() {
  python3 -W ignore -c 'import crypt, sys
print(sys.argv[1] + ":" + crypt.crypt(sys.argv[2], crypt.mksalt(crypt.METHOD_BLOWFISH, rounds=16)))' \
    "$2" "$3" >"$1.users"
  registry "$1" "auth: {htpasswd: {realm: it, path: $here/$1.users}}" "${4:-}"
}

# Starts a Python server of this folder that writes its port: server FILE ARGUMENTS…; sets port.
server() {
  local file=$1
  shift
  rm -f "$here/port"
  python3 -B "$repo/tests/e2e/$file" "$here/port" "$@" 2>"$here/$file.errors" &
  server_pids+=($!)
  wait_for test -s "$here/port"
  port=$(cat "$here/port")
}

digest_of() { strata inspect "$1" | jq -er '.[0].RepoDigests[0] // empty' | sed 's/.*@//'; }

# Nothing is left behind of what was fetched in vain: NAME is not listed, and the store is whole.
is_absent() {
  ! strata inspect "$1" >/dev/null 2>&1 || fail "$1 is in the store"
  strata verify --deep >/dev/null
}
