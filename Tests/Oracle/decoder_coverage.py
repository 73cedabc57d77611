"""Compares the encoding tables with LLVM's objdump: every 16-bit instruction and a seeded sample of 32-bit ones.

Usage: decoder_coverage.py [--count N] [--seed N]

A word must be defined in both or in neither, and the encoding's name must begin with objdump's mnemonic. `explanation`
knows the classes in which the two differ for a reason; exit status 1 on any other difference. Skips where PATH holds no
llvm-objcopy or llvm-objdump; `scripts/decoder-coverage` takes those of the Swift toolchain.
"""
import argparse
import collections
import itertools
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

from encodings_table import read_encodings

OBJCOPY = "llvm-objcopy"
OBJDUMP = "llvm-objdump"
# After a word that it does not know LLVM goes on one byte further; these bytes bring it back to even addresses, because
# only at odd ones they hold an unknown instruction (0xBA80).
PADDING = bytes([0x00, 0x80, 0xBA, 0x00] * 3)
# Other names for what an encoding does.
SYNONYMS = {
    "cpsie": "cps", "cpsid": "cps", "ldmia": "ldm", "stmia": "stm", "ldmfd": "ldm", "stmfd": "stm", "ldmea": "ldmdb",
    "stmea": "stm", "addw": "add", "subw": "sub", "movw": "mov", "neg": "rsb", "rrx": "mov", "push": "stmdb",
    "pop": "ldm", "cbnz": "cbnz", "stmdb": "stmdb", "fldmiax": "vldm", "fldmdbx": "vldm", "fstmiax": "vstm",
    "fstmdbx": "vstm", "vpop": "vldm", "vpush": "vstm", "vldmia": "vldm", "vldmdb": "vldm", "vstmia": "vstm",
    "vstmdb": "vstm",
}
SHIFTS = {"lsl", "lsr", "asr", "ror", "mov"}


def lookup(rows, word, bits):
    """The most specific encoding that matches."""
    best, score = None, -1
    text = f"{word:0{bits}b}"
    for row in rows:
        if len(row[1]) != bits or any(p in "01" and p != t for p, t in zip(row[1], text)):
            continue
        base = [t for p, t in zip(row[1], text) if p == "b"]
        if base and all(t == "1" for t in base):
            continue
        fixed = sum(p in "01" for p in row[1])
        if fixed > score:
            best, score = row, fixed
    return best


def disassemble(words):
    """objdump's line for each word, each followed by PADDING."""
    with tempfile.NamedTemporaryFile() as image:
        for word, bits in words:
            first = (word >> 16).to_bytes(2, "little") if bits == 32 else b""
            image.write(first + (word & 0xFFFF).to_bytes(2, "little") + PADDING)
        image.flush()
        subprocess.run(
            [OBJCOPY, "-I", "binary", "-O", "elf32-littlearm", image.name, image.name + ".o"], check=True)
        text = subprocess.run(
            [OBJDUMP, "-D", "-j", ".data", "--triple=thumbv7em-none-eabi", "--mcpu=cortex-m4", "-z", image.name + ".o"],
            capture_output=True, text=True, check=True).stdout
        pathlib.Path(image.name + ".o").unlink()
    lines = {}
    for line in text.splitlines():
        match = re.match(r"\s*([0-9a-f]+): (?:[0-9a-f]{2,4} )+\s*(.*)", line)
        if match:
            lines[int(match[1], 16)] = match[2]
    offset, found = 0, []
    for _, bits in words:
        found.append(lines.get(offset, "<missing>"))
        offset += (4 if bits == 32 else 2) + len(PADDING)
    return found


def is_undefined(line):
    return bool(re.search(r"undefined|^udf|^<UNDEF|^\.(short|word|inst)|^<missing>|^<unknown>", line, re.IGNORECASE))


def agree(name, line):
    """Whether an encoding's name and a disassembly name the same instruction."""
    mnemonic = re.split(r"[\s.]", line.lower())[0]
    wanted = [re.split(r"[ (,]", part)[0].lower() for part in re.split(r", ", name)]
    for candidate in wanted:
        short = SYNONYMS.get(mnemonic, mnemonic)
        if mnemonic.startswith(candidate) or short == candidate or candidate.startswith(short):
            return True
        if candidate in SHIFTS and mnemonic.rstrip("s") in SHIFTS or candidate in SHIFTS and short in SHIFTS:
            return True
        if re.sub(r"(eq|ne|cs|cc|mi|pl|vs|vc|hi|ls|ge|lt|gt|le|s)$", "", mnemonic) == candidate:
            return True
    return False


def explanation(rows, name, word, bits, line):
    """Why a difference is none; None when there is no reason."""
    if name.startswith(("Coprocessor", "Unallocated", "NOP")):
        return "coprocessors that are not there and hints without effect have no names here"
    if name.startswith(("LDM", "STM", "PUSH", "POP", "VLDM", "VSTM")) and is_undefined(line):
        return "empty or overlong lists are unpredictable; they load and store what there is"
    if "and others" in name and line[:4].lower() == name[:4].lower():
        return "one name for the combinations of halves"
    if name.startswith("UDF"):
        return "UDF by another name"
    if name.startswith("Undefined"):
        if re.match("m(rs|sr)\\b", line):
            return "bits that should be zero are not: unpredictable, undefined here"
        set_bits = [1 << n for n in range(bits) if word >> n & 1]
        for cleared in itertools.chain(itertools.combinations(set_bits, 1), itertools.combinations(set_bits, 2),
                                       itertools.combinations(set_bits, 3)):
            row = lookup(rows, word & ~sum(cleared), bits)
            if row and not row[0].startswith(("Undefined", "UDF")) and agree(row[0], line):
                return "bits that should be zero are not: unpredictable, undefined here"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for tool in (OBJCOPY, OBJDUMP):
        if shutil.which(tool) is None:
            print(f"skipped: no {tool}")
            return 0
    rows = read_encodings()
    generator = random.Random(options.seed)
    words = [(word, 16) for word in range(0xE800)]
    words += [(generator.randrange(0xE800, 0x10000) << 16 | generator.getrandbits(16), 32) for _ in range(options.count)]
    differences, explained = collections.Counter(), collections.Counter()
    examples = {}
    for (word, bits), line in zip(words, disassemble(words)):
        row = lookup(rows, word, bits)
        name = row[0] if row else "Undefined"
        ours, theirs = name.startswith(("Undefined", "UDF")), is_undefined(line)
        if ours and theirs or not ours and not theirs and agree(name, line):
            continue
        reason = explanation(rows, name, word, bits, line)
        if reason:
            explained[reason] += 1
            continue
        key = (name, "undefined" if theirs else re.split(r"[\s.]", line)[0])
        differences[key] += 1
        examples.setdefault(key, f"{word:0{bits // 4}x} {line}")
    for key, count in differences.most_common():
        print(f"{count:6} {key[0]} | {key[1]} | {examples[key]}")
    for reason, count in explained.most_common():
        print(f"explained {count:6}: {reason}")
    print(f"{len(words)} words, {sum(differences.values())} differences in {len(differences)} classes, seed {options.seed}")
    return 1 if differences else 0


sys.exit(main())
