#!/usr/bin/env bash
# Installs one hash-locked environment and prints apart how long that took.
#   requirements/install.sh batch|dev|referee
set -euo pipefail
cd "$(dirname "$0")/.."
name=$1 started=$SECONDS
venv=.venv
[ "$name" != referee ] || venv=.venv/referee
export UV_PYTHON_DOWNLOADS=never UV_HTTP_TIMEOUT="${UV_HTTP_TIMEOUT:-180}"

fail() { echo "futvakt: $*" >&2; exit 1; }

find_python() {
    local candidate
    for candidate in "${PYTHON:-python3}" python3.11 python3.12 python3.13; do
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$candidate"; return; }
    done
    fail "Python 3.11 or newer is needed; name one with PYTHON=..."
}

# uv from the PATH, else an own copy that pip fetches by hash.
find_uv() {
    if uv --version >/dev/null 2>&1; then echo uv; return; fi
    local own=.venv/bootstrap
    if [ ! -x "$own/bin/uv" ]; then
        "$1" -m venv "$own" >&2 || fail "cannot make an environment: install your system's python3-venv, or uv"
        "$own/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r requirements/bootstrap.lock >&2
    fi
    echo "$own/bin/uv"
}

python=$(find_python)
[ -x .venv/bin/python ] || "$python" -m venv --without-pip .venv
[ -x "$venv/bin/python" ] || "$python" -m venv --without-pip "$venv"
uv=$(find_uv "$python")
"$uv" pip install --python "$venv/bin/python" --require-hashes -r "requirements/$name.lock"
if [ "$name" != referee ]; then
    "$uv" pip install -q --python "$venv/bin/python" --no-deps --no-build-isolation --editable .
    "$venv/bin/python" requirements/warm.py
fi
echo "installation took $((SECONDS - started)) s ($name)"
