#!/usr/bin/env bash
# Programs that the tests of the officers' application drive: a browser, PostgreSQL, the text layout of PDF files.
# Installs what is missing where it may (root on a Debian-like system), else says in one line what to install.
set -euo pipefail

missing=()
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || command -v initdb >/dev/null || missing+=(postgresql)
ldconfig -p 2>/dev/null | grep -q libpangoft2-1.0 || missing+=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)
[ -n "$(command -v fc-match >/dev/null && fc-match -f '%{file}' sans 2>/dev/null)" ] || missing+=(fontconfig fonts-dejavu-core)
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
else
    echo "futvakt: the whole suite needs ${missing[*]}: install them, or run 'make test-core'" >&2
    exit 1
fi
