// A mix in the manner of embedded benchmarks, written for this project: a linked list that is sorted and reversed, a
// matrix product, a state machine over text, and a CRC-16 over all results. Its speed is no CoreMark score.
#include <stdint.h>

enum { nodes = 64, size = 10 };

typedef struct node {
  struct node *next;
  int32_t value;
} node;

static uint16_t crc16(uint16_t crc, uint32_t value) {
  for (int byte = 0; byte < 4; byte++, value >>= 8) {
    crc ^= value & 0xFF;
    for (int bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >> 1 ^ 0xA001 : crc >> 1;
  }
  return crc;
}

static node *merge(node *a, node *b) {
  node *head = 0, **tail = &head;
  while (a && b) {
    node **lower = a->value <= b->value ? &a : &b;
    *tail = *lower;
    tail = &(*lower)->next;
    *lower = *tail;
  }
  *tail = a ? a : b;
  return head;
}

static node *sort(node *list) {
  if (!list || !list->next) return list;
  node *slow = list, *fast = list->next;
  while (fast && fast->next) slow = slow->next, fast = fast->next->next;
  node *second = slow->next;
  slow->next = 0;
  return merge(sort(list), sort(second));
}

static uint16_t lists(node *pool, uint32_t seed, uint16_t crc) {
  for (int index = 0; index < nodes; index++) {
    seed = seed * 1103515245 + 12345;
    pool[index].value = (int32_t)seed >> 16;
    pool[index].next = index + 1 < nodes ? &pool[index + 1] : 0;
  }
  node *reversed = 0;
  for (node *list = sort(pool); list;) {
    node *next = list->next;
    list->next = reversed;
    reversed = list;
    list = next;
  }
  for (; reversed; reversed = reversed->next) crc = crc16(crc, (uint32_t)reversed->value);
  return crc;
}

static uint16_t matrices(int16_t *a, int16_t *b, int32_t *product, uint32_t seed, uint16_t crc) {
  for (int index = 0; index < size * size; index++) {
    seed = seed * 1103515245 + 12345;
    a[index] = (int16_t)(seed >> 16);
    b[index] = (int16_t)(seed >> 8);
  }
  for (int row = 0; row < size; row++) {
    for (int column = 0; column < size; column++) {
      int32_t sum = 0;
      for (int index = 0; index < size; index++) sum += a[row * size + index] * b[index * size + column];
      product[row * size + column] = sum;
    }
  }
  for (int index = 0; index < size * size; index += 7) crc = crc16(crc, (uint32_t)product[index]);
  return crc;
}

static uint16_t numbers(const char *text, uint32_t seed, uint16_t crc) {
  uint32_t counts[4] = {0, 0, 0, 0}, state = 0;
  uint64_t value = seed;
  for (; *text; text++) {
    switch (state) {
      case 0: state = *text >= '0' && *text <= '9' ? 1 : *text == '-' || *text == '+' ? 2 : 0; break;
      case 1: state = *text == '.' ? 3 : *text >= '0' && *text <= '9' ? 1 : 0; break;
      case 2: state = *text >= '0' && *text <= '9' ? 1 : 0; break;
      default: state = *text >= '0' && *text <= '9' ? 3 : 0; break;
    }
    counts[state]++;
    if (state) value = value * 10 + (uint64_t)(*text & 0xF);
  }
  for (int index = 0; index < 4; index++) crc = crc16(crc, counts[index]);
  return crc16(crc, (uint32_t)value ^ (uint32_t)(value >> 32));
}

uint32_t program(uint32_t rounds, uint32_t *memory) {
  uint16_t crc = 0;
  for (uint32_t round = 0; round < rounds; round++) {
    crc = lists((node *)memory, round + crc, crc);
    crc = matrices((int16_t *)memory, (int16_t *)(memory + 64), (int32_t *)(memory + 128), round, crc);
    crc = numbers("12 -5 +37.25 x 0.125 -- 99e7 +4 8. 1024 abc -0.5 3.14159 ++1 65536 .5", round, crc);
  }
  return crc;
}
