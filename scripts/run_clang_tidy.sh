#!/bin/sh
# Holds the sources against the checks named in .clang-tidy.   usage: scripts/run_clang_tidy.sh BUILD_DIR
set -eu
cd "$(dirname "$0")/.."
git ls-files 'src/*.cpp' | grep -v '_test\.cpp$' | xargs -P 2 -n 8 clang-tidy-19 --quiet -p "$1" 2>/dev/null
