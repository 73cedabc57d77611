// Executes instructions one at a time in Unicorn: reads records from one file, writes what came out to another.
//
// Usage: unicorn_oracle m3|m4 INPUT OUTPUT
//
// All numbers are little-endian words. Memory before each record: code at 0x0800_0000 and RAM at 0x2000_0000, each byte
// what `pattern` says of its offset.
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicorn/unicorn.h>

enum { code_base = 0x08000000, code_size = 0x100000, ram_base = 0x20000000, ram_size = 0x1000 };
enum { core_registers = 15, float_registers = 32, branches = 1, floats = 2 };

typedef struct {
  uint32_t address, length, flags;
  uint8_t code[16];
  uint32_t core[core_registers], apsr, single[float_registers], fpscr;
} input;

// Followed by `changes` pairs of a RAM offset and the byte that is there now.
typedef struct {
  uint32_t completed, core[core_registers], pc, apsr, single[float_registers], fpscr, changes;
} output;

static uint8_t code[code_size] __attribute__((aligned(4096))), ram[ram_size] __attribute__((aligned(4096)));
static uint8_t pristine[ram_size];
static int core_ids[core_registers], float_ids[float_registers];

static uint8_t pattern(uint32_t offset) { return (uint8_t)((offset * 73 + 41) ^ (offset >> 8) * 29); }

static void check(uc_err error) {
  if (error == UC_ERR_OK) return;
  fprintf(stderr, "unicorn: %s\n", uc_strerror(error));
  exit(1);
}

static uc_engine *open_engine(bool is_m4) {
  uc_engine *uc;
  check(uc_open(UC_ARCH_ARM, UC_MODE_THUMB | UC_MODE_MCLASS, &uc));
  check(uc_ctl_set_cpu_model(uc, is_m4 ? UC_CPU_ARM_CORTEX_M4 : UC_CPU_ARM_CORTEX_M3));
  check(uc_mem_map_ptr(uc, code_base, code_size, UC_PROT_ALL, code));
  check(uc_mem_map_ptr(uc, ram_base, ram_size, UC_PROT_ALL, ram));
  if (is_m4) {
    // The first floating-point instruction resets FPSCR: VMOV.F32 S0, S0.
    uint8_t kept[4], move[4] = {0xb0, 0xee, 0x40, 0x0a};
    memcpy(kept, code, 4);
    memcpy(code, move, 4);
    check(uc_emu_start(uc, code_base | 1, code_base + 4, 0, 0));
    memcpy(code, kept, 4);
  }
  return uc;
}

static void transfer(uc_engine *uc, int *ids, uint32_t *values, int count, bool write) {
  void *places[float_registers];
  for (int index = 0; index < count; index++) places[index] = &values[index];
  if (write) {
    check(uc_reg_write_batch(uc, ids, places, count));
  } else {
    check(uc_reg_read_batch(uc, ids, places, count));
  }
}

// Returns whether the instruction completed.
static bool run(uc_engine *uc, input *in, output *out) {
  uint8_t kept[sizeof in->code];
  uint8_t *place = code + (in->address - code_base);
  memcpy(kept, place, in->length);
  memcpy(place, in->code, in->length);
  transfer(uc, core_ids, in->core, core_registers, true);
  check(uc_reg_write(uc, UC_ARM_REG_APSR_NZCVQG, &in->apsr));
  if (in->flags & floats) {
    transfer(uc, float_ids, in->single, float_registers, true);
    check(uc_reg_write(uc, UC_ARM_REG_FPSCR, &in->fpscr));
  }
  // Unicorn does not count an instruction whose condition fails, and sometimes runs on after counting.
  bool counts = in->flags & branches;
  uint64_t end = counts ? 0xFFFFFFF0 : in->address + in->length;
  uc_err error = uc_emu_start(uc, in->address | 1, end, 0, counts ? 1 : 0);
  uint32_t status;
  transfer(uc, core_ids, out->core, core_registers, false);
  check(uc_reg_read(uc, UC_ARM_REG_PC, &out->pc));
  check(uc_reg_read(uc, UC_ARM_REG_XPSR, &status));
  out->apsr = status & 0xF80F0000;
  if (in->flags & floats) {
    transfer(uc, float_ids, out->single, float_registers, false);
    check(uc_reg_read(uc, UC_ARM_REG_FPSCR, &out->fpscr));
  }
  memcpy(place, kept, in->length);
  // The instruction itself is complete when only the next one cannot be fetched.
  bool completed = error == UC_ERR_OK || error == UC_ERR_FETCH_UNMAPPED;
  return completed && status >> 24 & 1 && (status & 0x1FF) == 0;
}

static void write_result(FILE *file, output *out) {
  uint32_t pairs[ram_size * 2];
  out->changes = 0;
  if (memcmp(ram, pristine, ram_size) != 0) {
    for (uint32_t offset = 0; offset < ram_size; offset++) {
      if (ram[offset] == pristine[offset]) continue;
      pairs[out->changes * 2] = offset;
      pairs[out->changes++ * 2 + 1] = ram[offset];
    }
    memcpy(ram, pristine, ram_size);
  }
  fwrite(out, sizeof *out, 1, file);
  fwrite(pairs, 8, out->changes, file);
}

int main(int count, char **argument) {
  if (count != 4) return fprintf(stderr, "usage: unicorn_oracle m3|m4 INPUT OUTPUT\n"), 64;
  bool is_m4 = strcmp(argument[1], "m4") == 0;
  FILE *from = fopen(argument[2], "rb"), *to = fopen(argument[3], "wb");
  if (!from || !to) return perror("unicorn_oracle"), 66;
  for (uint32_t offset = 0; offset < code_size; offset++) code[offset] = pattern(offset);
  for (uint32_t offset = 0; offset < ram_size; offset++) ram[offset] = pristine[offset] = pattern(offset);
  for (int index = 0; index < 13; index++) core_ids[index] = UC_ARM_REG_R0 + index;
  core_ids[13] = UC_ARM_REG_SP, core_ids[14] = UC_ARM_REG_LR;
  for (int index = 0; index < float_registers; index++) float_ids[index] = UC_ARM_REG_S0 + index;

  uc_engine *uc = open_engine(is_m4);
  input in;
  uint32_t last = 0;
  bool branched = false;
  while (fread(&in, sizeof in, 1, from) == 1) {
    // Unicorn keeps what it has translated: behind a branch that may be anything, else what lies at lower addresses.
    if (in.address <= last || branched) check(uc_ctl_flush_tb(uc));
    last = in.address;
    branched = in.flags & branches;
    output out = {0};
    out.completed = run(uc, &in, &out);
    if (!out.completed) {
      // After an error Unicorn is not to be trusted any more.
      uc_close(uc);
      uc = open_engine(is_m4);
    }
    write_result(to, &out);
  }
  uc_close(uc);
  return fclose(to) == 0 ? 0 : 74;
}
