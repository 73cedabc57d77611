// A flash loader: programs words and polls the status register of an STM32F4's flash interface for each.
//
// The result is a checksum of what the flash holds afterwards in its low word, and the number of polls in its high word.
#include <stdint.h>

typedef volatile uint32_t reg;

static reg *const keyr = (reg *)0x40023C04, *const sr = (reg *)0x40023C0C, *const cr = (reg *)0x40023C10;
enum { busy = 1 << 16, errors = 0xF2, locked = 1u << 31, program_x32 = 1 | 2 << 8, words = 2048 };

uint64_t program(uint32_t rounds, uint32_t *memory) {
  uint32_t polls = 0, sum = 0;
  if (*cr & locked) *keyr = 0x45670123, *keyr = 0xCDEF89AB;
  for (uint32_t index = 0; index < words; index++) memory[index] = index * 2654435761u;
  for (uint32_t round = 0; round < rounds; round++) {
    reg *flash = (reg *)0x08020000;
    *cr = program_x32;
    for (uint32_t index = 0; index < words; index++) {
      flash[index] = memory[index];
      uint32_t status;
      do {
        status = *sr;
        polls++;
      } while (status & busy);
      if (status & errors) return ~0ull;
    }
    *cr = 0;
    for (uint32_t index = 0; index < words; index++) sum = sum * 31 + flash[index];
  }
  return (uint64_t)polls << 32 | sum;
}
