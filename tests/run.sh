#!/bin/sh
# Every test, the browser ones included. Where no Chromium is found: Debian's is installed (root), or one line says how
# to get it and that the browser tests did not run. MAILLAGE_REQUIRE_BROWSER=1 makes that a failure.
set -u
find_chromium() {
    for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
        [ -n "$name" ] && command -v "$name" && return 0
    done
    return 1
}
CHROMIUM=$(find_chromium) || {
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null
    fi
    CHROMIUM=$(find_chromium) || CHROMIUM=
}
export CHROMIUM
if [ -n "$CHROMIUM" ]; then
    # Two at a time, file by file: each has its own server and browser.
    exec .venv/bin/python -m pytest -n 2 --dist loadfile "$@"
fi
.venv/bin/python -m pytest -n 2 --dist loadfile -m "not e2e" "$@"
status=$?
echo "The browser tests did not run: no Chromium. Install it (sudo apt install chromium) or set CHROMIUM=/path/to/chromium."
[ -z "${MAILLAGE_REQUIRE_BROWSER:-}" ] || exit 1
exit $status
