#!/usr/bin/env bash
# Compiles stacks.c with arm-none-eabi-gcc in four ways that differ in optimisation and in the version of DWARF, and with
# the Swift toolchain's clang; assembles frames.s and relative.s; writes beside each what GNU binutils say of it.
# Usage: build.sh [FOLDER]     (default: beside this file)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here}
cd "$here"  # so that the files name no folder of ours
target="-mcpu=cortex-m4 -mthumb -mfpu=fpv4-sp-d16 -mfloat-abi=hard"
map="-ffile-prefix-map=$here=/src -fdebug-prefix-map=$here=/src"
options="-g -ffreestanding -fno-builtin -ffunction-sections -fno-optimize-sibling-calls -Iinclude -Wall -Wextra -Werror"

objects=$(mktemp -d)
trap 'rm -r "$objects"' EXIT
tools=$(dirname "$(readlink -f "$(command -v swift)")")

# shellcheck disable=SC2086
link() { # NAME OPTIONS
  arm-none-eabi-gcc $target "$objects"/*.o -nostdlib -Wl,--gc-sections -Wl,--build-id=none -Wl,-z,max-page-size=16 \
    -Wl,-z,noexecstack $2 -o "$out/$1.elf"
  chmod 644 "$out/$1.elf"
  rm "$objects"/*.o
}

# shellcheck disable=SC2086
gcc() { # NAME OPTIONS
  for source in stacks.c trap.s; do
    arm-none-eabi-gcc $target $options -Wa,-W $map $2 -c "$source" -o "$objects/$source.o"
  done
  link "$1" "-Wl,-T,stacks.ld $2 $map"
}

# shellcheck disable=SC2086
clang() { # NAME OPTIONS
  for source in stacks.c trap.s; do
    "$tools/clang" --target=thumbv7em-none-eabihf ${target/-mthumb/} $options $2 -fdebug-compilation-dir=. \
      -Wno-unused-command-line-argument -c "$source" -o "$objects/$source.o"
  done
  link "$1" -Wl,-T,stacks.ld
}

gcc gcc-O0-dwarf2 "-O0 -gdwarf-2"
gcc gcc-Og-dwarf3 "-Og -gdwarf-3"
gcc gcc-O2-dwarf4 "-O2 -gdwarf-4"
gcc gcc-Os-lto-dwarf5 "-Os -gdwarf-5 -flto"
gcc gcc-Os-tables "-Os -g0 -funwind-tables -Wl,--strip-debug"
clang clang-O1-dwarf5 "-O1 -gdwarf-5"
for source in frames.s relative.s; do
  # shellcheck disable=SC2086
  arm-none-eabi-gcc $target -c "$source" -o "$objects/$source.o"
done
link frames "-Wl,-Ttext=0x08000000 -Wl,-e,escaped -Wl,--no-gc-sections"

for elf in "$out"/*-dwarf?.elf; do
  ./referee "$elf" lines > "${elf%.elf}.lines"
  ./referee "$elf" frames > "${elf%.elf}.frames"
done
