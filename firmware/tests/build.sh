#!/usr/bin/env bash
# Assembles blink.s, hello.s and echo.s and compiles metronome.c, voices.c, debuggee.c, tracer.c and loopback.c with the Swift
# toolchain's clang: blink in every format that stflash reads, hello and echo as raw binaries, metronome, voices and debuggee as
# ELF with debug information, tracer and embedded-tests.c as ELF without, loopback as a raw binary.
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
assemble echo cortex-m3
rm hello.elf echo.elf
compile() { # SOURCE OUTPUT LINKER-SCRIPT OPTION...
  clang --target=thumbv7m-none-eabi -mcpu=cortex-m3 -O1 -ffreestanding -fno-builtin -nostdlib -fuse-ld=lld -Wall -Wextra \
    -Werror -Wl,-T,"$here/$3" -Wl,--build-id=none -Wl,-z,max-page-size=16 "${@:4}" "$here/$1" -o "$2"
}

for program in metronome voices debuggee; do
  script=metronome.ld
  [ $program = debuggee ] && script=debuggee.ld
  compile $program.c $program.elf $script -g -gdwarf-4 -ffile-prefix-map="$here"=. \
    -ffile-prefix-map="$(clang -print-resource-dir)"=clang -fdebug-compilation-dir=.
done
compile embedded-tests.c embedded-tests.elf metronome.ld -Wl,-T,"$here/embedded-tests.ld"
compile tracer.c tracer.elf metronome.ld
compile loopback.c loopback.elf metronome.ld
llvm-objcopy -O binary loopback.elf loopback.bin
rm loopback.elf
compile tracer.c tracer-pll.elf metronome.ld -DBY_PLL
chmod 644 blink.elf blink.bin blink.hex blink.srec hello.bin echo.bin metronome.elf voices.elf debuggee.elf \
  embedded-tests.elf tracer.elf tracer-pll.elf loopback.bin
