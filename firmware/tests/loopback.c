// A USB device on OTG FS: what comes in at endpoint 1 goes out at endpoint 1 again, endpoint 2 tells the number of the frame, and
// vendor requests tell what has happened to the bus and make it happen. It runs on every STM32F2 and STM32F4 with OTG FS and an
// 8 MHz crystal or clock, by interrupts, and sleeps in between. Written for the tests of stflash, after RM0090, 34.

#include <stdint.h>

#define WORD(address) (*(volatile uint32_t *)(address))
#define RCC(offset) WORD(0x40023800u + (offset))
#define USB(offset) WORD(0x50000000u + (offset))
#define IN_CONTROL(n) USB(0x900u + 0x20u * (n))
#define IN_FLAGS(n) USB(0x908u + 0x20u * (n))
#define IN_SIZE(n) USB(0x910u + 0x20u * (n))
#define OUT_CONTROL(n) USB(0xB00u + 0x20u * (n))
#define OUT_FLAGS(n) USB(0xB08u + 0x20u * (n))
#define OUT_SIZE(n) USB(0xB10u + 0x20u * (n))
#define FIFO(n) USB(0x1000u + 0x1000u * (n))

enum { PACKET = 64 };
enum { ENABLE = 1u << 31, DISABLE = 1u << 30, DATA0 = 1u << 28, SET_NAK = 1u << 27, CLEAR_NAK = 1u << 26, STALL = 1u << 21, ACTIVE = 1u << 15 };

extern uint32_t _stack_top, _data_load, _data_begin, _data_end, _bss_begin, _bss_end;

static uint32_t packet[PACKET / 4];
static uint32_t setup[2];
// Resets, suspends, wake-ups, packets that have gone round.
static uint32_t counts[4];
static const uint8_t *answer;
static uint32_t answer_left;
static uint32_t configuration;

static const uint8_t device[18] = {18, 1, 0x00, 0x02, 0xFF, 0, 0, 64, 0x09, 0x12, 0x01, 0x00, 0x00, 0x01, 1, 2, 0, 1};
static const uint8_t configurations[39] = {9, 2, 39, 0, 1, 1, 0, 0xA0, 50, 9, 4, 0, 0, 3, 0xFF, 0, 0, 0,
                                          7, 5, 0x01, 2, 64, 0, 0, 7, 5, 0x81, 2, 64, 0, 0, 7, 5, 0x82, 3, 4, 0, 4};
static const uint8_t languages[4] = {4, 3, 0x09, 0x04};
static const uint8_t maker[16] = {16, 3, 's', 0, 't', 0, 'f', 0, 'l', 0, 'a', 0, 's', 0, 'h', 0};
static const uint8_t product[18] = {18, 3, 'L', 0, 'o', 0, 'o', 0, 'p', 0, 'b', 0, 'a', 0, 'c', 0, 'k', 0};
static uint8_t status[16];

static void send(uint32_t number, const uint8_t *bytes, uint32_t count) {
  IN_SIZE(number) = 1u << 19 | count;
  IN_CONTROL(number) |= ENABLE | CLEAR_NAK;
  for (uint32_t start = 0; start < count; start += 4u) {
    uint32_t word = 0;
    for (uint32_t index = 0; index < 4u && start + index < count; index += 1u)
      word |= (uint32_t)bytes[start + index] << (8u * index);
    FIFO(number) = word;
  }
}

static void receive(uint32_t number) {
  OUT_SIZE(number) = (number == 0u ? 1u << 29 : 0u) | 1u << 19 | PACKET;
  OUT_CONTROL(number) |= ENABLE | CLEAR_NAK;
}

static void continue_answer(void) {
  uint32_t count = answer_left < PACKET ? answer_left : PACKET;
  const uint8_t *bytes = answer;
  answer += count;
  answer_left -= count;
  send(0u, bytes, count);
}

static void give(const uint8_t *bytes, uint32_t count) {
  uint32_t asked = setup[1] >> 16;
  answer = bytes;
  answer_left = count < asked ? count : asked;
  continue_answer();
}

