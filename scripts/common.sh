# Sourced by every script here, never run. Works with bash 3.2, which macOS still ships.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
cd "$ROOT"

TOOLS="$ROOT/.tools"
GATEWAY="$ROOT/.venv"
ENGINE="$ROOT/.venv-engine"
DOCS="$ROOT/.venv-docs"
MADE="$ROOT/.make" # stamps and work in progress

# No telemetry; and a slow disk needs minutes to compile TensorFlow's 12,000 files.
export RASA_TELEMETRY_ENABLED=false TF_CPP_MIN_LOG_LEVEL=2 SQLALCHEMY_SILENCE_UBER_WARNING=1
export UV_COMPILE_BYTECODE_TIMEOUT="${UV_COMPILE_BYTECODE_TIMEOUT:-900}" UV_NO_PROGRESS="${UV_NO_PROGRESS:-}"
# What Python compiled is kept, whatever the surroundings say: else each start of the engine compiles for 15 s again.
unset PYTHONDONTWRITEBYTECODE
export DO_NOT_TRACK=1 PIP_DISABLE_PIP_VERSION_CHECK=1
[ -n "$UV_NO_PROGRESS" ] || unset UV_NO_PROGRESS

# Use the machine's certificate store: it holds the certificate of a company's proxy, if there is one.
for bundle in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem; do
  if [ -s "$bundle" ]; then
    export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}" NODE_EXTRA_CA_CERTS="${NODE_EXTRA_CA_CERTS:-$bundle}"
    break
  fi
done

# Without a writable home, caches go beside the environments.
if [ ! -w "${HOME:-/nonexistent}" ]; then
  mkdir -p "$ROOT/.make/home"
  export HOME="$ROOT/.make/home"
fi

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }

die() { # die CODE SENTENCE
  printf 'candor: %s\n' "$2" >&2
  exit "$1"
}

# The SHA-256 of the content of files: digest FILE…
digest() { cat -- "$@" | cksum_sha; }

cksum_sha() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum; else shasum -a 256; fi | cut -c1-64
}

# Whether FILE holds exactly TEXT: stamped FILE TEXT
stamped() { [ -f "$1" ] && [ "$(cat -- "$1")" = "$2" ]; }

# Rasa's commands, without the deprecation warnings of its dependencies and without progress bars.
# (grep is line-buffered; awk is not.)
rasa() {
  "$ENGINE/bin/rasa" "$@" 2> >(grep --line-buffered -vE \
    'it/s[],]|DeprecationWarning: |^Implementing implicit namespace |^  (import pkg_resources|declare_namespace\(|from jax import |\)\.setParseAction|self\._parser\.)' >&2)
}
