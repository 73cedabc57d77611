#!/usr/bin/env bash
# Compares the simulated core with Unicorn on random instructions.
#
# Usage: scripts/oracle.sh [COUNT [SEED]]     (default: 1000000 instructions of seed 1; 10000000 take some minutes)
# Skips, and says why, where Unicorn cannot be installed.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=$(dirname "$(readlink -f "$(command -v swift)")")
folder=.build/oracle
mkdir -p "$folder"
scripts/python-environment unicorn==2.1.4 || { echo "skipped: Unicorn 2.1.4 cannot be installed"; exit 0; }
unicorn=$(.venv/bin/python -c 'import pathlib, unicorn; print(pathlib.Path(unicorn.__file__).parent)')
library=$(find "$unicorn" -name 'libunicorn.so*' | head -n 1)
[ -n "$library" ] || { echo "skipped: the unicorn package holds no shared library here"; exit 0; }
"$tools/clang" -O2 -Wall -Wextra -Werror -I "$unicorn/include" Tests/Oracle/unicorn_oracle.c "$library" \
  -Wl,-rpath,"$(dirname "$(readlink -f "$library")")" -o "$folder/unicorn-oracle"
scripts/build-release stflash-oracle
.build/release/stflash-oracle "$folder/unicorn-oracle" "${1:-1000000}" "${2:-1}"
