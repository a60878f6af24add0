# What the set-up steps share: speaking, stopping, stamps and quiet running. Sourced, never run.

say() { printf '%s\n' "$*" >&2; }

stop() {
    say "$*"
    exit 1
}

# fingerprint FILE...: one line that changes whenever a file or its content does.
fingerprint() {
    cksum "$@" 2>/dev/null | cksum
}

# fresh STAMP VALUE: true when an earlier run finished with this very value.
fresh() {
    [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]
}

# quietly "What is being done" COMMAND...: one line of progress; the noise goes to a log, which is
# shown when the command fails.
quietly() {
    what=$1
    shift
    log=$(mktemp)
    printf '%s ' "$what" >&2
    "$@" >"$log" 2>&1 &
    child=$!
    trap 'kill "$child" 2>/dev/null; rm -f "$log"; exit 130' INT TERM
    beats=0
    while kill -0 "$child" 2>/dev/null; do
        sleep 0.2 2>/dev/null || sleep 1
        beats=$((beats + 1))
        [ $((beats % 10)) -eq 0 ] && printf '.' >&2
    done
    result=0
    wait "$child" || result=$?
    trap - INT TERM
    if [ "$result" -ne 0 ]; then
        say "failed:"
        tail -n 40 "$log" >&2
    else
        say "done"
    fi
    rm -f "$log"
    return "$result"
}

is_root() { [ "$(id -u)" -eq 0 ]; }
