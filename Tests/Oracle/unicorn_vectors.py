"""Makes test vectors for the simulated core with Unicorn, an emulator that shares nothing with it.

Each vector is one or two instructions with the registers, flags and memory before and after. Instructions are random
fillings of the encoding patterns in Sources/SimProbe/Core/Decode, so that every encoding comes up; what the patterns
mean is left to Unicorn. Encodings that the architecture calls unpredictable are kept out as far as that is simple.

Usage: unicorn_vectors.py [--count N] [--seed N] [--cpu m3|m4] [--group NAME] OUTPUT

The output is little-endian: "SFV1", the count, then the records that `record()` packs.
"""
import argparse
import pathlib
import random
import re
import struct
import sys

from unicorn import UC_ARCH_ARM, UC_MODE_MCLASS, UC_MODE_THUMB, UC_ERR_FETCH_UNMAPPED, Uc, UcError
from unicorn import arm_const as arm

from encodings_table import is_more_specific, read_encodings

CODE, CODE_SIZE = 0x0800_0000, 0x1_0000
RAM, RAM_SIZE = 0x2000_0000, 0x4000
EDGES = [0, 1, 2, 31, 32, 33, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF]
FLOAT_EDGES = [0x0000_0000, 0x8000_0000, 0x3F80_0000, 0xBF80_0000, 0x7F80_0000, 0xFF80_0000, 0x7FC0_0000, 0x7FA0_0000,
               0x0000_0001, 0x007F_FFFF, 0x0080_0000, 0x7F7F_FFFF, 0x4F00_0000, 0xCF00_0000, 0x3F00_0000]
CORE = [arm.UC_ARM_REG_R0 + n for n in range(13)] + [arm.UC_ARM_REG_SP, arm.UC_ARM_REG_LR]
FLOATS = [arm.UC_ARM_REG_S0 + n for n in range(32)]
# What cannot be compared instruction by instruction with an emulator of user code.
LEFT_OUT = re.compile(
    r"Undefined|^UDF|^SVC|^BKPT|^WF|^SEV|^NOP|^PL|^Unallocated|^CPS|^MSR|^MRS|^CLREX|^D[SM]B|^ISB|^Coprocessor|EX[BH]? T1"
    r"|^(STR|LDR)(B|H|SB|SH)?T T1|^IT |^VMSR")

# VCVT from fixed point rounds to nearest whatever FPSCR says (DDI 0403, A7.7.228); Unicorn follows FPSCR.
ROUNDS_TO_NEAREST = "VCVT from fixed point T1"


def pattern_bytes(size):
    return bytes((n * 73 + 41 ^ (n >> 8) * 29) & 0xFF for n in range(size))


