#!/usr/bin/env bash
# Assembles blink.s with the Swift toolchain's clang and writes it in every format that stflash reads.
# Usage: build.sh [FOLDER]     (default: beside this file; the tests build into another folder and compare)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here}
tools=$(dirname "$(readlink -f "$(command -v swift)")")
PATH="$tools:$PATH"
cd "$out"  # the S-record header holds the input's name as it is given
clang --target=thumbv7m-none-eabi -mcpu=cortex-m3 -nostdlib -fuse-ld=lld -Wl,-T,"$here/blink.ld" -Wl,--build-id=none \
  -Wl,-z,max-page-size=16 "$here/blink.s" -o blink.elf
llvm-objcopy --strip-all blink.elf
llvm-objcopy -O binary blink.elf blink.bin
llvm-objcopy -O ihex blink.elf blink.hex
llvm-objcopy -O srec blink.elf blink.srec
chmod 644 blink.elf blink.bin blink.hex blink.srec
