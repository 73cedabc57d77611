// In a folder of its own, for the folders of line tables.
#include <stdint.h>

static inline uint32_t scaled(uint32_t number) {
  uint32_t twice = number << 1;
  return twice + 1u;
}