class Generator:
    """Draws instructions and register values."""

    def __init__(self, seed, rows):
        self.random = random.Random(seed)
        self.rows = rows

    def fill(self, row):
        """A random instruction of an encoding; None when it belongs to a more specific one or is unpredictable."""
        name, pattern, rest = row
        fields = {letter: self.random.getrandbits(pattern.count(letter)) for letter in set(pattern) - set("01")}
        for letter in "dtnmaub":
            if letter in fields and pattern.count(letter) == 4 and self.random.random() < 0.9:
                fields[letter] = self.random.randrange(13)
        if name.startswith(("VLDM", "VSTM")):
            fields["i"] = self.random.randrange(1, 9) * (2 if "T1" in name else 1)
        if pattern.count("x") == 4 and name.startswith(("REV", "RBIT", "CLZ")):
            fields["x"] = fields["m"]
        self.fields = fields
        left = {letter: pattern.count(letter) for letter in fields}
        word = 0
        for place in pattern:
            bit = int(place) if place in "01" else fields[place] >> (left[place] - 1) & 1
            if place not in "01":
                left[place] -= 1
            word = word << 1 | bit
        text = f"{word:0{len(pattern)}b}"
        for other in self.rows:
            if len(other[1]) == len(pattern) and is_more_specific(other[1], pattern) and all(
                    o not in "01" or o == t for o, t in zip(other[1], text)):
                return None
        return word if self.is_predictable(name, pattern, fields, word) else None

    def is_predictable(self, name, pattern, fields, word):
        wide = len(pattern) == 32
        if fields.get("b") == 15:
            return False
        if wide:
            registers = [fields[x] for x in "dtum" if x in fields and pattern.count(x) == 4 and "V" != name[0]]
            if any(r in (13, 15) for r in registers) or fields.get("a") in (13, 15):
                return False
            if fields.get("n") == 15 or fields.get("n") == 13 and not re.match(r"(ADD|SUB|CMP|CMN|LDR|STR|LDM|STM|V)", name):
                return False
        elif fields.get("d") == 13 or fields.get("e") == 13:
            return False
        if name.startswith(("SBFX", "UBFX")) and fields["i"] + fields["j"] > 31:
            return False
        if name.startswith(("BFI", "BFC")) and fields["j"] < fields["i"]:
            return False
        if "LDRD" in name and (fields["t"] == fields["u"]):
            return False
        if name.startswith(("LDRD", "STRD")) and "n" in fields and fields["n"] in (fields["t"], fields["u"]):
            return False
        if "indexed" in name and fields.get("b", fields.get("n")) == 13 and fields["i"] % 4 != 0 and "RD " not in name:
            return False
        if "indexed" in name and fields.get("b", fields.get("n")) == fields.get("t"):
            return False
        if "MULL" in name or "MLAL" in name or "UMAAL" in name or "SMLSLD" in name or "SMLALD" in name:
            if fields["t"] == fields["u"]:
                return False
        if re.match(r"(LDM|STM|PUSH|POP)", name):
            return self.is_predictable_list(name, wide, fields, word)
        if re.match(r"(VLDM|VSTM)", name):
            count = fields["i"] >> (1 if "T1" in name else 0)
            first = fields.get("v", fields.get("d", 0) * 2 + fields.get("D", 0))
            last = 16 if "T1" in name else 32
            return 0 < count <= 16 and first + count <= last and not (fields.get("i") & 1 and "T1" in name)
        if name.startswith("VMOV (two"):
            if any(fields[x] in (13, 15) for x in "tu"):
                return False
            return fields.get("M", 0) + fields.get("m", 0) * 2 < 31 and not ("to two" in name and fields["t"] == fields["u"])
        if name.startswith("VMOV") and fields.get("t") in (13, 15):
            return False
        if "fixed" in name:
            bits = (fields["i"] & 0xF) << 1 | fields["i"] >> 4
            return bits <= (32 if fields["j"] & 1 else 16)
        if name.startswith(("CBZ", "CBNZ", "B ", "B T", "BL T", "TB")) or "BX" in name or "BLX" in name or "to PC" in name:
            return True
        if name.startswith("CMP (register) T2"):
            return fields["n"] != 15 and fields["m"] != 15 and not (fields["n"] < 8 and fields["m"] < 8)
        if name.startswith(("REV", "CLZ", "RBIT")) and wide:
            return word >> 16 & 0xF == word & 0xF
        return True

    @staticmethod
    def is_predictable_list(name, wide, fields, word):
        listed = word & 0xFFFF if wide else word & 0xFF
        count = bin(listed).count("1") + (0 if wide or name[0] != "P" else word >> 8 & 1)
        if count < (2 if wide else 1):
            return False
        base = fields.get("n", 13)
        if listed >> base & 1 and (wide or name.startswith("STM")):
            return False
        return not (wide and listed & 0x8000)

    def value(self):
        kind = self.random.random()
        if kind < 0.45:
            return RAM + 0x1800 + self.random.randrange(0x800) // 4 * 4
        if kind < 0.65:
            return self.random.randrange(64)
        if kind < 0.8:
            return self.random.choice(EDGES)
        return self.random.getrandbits(32)

    def float_value(self):
        kind = self.random.random()
        if kind < 0.35:
            return self.random.choice(FLOAT_EDGES)
        if kind < 0.7:
            return struct.unpack("<I", struct.pack("<f", self.random.uniform(-1000, 1000)))[0]
        return self.random.getrandbits(32)


