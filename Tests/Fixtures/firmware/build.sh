#!/usr/bin/env bash
# Assembles blink.s and hello.s with the Swift toolchain's clang: blink in every format that stflash reads, hello as
# raw binary.
# Usage: build.sh [FOLDER]     (default: beside this file; the tests build into another folder and compare)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here}
tools=$(dirname "$(readlink -f "$(command -v swift)")")
PATH="$tools:$PATH"
cd "$out"  # the S-record header holds the input's name as it is given

assemble() { # NAME CPU
  clang --target=thumbv7em-none-eabi -mcpu="$2" -nostdlib -fuse-ld=lld -Wl,-T,"$here/blink.ld" -Wl,--build-id=none \
    -Wl,-z,max-page-size=16 "$here/$1.s" -o "$1.elf"
  llvm-objcopy --strip-all "$1.elf"
  llvm-objcopy -O binary "$1.elf" "$1.bin"
}

assemble blink cortex-m3
llvm-objcopy -O ihex blink.elf blink.hex
llvm-objcopy -O srec blink.elf blink.srec
assemble hello cortex-m4
rm hello.elf
chmod 644 blink.elf blink.bin blink.hex blink.srec hello.bin