static void refuse(void) {
  IN_CONTROL(0) |= STALL;
  OUT_CONTROL(0) |= STALL;
}

static void configure(uint32_t value) {
  configuration = value;
  if (value == 0u) return;
  USB(0x104) = 32u << 16 | 96u;
  USB(0x108) = 16u << 16 | 128u;
  IN_CONTROL(1) = SET_NAK | DATA0 | 1u << 22 | 2u << 18 | ACTIVE | PACKET;
  IN_CONTROL(2) = SET_NAK | DATA0 | 2u << 22 | 3u << 18 | ACTIVE | 4u;
  OUT_CONTROL(1) = DATA0 | 2u << 18 | ACTIVE | PACKET;
  receive(1u);
  uint32_t frame = USB(0x808) >> 8 & 0x3FFFu;
  send(2u, (const uint8_t *)&frame, 4u);
}

static void give_descriptor(void) {
  switch (setup[0] >> 16) {
  case 0x0100: return give(device, sizeof device);
  case 0x0200: return give(configurations, sizeof configurations);
  case 0x0300: return give(languages, sizeof languages);
  case 0x0301: return give(maker, sizeof maker);
  case 0x0302: return give(product, sizeof product);
  default: return refuse();
  }
}

static void put(uint32_t index, uint32_t word) {
  for (uint32_t byte = 0; byte < 4u; byte += 1u) status[4u * index + byte] = (uint8_t)(word >> (8u * byte));
}

static void answer_setup(void) {
  uint32_t value = setup[0] >> 16, endpoint = setup[1] & 0x7Fu;
  switch (setup[0] & 0xFFFFu) {
  case 0x0680: return give_descriptor();
  case 0x0500:
    USB(0x800) = (USB(0x800) & ~0x7F0u) | value << 4;
    return give(status, 0u);
  case 0x0900:
    configure(value);
    return give(status, 0u);
  case 0x0880:
    put(0u, configuration);
    return give(status, 1u);
  case 0x0080:
  case 0x0081:
  case 0x0082:
    put(0u, 0u);
    return give(status, 2u);
  case 0x0102:
    if (setup[1] & 0x80u) IN_CONTROL(endpoint) = (IN_CONTROL(endpoint) & ~STALL) | DATA0;
    else OUT_CONTROL(endpoint) = (OUT_CONTROL(endpoint) & ~STALL) | DATA0;
    return give(status, 0u);
  case 0x0100:
  case 0x0300: return give(status, 0u);
  // Vendor requests: 1 tells the counts, 2 halts endpoint 1 IN, 3 leaves the bus for good.
  case 0x01C0:
    for (uint32_t index = 0; index < 4u; index += 1u) put(index, counts[index]);
    return give(status, sizeof status);
  case 0x0240:
    IN_CONTROL(1) |= STALL;
    return give(status, 0u);
  case 0x0340:
    USB(0x804) |= 2u;
    return;
  default: return refuse();
  }
}

static void take_received(void) {
  uint32_t word = USB(0x20), number = word & 0xFu, count = word >> 4 & 0x7FFu, kind = word >> 17 & 0xFu;
  if (kind == 6u) {
    setup[0] = FIFO(0);
    setup[1] = FIFO(0);
  } else if (kind == 2u) {
    for (uint32_t index = 0; index < (count + 3u) / 4u; index += 1u) {
      uint32_t data = FIFO(0);
      if (number == 1u) packet[index] = data;
    }
    if (number == 1u) send(1u, (const uint8_t *)packet, count);
  }
}

