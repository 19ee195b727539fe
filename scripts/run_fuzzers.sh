#!/bin/sh
# Runs every fuzz harness for a while, two at a time, beginning with its kept corpus.
# usage: scripts/run_fuzzers.sh BUILD_DIR SECONDS
# What makes one fail is left in BUILD_DIR/fuzz/failures; put it into fuzz/corpus/<name> together with the mend.
set -eu
build=$1 seconds=$2
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$build/fuzz/failures"

run_one() {
    harness=$1
    name=$(basename "$harness" _fuzz)
    found="$build/fuzz/found/$name"
    mkdir -p "$found"
    set -- -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$build/fuzz/failures/$name-"
    [ ! -f "$root/fuzz/dictionaries/$name.txt" ] || set -- "$@" -dict="$root/fuzz/dictionaries/$name.txt"
    kept="$root/fuzz/corpus/$name"
    [ -d "$kept" ] || { echo "fuzz/corpus/$name is missing: every harness keeps seeds" >&2; return 1; }
    if "$harness" "$@" "$found" "$kept" > "$build/fuzz/$name.log" 2>&1; then
        echo "  $name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$build/fuzz/$name.log") runs"
    else
        echo "  $name FAILED:"; tail -40 "$build/fuzz/$name.log"; return 1
    fi
}

case "${3:-}" in
    "")
        ls "$build"/fuzz/*_fuzz > "$build/fuzz/list"
        [ -s "$build/fuzz/list" ] || { echo "no fuzz harness was built" >&2; exit 1; }
        xargs -a "$build/fuzz/list" -P 2 -n 1 "$0" "$build" "$seconds" ;;
    *) run_one "$3" ;;
esac
