#!/bin/sh
# Write the lock files anew: exact versions with hashes, for all platforms and Python 3.11 and newer.
# The argument is the uv to use.
set -eu
cd "$(dirname "$0")/.."
uv=${1:-uv}
compile() { # output, then what goes in
    output=$1
    shift
    "$uv" pip compile --universal --python-version 3.11 --generate-hashes --no-emit-find-links --no-emit-index-url \
        --custom-compile-command "make lock" --upgrade --quiet --output-file "$output" "$@"
}
printf 'uv\nhatchling\neditables\n' | compile requirements/build.txt -
compile requirements/dev.txt --group dev pyproject.toml
compile requirements/oldest.txt --resolution lowest-direct --group oldest pyproject.toml