class Oracle:
    """Unicorn with the memory that the vectors assume."""

    def __init__(self, cpu):
        self.cpu = cpu
        self.reset()

    def reset(self):
        cpu = self.cpu
        self.uc = Uc(UC_ARCH_ARM, UC_MODE_THUMB | UC_MODE_MCLASS)
        self.uc.ctl_set_cpu_model(arm.UC_CPU_ARM_CORTEX_M4 if cpu == "m4" else arm.UC_CPU_ARM_CORTEX_M3)
        self.uc.mem_map(CODE, CODE_SIZE)
        self.uc.mem_map(RAM, RAM_SIZE)
        self.code, self.ram = pattern_bytes(CODE_SIZE), pattern_bytes(RAM_SIZE)
        self.uc.mem_write(CODE, self.code)
        self.uc.mem_write(RAM, self.ram)
        self.slot = 0
        # The first floating-point instruction resets FPSCR: VMOV s0, s0.
        self.uc.mem_write(CODE, b"\xb0\xee\x40\x0a")
        self.uc.emu_start(CODE | 1, CODE + 4)
        self.uc.mem_write(CODE, self.code[:4])

    def run(self, program, branches, core, flags, floats, fpscr):
        # Unicorn keeps what it has translated: every instruction gets an address that was not used before.
        self.slot += 1
        if self.slot == 1024:
            self.reset()
        uc = self.uc
        address = CODE + 0x6000 + self.slot * 16
        uc.mem_write(address, program)
        uc.reg_write_batch(list(zip(CORE, core)))
        uc.reg_write(arm.UC_ARM_REG_APSR_NZCVQG, flags)
        if floats:
            uc.reg_write_batch(list(zip(FLOATS, floats)))
            uc.reg_write(arm.UC_ARM_REG_FPSCR, fpscr)
        failed = False
        try:
            # Unicorn does not count an instruction whose condition fails, and sometimes runs on after counting.
            if branches:
                uc.emu_start(address | 1, 0xFFFF_FFF0, count=1)
            else:
                uc.emu_start(address | 1, address + len(program))
        except UcError as error:
            # The instruction itself is complete when only the next one cannot be fetched.
            failed = error.errno != UC_ERR_FETCH_UNMAPPED
        core = uc.reg_read_batch(CORE)
        pc, status = uc.reg_read(arm.UC_ARM_REG_PC), uc.reg_read(arm.UC_ARM_REG_XPSR)
        after = uc.reg_read_batch(FLOATS) if floats else []
        fpscr = uc.reg_read(arm.UC_ARM_REG_FPSCR) if floats else 0
        ram = bytes(uc.mem_read(RAM, RAM_SIZE))
        changes = []
        if ram != self.ram:
            changes = [(n, ram[n]) for n in range(RAM_SIZE) if ram[n] != self.ram[n]]
            uc.mem_write(RAM, self.ram)
        uc.mem_write(address, self.code[address - CODE:address - CODE + len(program)])
        if failed or status >> 24 & 1 == 0 or status & 0x1FF != 0:
            # After an error Unicorn is not to be trusted any more.
            self.reset()
            return None
        return address, core, pc, status & 0xF80F_0000, after, fpscr, changes


def record(address, program, count, before, flags, after, pc, flags_after, floats, changes):
    """The bytes of one vector."""
    data = struct.pack("<IBBH", address, len(program), count, len(changes)) + program.ljust(8, b"\0")
    data += struct.pack("<16I", *before, flags) + struct.pack("<17I", *after, pc, flags_after)
    data += struct.pack("<B", 1 if floats else 0)
    if floats:
        first, fpscr, second, fpscr_after = floats
        data += struct.pack("<33I", *first, fpscr) + struct.pack("<33I", *second, fpscr_after)
    for offset, value in changes:
        data += struct.pack("<HB", offset, value)
    return data


