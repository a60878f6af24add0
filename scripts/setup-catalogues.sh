# The compiled message catalogues beside their sources. Sourced by scripts/setup.
# pybabel writes a catalogue even when it found a broken placeholder: only its exit code tells.

sources=$(find core/translations -name '*.po' 2>/dev/null | LC_ALL=C sort)
if [ -n "$sources" ]; then
    catalogues_are=$(printf '%s\n' "$sources" | tr '\n' '\0' | xargs -0 cksum | cksum)
    missing=$(printf '%s\n' "$sources" | sed 's/po$/mo/' | while read -r mo; do [ -f "$mo" ] || echo "$mo"; done)
    if [ -n "$missing" ] || ! fresh .venv/.catalogues "$catalogues_are"; then
        domains=$(printf '%s\n' "$sources" | sed 's|.*/||; s|\.po$||' | sort -u | tr '\n' ' ')
        quietly "Compiling the translations" .venv/bin/python -m babel.messages.frontend \
            compile --directory core/translations --domain "${domains% }" ||
            stop "A translation has a broken placeholder: see above."
        printf '%s' "$catalogues_are" >.venv/.catalogues
    fi
fi
