# Style sheets, scripts and the outline of the land in static/build. Sourced by scripts/setup.

assets_are="$node_is $(find assets static -path static/build -prune -o -type f -print | LC_ALL=C sort | tr '\n' '\0' | xargs -0 cksum | cksum)"
if ! fresh static/build/.stamp "$assets_are"; then
    command -v node >/dev/null 2>&1 || bring_node
    quietly "Building the front end" node assets/build.mjs || stop "The front end could not be built."
    printf '%s' "$assets_are" >static/build/.stamp
fi