def halfwords(pattern, word):
    return struct.pack("<HH", word >> 16, word & 0xFFFF) if len(pattern) == 32 else struct.pack("<H", word)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cpu", choices=["m3", "m4"], default="m4")
    parser.add_argument("--group", choices=["all", "integer", "float"], default="all")
    parser.add_argument("output")
    options = parser.parse_args()
    root = pathlib.Path(__file__).resolve().parents[2]
    rows = read_encodings(root / "Sources/SimProbe/Core/Decode")
    chosen = [r for r in rows if not LEFT_OUT.search(r[0])]
    if options.cpu == "m3":
        chosen = [r for r in chosen if r[2] not in ("EncodingsDSP", "EncodingsFloat")]
    if options.group != "all":
        chosen = [r for r in chosen if (r[2] == "EncodingsFloat") == (options.group == "float")]
    generator, oracle = Generator(options.seed, rows), Oracle(options.cpu)
    data, seen, made, tried = [], {}, 0, 0
    while made < options.count:
        row = chosen[tried % len(chosen)]
        tried += 1
        word = generator.fill(row)
        if word is None:
            continue
        program, count = halfwords(row[1], word), 1
        # One in eight runs under a condition, where 16-bit instructions leave the flags alone.
        branches = re.match(r"(B |BL|CBZ|CBNZ|TB|BX)", row[0]) or "to PC" in row[0]
        if generator.random.random() < 0.125 and not branches:
            condition = generator.random.randrange(14)
            program, count = struct.pack("<H", 0xBF00 | condition << 4 | 8) + program, 2
        before = [generator.value() for _ in range(15)]
        if re.match(r"(LDR|STR|LDM|STM|TB|VLDR|VSTR|VLDM|VSTM)", row[0]):
            fields = generator.fields
            base = fields.get("b", fields.get("n", 13))
            if base < 13:
                # Words may be loaded from anywhere, pairs and lists only from multiples of four.
                step = 1 if row[0].startswith("LDR") and "LDRD" not in row[0] else 4
                before[base] = RAM + 0x1800 + generator.random.randrange(0x800 // step) * step
            if "m" in fields and fields["m"] < 13 and fields["m"] != base:
                before[fields["m"]] = generator.random.randrange(256)
        before[13] = RAM + 0x1800 + generator.random.randrange(0x200) * 4
        flags = generator.random.getrandbits(5) << 27 | (generator.random.getrandbits(4) << 16 if options.cpu == "m4" else 0)
        floats = [generator.float_value() for _ in range(32)] if row[2] == "EncodingsFloat" else []
        fpscr = generator.random.getrandbits(4) << 28 | (generator.random.choice([0, 0, 0, 1, 2, 3, 4, 8, 12]) << 22)
        if row[0] == ROUNDS_TO_NEAREST:
            fpscr &= ~(3 << 22)
        result = oracle.run(program, branches, before, flags, floats, fpscr)
        if result is None:
            continue
        address, after, pc, flags_after, floats_after, fpscr_after, changes = result
        both = (floats, fpscr, floats_after, fpscr_after) if floats else None
        data.append(record(address, program, count, before, flags, after, pc, flags_after, both, changes))
        seen[row[0]] = seen.get(row[0], 0) + 1
        made += 1
    missing = [r[0] for r in chosen if r[0] not in seen]
    with open(options.output, "wb") as output:
        output.write(b"SFV1" + struct.pack("<I", made) + b"".join(data))
    print(f"{made} vectors of {len(seen)} encodings, seed {options.seed}", file=sys.stderr)
    if missing:
        print("never met: " + ", ".join(missing), file=sys.stderr)


main()
