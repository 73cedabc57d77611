// A memory copy: 4 KiB by unrolled words, then by bytes at an odd distance.
#include <stdint.h>

enum { words = 1024 };

static void copy_words(uint32_t *to, const uint32_t *from, uint32_t count) {
  for (; count >= 4; count -= 4, to += 4, from += 4) {
    uint32_t a = from[0], b = from[1], c = from[2], d = from[3];
    to[0] = a, to[1] = b, to[2] = c, to[3] = d;
  }
}

static void copy_bytes(volatile uint8_t *to, const uint8_t *from, uint32_t count) {
  while (count--) *to++ = *from++;
}

uint32_t program(uint32_t rounds, uint32_t *memory) {
  uint32_t *first = memory, *second = memory + words + 16;
  for (uint32_t index = 0; index < words; index++) first[index] = index * 2654435761u;
  for (uint32_t round = 0; round < rounds; round++) {
    copy_words(second, first, words);
    copy_bytes((uint8_t *)first + 1, (uint8_t *)second, words);
    first[0] += round;
  }
  uint32_t sum = 0;
  for (uint32_t index = 0; index < words; index++) sum = sum * 31 + first[index] + second[index];
  return sum;
}
