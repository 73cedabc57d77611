// Runs one benchmark program in Unicorn and prints its results and how much processor time the best of some runs took.
//
// Usage: runner FILE ADDRESS ROUNDS MEMORY STACK POLLS REPEATS
// Prints: R0 R1 SECONDS
//
// Memory is plain RAM. The flash interface's status register shows BSY as often as the simulated chip's did: POLLS reads
// in all, spread evenly over the words that are programmed.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unicorn/unicorn.h>

enum { flash = 0x08000000, ram = 0x20000000, registers = 0x40023000, size = 0x100000, status = 0xC0C, words = 2048 };

static uint64_t polls_wanted, words_wanted, polls, words_done;

// Each word is busy until its share of all polls has been made.
static uint64_t read_register(uc_engine *uc, uint64_t offset, unsigned bytes, void *data) {
  (void)uc, (void)bytes, (void)data;
  if (offset != status) return 0;
  polls++;
  if (polls < (words_done + 1) * polls_wanted / words_wanted) return 1 << 16;
  words_done++;
  return 0;
}

static void write_register(uc_engine *uc, uint64_t offset, unsigned bytes, uint64_t value, void *data) {
  (void)uc, (void)offset, (void)bytes, (void)value, (void)data;
}

static void check(uc_err error) {
  if (error == UC_ERR_OK) return;
  fprintf(stderr, "unicorn: %s\n", uc_strerror(error));
  exit(1);
}

int main(int count, char **argument) {
  if (count != 8) return fprintf(stderr, "usage: runner FILE ADDRESS ROUNDS MEMORY STACK POLLS REPEATS\n"), 64;
  static uint8_t code[0x10000];
  FILE *file = fopen(argument[1], "rb");
  if (!file) return perror(argument[1]), 66;
  size_t length = fread(code, 1, sizeof code, file);
  fclose(file);
  uint64_t numbers[8];
  for (int index = 2; index < 8; index++) numbers[index] = strtoull(argument[index], 0, 0);
  uint64_t address = numbers[2], rounds = numbers[3];
  polls_wanted = numbers[6];
  words_wanted = rounds * words;

  double best = 1e9;
  uint32_t r0 = 0, r1 = 0;
  for (uint64_t run = 0; run < numbers[7]; run++) {
    uc_engine *uc;
    check(uc_open(UC_ARCH_ARM, UC_MODE_THUMB | UC_MODE_MCLASS, &uc));
    check(uc_ctl_set_cpu_model(uc, UC_CPU_ARM_CORTEX_M3));
    check(uc_mem_map(uc, flash, size, UC_PROT_ALL));
    check(uc_mem_map(uc, ram, size, UC_PROT_ALL));
    check(uc_mmio_map(uc, registers, 0x1000, read_register, 0, write_register, 0));
    check(uc_mem_write(uc, address, code, length));
    uint32_t first = (uint32_t)rounds, second = (uint32_t)numbers[4], stack = (uint32_t)numbers[5];
    uc_reg_write(uc, UC_ARM_REG_R0, &first);
    uc_reg_write(uc, UC_ARM_REG_R1, &second);
    uc_reg_write(uc, UC_ARM_REG_SP, &stack);
    polls = words_done = 0;
    struct timespec start, end;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    check(uc_emu_start(uc, address | 1, address + 4, 0, 0));
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    double seconds = (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
    if (seconds < best) best = seconds;
    uc_reg_read(uc, UC_ARM_REG_R0, &r0);
    uc_reg_read(uc, UC_ARM_REG_R1, &r1);
    uc_close(uc);
  }
  printf("%u %u %.6f\n", r0, r1, best);
  return 0;
}
