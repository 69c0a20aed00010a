#!/usr/bin/env bash
# Installs one hash-locked environment and prints apart how long that took, or fetches the packages for it.
#   requirements/install.sh batch|dev|referee
#   WHEELS=DIR requirements/install.sh fetch       where there is internet: what `batch` needs, into DIR
#   WHEELS=DIR requirements/install.sh batch       where there is none: from DIR alone
set -euo pipefail
cd "$(dirname "$0")/.."
name=$1 started=$SECONDS
venv=.venv
[ "$name" != referee ] || venv=.venv/referee
export UV_PYTHON_DOWNLOADS=never UV_HTTP_TIMEOUT="${UV_HTTP_TIMEOUT:-180}"
offline=()

fail() { echo "futvakt: $*" >&2; exit 1; }

find_python() {
    local candidate
    for candidate in "${PYTHON:-python3}" python3.11 python3.12 python3.13; do
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$candidate"; return; }
    done
    fail "Python 3.11 or newer is needed; name one with PYTHON=..."
}

# An environment with pip alone, to fetch by hash with.
own=.venv/bootstrap
bootstrap() {
    [ -x "$own/bin/python" ] || "$1" -m venv "$own" >&2 || fail "cannot make an environment: install your system's python3-venv, or uv"
}

# uv from the PATH, else an own copy that pip fetches by hash.
find_uv() {
    if uv --version >/dev/null 2>&1; then echo uv; return; fi
    if [ ! -x "$own/bin/uv" ]; then
        bootstrap "$1"
        "$own/bin/python" -m pip install -q --disable-pip-version-check "${offline[@]}" --require-hashes -r requirements/bootstrap.lock >&2
    fi
    echo "$own/bin/uv"
}

python=$(find_python)
if [ "$name" = fetch ]; then
    [ -n "${WHEELS:-}" ] || fail "say where to: make wheels WHEELS=DIR"
    bootstrap "$python"
    for lock in bootstrap batch; do
        "$own/bin/python" -m pip download -q --disable-pip-version-check --no-deps --require-hashes --only-binary :all: \
            -r "requirements/$lock.lock" -d "$WHEELS"
    done
    echo "$(find "$WHEELS" -name '*.whl' | wc -l) packages in $WHEELS, $((SECONDS - started)) s"
    exit
fi
if [ -n "${WHEELS:-}" ]; then
    [ -d "$WHEELS" ] || fail "$WHEELS: no such folder; make wheels fills one where there is internet"
    offline=(--no-index --find-links "$WHEELS")
fi
[ -x .venv/bin/python ] || "$python" -m venv --without-pip .venv
[ -x "$venv/bin/python" ] || "$python" -m venv --without-pip "$venv"
uv=$(find_uv "$python")
"$uv" pip install --python "$venv/bin/python" "${offline[@]}" --require-hashes -r "requirements/$name.lock"
if [ "$name" != referee ]; then
    "$uv" pip install -q --python "$venv/bin/python" "${offline[@]}" --no-deps --no-build-isolation --editable .
    "$venv/bin/python" requirements/warm.py
fi
echo "installation took $((SECONDS - started)) s ($name)"
