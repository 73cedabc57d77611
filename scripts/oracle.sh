#!/usr/bin/env bash
# Compares the simulated core with Unicorn on fresh random instructions.
#
# Usage: scripts/oracle.sh [COUNT [SEED]]     (default 100000 instructions; 1000000 take about 12 minutes)
# Skips, and says why, where Unicorn cannot be installed.
set -euo pipefail
cd "$(dirname "$0")/.."
count=${1:-100000} seed=${2:-1}

if [ ! -x .venv/bin/python ]; then
  python3 -m venv .venv || { echo "skipped: python3 cannot make a virtual environment"; exit 0; }
fi
if ! .venv/bin/python -c "import unicorn" 2>/dev/null; then
  .venv/bin/pip install --quiet "unicorn==2.1.4" || { echo "skipped: unicorn 2.1.4 cannot be installed"; exit 0; }
fi

vectors=$(mktemp --suffix .vectors)
trap 'rm -f "$vectors"' EXIT
.venv/bin/python Tests/Oracle/unicorn_vectors.py --count "$count" --seed "$seed" "$vectors"
STFLASH_ORACLE_VECTORS="$vectors" swift test --filter "named file"
