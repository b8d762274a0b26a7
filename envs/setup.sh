#!/usr/bin/env bash
# Make .venv hold exactly envs/lock.txt, this package, and the extras that are wanted; do nothing if it does already.
# An environment that is half-made, damaged, moved or of another lock is made anew.
# EXTRAS="name name" adds extras, each a list envs/<name>.txt; .venv.extras remembers them.
set -euo pipefail
cd "$(dirname "$0")/.."
log=.venv.log

# Not the environment's own Python, which an activated shell finds first and which a set-up removes.
PATH=$(tr : '\n' <<<"$PATH" | grep -vxF -e "$PWD/.venv/bin" -e "$(pwd -P)/.venv/bin" | paste -sd :)

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
for python in ${PYTHON:-python3 python3.11 python3.12 python3.13 python3.14}; do
    new_enough "$python" && break
done
if ! new_enough "$python"; then
    echo "error: phasemix needs Python 3.11 or newer: install it, or name one with PYTHON=…" >&2
    exit 1
fi
asked=${EXTRAS:-}
for extra in ${asked//,/ }; do
    if [ "$extra" = lock ] || [ ! -f "envs/$extra.txt" ]; then
        there=$(basename -s .txt envs/*.txt | grep -vx lock | paste -sd ' ')
        echo "error: EXTRAS=$extra: there is no such extra; there are: $there" >&2
        exit 1
    fi
done
extras=$({ cat .venv.extras 2>/dev/null || true; tr ', ' '\n\n' <<<"$asked"; } | grep . | sort -u | paste -sd ' ' || true)
has() { [ -x .venv/bin/python ] && .venv/bin/python envs/check.py "$@" 2>"$log" && rm -f "$log"; }
if has $extras; then exit; fi
# Another set-up may be under way, which is waited for; or a study, whose jobs need the environment as it is.
exec 9>.venv.lock
flock 9
if has $extras; then exit; fi
if [ -e .reproduce.lock ] && ! flock --nonblock .reproduce.lock true; then
    echo "error: the environment is not that of envs/lock.txt, and a study runs with it: wait for it, or stop it" >&2
    exit 1
fi

pip_install() { .venv/bin/python -m pip install --no-compile "$@"; }
install() {
    rm -rf .venv &&
        "$python" -m venv .venv &&
        pip_install --requirement envs/lock.txt &&
        { .venv/bin/python -m compileall -q -j 0 .venv/lib || true; } && # on all cores, which pip does on one
        pip_install --no-deps --no-build-isolation --editable . &&
        .venv/bin/python envs/check.py --stamp
}
add_extras() {
    for extra in $extras; do pip_install --no-deps --requirement "envs/$extra.txt" || return; done
    tr ' ' '\n' <<<"$extras" >.venv.extras
}
fail() {
    tail -n 3 "$log" >&2
    echo "error: $1: see $log$2" >&2
    exit 1
}
if ! has; then
    echo "setting up .venv from envs/lock.txt (some minutes; log in $log) …" >&2
    install >>"$log" 2>&1 || fail "the environment could not be made" " (on Debian: apt-get install python3-venv)"
fi
if [ -n "$extras" ]; then
    echo "adding to .venv: $extras (log in $log) …" >&2
    add_extras >>"$log" 2>&1 || fail "these could not be added to the environment" ""
fi
rm -f "$log"
