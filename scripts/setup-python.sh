# The Python environment in .venv, every package pinned by hash. Sourced by scripts/setup.

supported='import sys; sys.exit(sys.version_info < (3, 11))'

find_python() {
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11 python; do
        if command -v "$candidate" >/dev/null 2>&1 && "$candidate" -c "$supported" 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

explain_missing_python() {
    found=$(python3 --version 2>/dev/null) || found=${found:-"no Python 3"}
    stop "IP-ROC Dispatch needs Python 3.11 or newer, and this machine has $found." \
        "Install a newer one, or name it: PYTHON=/path/to/python3.12 make setup"
}

# On Debian, python3 comes without ensurepip until python3-venv is installed.
ensure_venv_module() {
    "$python" -c 'import ensurepip, venv' 2>/dev/null && return
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if is_root && command -v apt-get >/dev/null 2>&1; then
        quietly "Installing $package" sh -c \
            'apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -yq "$1" || DEBIAN_FRONTEND=noninteractive apt-get install -yq python3-venv' \
            sh "$package" && "$python" -c 'import ensurepip, venv' 2>/dev/null && return
    fi
    stop "Python's venv module is not complete on this machine. Type: sudo apt-get install $package" \
        "(or install uv), then try again."
}

make_environment() {
    if command -v uv >/dev/null 2>&1 && uv venv --quiet --clear --python "$python" .venv; then
        return
    fi
    ensure_venv_module
    rm -rf .venv
    "$python" -m venv .venv || stop "The Python environment .venv could not be made with $python."
}

# install_packages FILE WHAT: uv is quicker, but pip knows the mirrors that a machine was set up
# with, so it has the last word. Bytecode is compiled now: warnings of other people's syntax would
# otherwise fail whichever test imports it first.
install_packages() {
    if command -v uv >/dev/null 2>&1 && quietly "Installing $2 (uv)" \
        env UV_SYSTEM_CERTS=1 uv pip install --python .venv/bin/python --require-hashes --compile-bytecode -r "$1"; then
        return
    fi
    .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip >/dev/null 2>&1 ||
        stop "uv could not install the packages and there is no pip to try instead."
    quietly "Installing $2 (pip; a minute the first time)" \
        .venv/bin/python -m pip install --disable-pip-version-check --no-input --require-hashes -r "$1" ||
        stop "The packages of $1 could not be installed."
}

if ! .venv/bin/python -c "$supported" >/dev/null 2>&1; then
    python=$(find_python) || explain_missing_python
    make_environment
fi
python_is="$(fingerprint requirements-dev.txt) $(.venv/bin/python -c 'import sys; print(sys.version)')"
if ! fresh .venv/.stamp "$python_is"; then
    install_packages requirements-dev.txt "Python packages"
    printf '%s' "$python_is" >.venv/.stamp
fi
