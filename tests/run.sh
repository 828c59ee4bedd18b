#!/bin/sh
# Every test, the browser ones included. Where no Chromium is found: Debian's is installed (root), or one line says how
# to get it and that the browser tests did not run. MAILLAGE_REQUIRE_BROWSER=1 makes that a failure.
set -u
find_chromium() {
    for name in "${CHROMIUM:-}" chromium-headless-shell chromium chromium-browser google-chrome; do
        [ -n "$name" ] && command -v "$name" && return 0
    done
    return 1
}
CHROMIUM=$(find_chromium) || {
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && for name in chromium-headless-shell chromium; do
            apt-get install -y -qq --no-install-recommends "$name" >/dev/null && break
        done
    fi
    CHROMIUM=$(find_chromium) || CHROMIUM=
}
export CHROMIUM
# The layout of several replicas is tried where nginx and PostgreSQL are: both of Debian, quietly, never started as services.
# Without them its tests are skipped, and say so.
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    PATH="$PATH:/usr/sbin" command -v nginx >/dev/null && ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || {
        printf '#!/bin/sh\nexit 101\n' >/tmp/policy-rc.d.$$ && chmod +x /tmp/policy-rc.d.$$
        [ -e /usr/sbin/policy-rc.d ] || { mv /tmp/policy-rc.d.$$ /usr/sbin/policy-rc.d && made=1; }
        apt-get update -qq -o Acquire::http::Timeout=10 -o Acquire::Retries=0 &&
            DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nginx-light postgresql
        [ -z "${made:-}" ] || rm -f /usr/sbin/policy-rc.d
    } >/dev/null 2>&1
    rm -f /tmp/policy-rc.d.$$
fi
if [ -n "$CHROMIUM" ]; then
    # Three at a time, file by file, in the order of tests/conftest.py: a browser test waits for a good part of its time.
    exec .venv/bin/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder "$@"
fi
.venv/bin/python -m pytest -n 2 --dist loadfile -m "not e2e" "$@"
status=$?
echo "The browser tests did not run: no Chromium. Install it (sudo apt install chromium) or set CHROMIUM=/path/to/chromium."
[ -z "${MAILLAGE_REQUIRE_BROWSER:-}" ] || exit 1
exit $status
