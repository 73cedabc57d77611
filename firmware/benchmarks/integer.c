// An integer loop: bitwise CRC-32 over a counter, a linear congruential generator and divisions.
#include <stdint.h>

uint32_t program(uint32_t rounds, uint32_t *memory) {
  (void)memory;
  uint32_t crc = 0xFFFFFFFF, state = 1;
  for (uint32_t round = 0; round < rounds; round++) {
    crc ^= state;
    for (int bit = 0; bit < 32; bit++) crc = crc & 1 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
    state = state * 1664525 + 1013904223;
    crc += state / (round | 1);
  }
  return crc;
}