static void take_endpoints(void) {
  uint32_t asking = USB(0x818) & USB(0x81C);
  for (uint32_t number = 0; number < 3u; number += 1u) {
    if (asking & 1u << number) {
      uint32_t flags = IN_FLAGS(number);
      IN_FLAGS(number) = flags;
      if (flags & 1u && number == 0u && answer_left > 0u) continue_answer();
      if (flags & 1u && number == 1u) {
        counts[3] += 1u;
        receive(1u);
      }
      if (flags & 1u && number == 2u) {
        uint32_t frame = USB(0x808) >> 8 & 0x3FFFu;
        send(2u, (const uint8_t *)&frame, 4u);
      }
    }
    if (asking & 0x10000u << number) {
      uint32_t flags = OUT_FLAGS(number);
      OUT_FLAGS(number) = flags;
      if (number == 0u) receive(0u);
      if (flags & 1u << 3) answer_setup();
    }
  }
}

static void begin(void) {
  counts[0] += 1u;
  for (uint32_t number = 0; number < 3u; number += 1u) {
    IN_CONTROL(number) |= SET_NAK;
    OUT_CONTROL(number) |= SET_NAK;
  }
  USB(0x10) = 0x10u << 6 | 1u << 5 | 1u << 4;
  while (USB(0x10) & 0x30u) {
  }
  USB(0x24) = 64u;
  USB(0x28) = 32u << 16 | 64u;
  USB(0x81C) = 0x00030007u;
  USB(0x810) = 1u;
  USB(0x814) = 9u;
}

void OTG_FS_Handler(void) {
  uint32_t flags = USB(0x14);
  USB(0x14) = flags & (1u << 11 | 1u << 12 | 1u << 13 | 1u << 31);
  if (flags & 1u << 12) begin();
  if (flags & 1u << 13) receive(0u);
  if (flags & 1u << 11) counts[1] += 1u;
  if (flags & 1u << 31) counts[2] += 1u;
  while (USB(0x14) & 1u << 4) take_received();
  take_endpoints();
}

static void start_clock(void) {
  RCC(0x00) |= 1u << 16;
  while (!(RCC(0x00) & 1u << 17)) {
  }
  // 8 MHz / 8 * 192 is 192 MHz: a fourth for the system, and for USB.
  RCC(0x04) = 4u << 24 | 1u << 22 | 1u << 16 | 192u << 6 | 8u;
  RCC(0x00) |= 1u << 24;
  while (!(RCC(0x00) & 1u << 25)) {
  }
  WORD(0x40023C00u) = 1u;
  RCC(0x08) = 2u;
  while ((RCC(0x08) >> 2 & 3u) != 2u) {
  }
}

int main(void) {
  start_clock();
  RCC(0x30) |= 1u;
  WORD(0x40020000u) |= 2u << 22 | 2u << 24;
  WORD(0x40020024u) |= 10u << 12 | 10u << 16;
  RCC(0x34) |= 1u << 7;
  // Device, and how long an answer may take at this HCLK.
  USB(0x0C) = 1u << 30 | 6u << 10 | 1u << 6;
  USB(0x10) = 1u;
  while (USB(0x10) & 1u) {
  }
  // VBUS sensing stands at another bit from core 2.000 on.
  USB(0x38) = 1u << 16 | (USB(0x3C) >= 0x2000u ? 1u << 21 : 1u << 19);
  USB(0x800) = 3u;
  USB(0x18) = 1u << 4 | 1u << 11 | 1u << 12 | 1u << 13 | 1u << 18 | 1u << 19 | 1u << 31;
  USB(0x08) = 1u;
  USB(0x804) = 0u;
  WORD(0xE000E108u) = 1u << (67 - 64);
  for (;;) __asm volatile("wfi");
}

void Reset_Handler(void) {
  uint32_t *source = &_data_load;
  for (uint32_t *word = &_data_begin; word < &_data_end; word += 1) *word = *source++;
  for (uint32_t *word = &_bss_begin; word < &_bss_end; word += 1) *word = 0u;
  main();
}

void Default_Handler(void) {
  for (;;) {
  }
}

typedef void (*Handler)(void);

__attribute__((section(".vectors"), used)) static const Handler vectors[16 + 68] = {
    [0] = (Handler)&_stack_top, [1] = Reset_Handler, [2 ... 15 + 67] = Default_Handler, [16 + 67] = OTG_FS_Handler,
};
