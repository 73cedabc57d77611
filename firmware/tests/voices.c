// An example of a program with four voices: semihosting, RTT, the ITM and USART2 (the COM port of a Nucleo-64). What it does
// stands in its command line, which semihosting tells: "say exit 3" says hello by all four and ends with 3. Without one, or
// without a debugger, it says hello and then ticks for ever by the three voices that need no debugger. It runs on every
// STM32F2 and STM32F4, from the 16 MHz internal clock.
// Written for the tests of stflash.

#include <stdint.h>

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define DHCSR REGISTER(0xE000EDF0u)
#define AIRCR REGISTER(0xE000ED0Cu)
#define SYST_CSR REGISTER(0xE000E010u)
#define SYST_RVR REGISTER(0xE000E014u)
#define SYST_CVR REGISTER(0xE000E018u)
#define ITM_STIM(port) REGISTER(0xE0000000u + 4u * (port))
#define ITM_TER REGISTER(0xE0000E00u)
#define ITM_TCR REGISTER(0xE0000E80u)
#define RCC_AHB1ENR REGISTER(0x40023830u)
#define RCC_APB1ENR REGISTER(0x40023840u)
#define GPIOA_MODER REGISTER(0x40020000u)
#define GPIOA_AFRL REGISTER(0x40020020u)
#define USART2_SR REGISTER(0x40004400u)
#define USART2_DR REGISTER(0x40004404u)
#define USART2_BRR REGISTER(0x40004408u)
#define USART2_CR1 REGISTER(0x4000440Cu)
#define IWDG_KR REGISTER(0x40003000u)
#define IWDG_RLR REGISTER(0x40003008u)

extern uint32_t _stack_top, _data_load, _data_begin, _data_end, _bss_begin, _bss_end;

static uint32_t length(const char *text) {
  uint32_t count = 0;
  while (text[count]) count += 1;
  return count;
}

// ---- Semihosting: the operation in r0, its parameter in r1.

__attribute__((noinline)) static uint32_t call(uint32_t operation, const volatile void *parameter) {
  register uint32_t r0 __asm__("r0") = operation;
  register const volatile void *r1 __asm__("r1") = parameter;
  __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

static void say_by_host(const char *text) { call(0x04, text); }

static uint32_t open_file(const char *name, uint32_t mode) {
  const uint32_t block[3] = {(uint32_t)name, mode, length(name)};
  return call(0x01, block);
}

static uint32_t move(uint32_t operation, uint32_t handle, const void *bytes, uint32_t count) {
  const uint32_t block[3] = {handle, (uint32_t)bytes, count};
  return call(operation, block);
}

static uint32_t on_handle(uint32_t operation, uint32_t handle) {
  const uint32_t block[1] = {handle};
  return call(operation, block);
}

// ---- RTT: the control block as SEGGER lays it out.

struct ring {
  const char *name;
  uint8_t *buffer;
  uint32_t size;
  volatile uint32_t write;
  volatile uint32_t read;
  volatile uint32_t flags;
};

struct control_block {
  volatile char id[16];
  uint32_t up_count, down_count;
  struct ring up[2];
  struct ring down[1];
};

struct control_block _SEGGER_RTT;
static uint8_t up_bytes[256], binary_bytes[4096], down_bytes[32];

static void begin_rtt(void) {
  _SEGGER_RTT.up_count = 2;
  _SEGGER_RTT.down_count = 1;
  _SEGGER_RTT.up[0] = (struct ring){"Terminal", up_bytes, sizeof up_bytes, 0, 0, 0};
  _SEGGER_RTT.up[1] = (struct ring){"binary", binary_bytes, sizeof binary_bytes, 0, 0, 0};
  _SEGGER_RTT.down[0] = (struct ring){"Terminal", down_bytes, sizeof down_bytes, 0, 0, 0};
  __asm__ volatile("dmb" ::: "memory");
  // The id comes last, and is in no constant that a search of the flash would take for a block.
  static const char backwards[] = "TTR REGGES";
  for (int index = 0; index < 10; index += 1) _SEGGER_RTT.id[index] = backwards[9 - index];
}

static void write_ring(struct ring *ring, const char *bytes, uint32_t count) {
  uint32_t room = ring->size - 1u - (ring->write - ring->read + ring->size) % ring->size;
  if (ring->flags % 4u == 0u && room < count) return;
  for (uint32_t index = 0; index < count; index += 1) {
    uint32_t next = (ring->write + 1u) % ring->size;
    while (next == ring->read) {
    }
    ring->buffer[ring->write] = (uint8_t)bytes[index];
    __asm__ volatile("dmb" ::: "memory");
    ring->write = next;
  }
}

static int read_ring(struct ring *ring) {
  if (ring->read == ring->write) return -1;
  int byte = ring->buffer[ring->read];
  ring->read = (ring->read + 1u) % ring->size;
  return byte;
}

static void say_by_rtt(const char *text) { write_ring(&_SEGGER_RTT.up[0], text, length(text)); }

// ---- ITM: a byte at a time at port 0, where somebody listens.

static void say_by_itm(const char *text) {
  if ((ITM_TCR & 1u) == 0u || (ITM_TER & 1u) == 0u) return;
  for (; *text; text += 1) {
    while ((ITM_STIM(0) & 1u) == 0u) {
    }
    *(volatile uint8_t *)&ITM_STIM(0) = (uint8_t)*text;
  }
}

// ---- USART2 at PA2 and PA3, 115200 8N1.

static void begin_serial(void) {
  RCC_AHB1ENR |= 1u;
  RCC_APB1ENR |= 1u << 17;
  (void)RCC_APB1ENR;
  GPIOA_MODER = (GPIOA_MODER & ~0xF0u) | 0xA0u;
  GPIOA_AFRL = (GPIOA_AFRL & ~0xFF00u) | 0x7700u;
  USART2_BRR = 139u;
  USART2_CR1 = 0x200Cu;
}

static void say_by_serial(const char *text) {
  for (; *text; text += 1) {
    while ((USART2_SR & 0x80u) == 0u) {
    }
    USART2_DR = (uint8_t)*text;
  }
  while ((USART2_SR & 0x40u) == 0u) {
  }
}

// ---- What the command line asks for.

static char line[128];
static const char *rest;

static int next_word(char *word, uint32_t size) {
  while (*rest == ' ' || *rest == ',') rest += 1;
  uint32_t count = 0;
  while (*rest && *rest != ' ' && *rest != ',') {
    if (count + 1u < size) word[count++] = *rest;
    rest += 1;
  }
  word[count] = 0;
  return count > 0u;
}

static uint32_t next_number(void) {
  char word[12];
  uint32_t value = 0;
  next_word(word, sizeof word);
  for (const char *digit = word; *digit; digit += 1) value = value * 10u + (uint32_t)(*digit - '0');
  return value;
}

static int is(const char *word, const char *other) {
  while (*word && *word == *other) word += 1, other += 1;
  return *word == *other;
}

static char *number_text(char *place, uint32_t value) {
  char digits[10];
  uint32_t count = 0;
  do digits[count++] = (char)('0' + value % 10u);
  while ((value /= 10u) != 0u);
  while (count > 0u) *place++ = digits[--count];
  *place = 0;
  return place;
}

static void numbered(char *place, const char *text, uint32_t value) {
  while (*text) *place++ = *text++;
  place = number_text(place, value);
  *place++ = '\n';
  *place = 0;
}

static void say_by_three(const char *text) {
  say_by_rtt(text);
  say_by_itm(text);
  say_by_serial(text);
}

__attribute__((noinline)) static uint32_t load_from(const volatile uint32_t *place) { return *place; }

__attribute__((noinline)) static uint32_t fault_in_here(uint32_t value) { return load_from((const uint32_t *)0x60000000u) + value; }

static void use_files(void) {
  char buffer[16];
  uint32_t file = open_file("out.txt", 4);
  if (file == ~0u) {
    say_by_host("no file\n");
    return;
  }
  move(0x05, file, "twelve bytes", 12);
  on_handle(0x02, file);
  file = open_file("out.txt", 0);
  numbered(buffer, "length ", on_handle(0x0C, file));
  say_by_host(buffer);
  const uint32_t seek[2] = {file, 7};
  call(0x0A, seek);
  uint32_t left = move(0x06, file, buffer, 8);
  buffer[8 - left] = 0;
  say_by_host(buffer);
  say_by_host("\n");
  on_handle(0x02, file);
}

static void echo_input(void) {
  char buffer[32];
  uint32_t input = open_file(":tt", 0);
  uint32_t left = move(0x06, input, buffer, sizeof buffer - 1u);
  buffer[sizeof buffer - 1u - left] = 0;
  say_by_host(left == sizeof buffer - 1u ? "end of input\n" : buffer);
}

static void echo_rtt(void) {
  char text[2] = {0, 0};
  do {
    int byte;
    while ((byte = read_ring(&_SEGGER_RTT.down[0])) < 0) {
    }
    text[0] = (char)byte;
    say_by_rtt(text);
  } while (text[0] != '\n');
}

static void obey(const char *word) {
  char text[40];
  if (is(word, "say")) {
    say_by_host("hello by semihosting\n");
    say_by_rtt("hello by RTT\n");
    say_by_itm("hello by ITM\n");
    say_by_serial("hello by USART2\n");
  } else if (is(word, "exit")) {
    const uint32_t block[2] = {0x20026u, next_number()};
    call(0x20, block);
  } else if (is(word, "done")) {
    call(0x18, (void *)0x20026);
  } else if (is(word, "abort")) {
    call(0x18, (void *)0x20023);
  } else if (is(word, "fault")) {
    fault_in_here(1);
  } else if (is(word, "undefined")) {
    __asm__ volatile("udf #0");
  } else if (is(word, "lockup")) {
    __asm__ volatile("msr msp, %0\n\tudf #0" ::"r"(0x60000100u));
  } else if (is(word, "break")) {
    __asm__ volatile("bkpt 0");
  } else if (is(word, "reset")) {
    AIRCR = 0x05FA0004u;
  } else if (is(word, "watchdog")) {
    IWDG_KR = 0x5555u;
    IWDG_RLR = 20u;
    IWDG_KR = 0xCCCCu;
  } else if (is(word, "wait")) {
    for (;;) __asm__ volatile("wfi");
  } else if (is(word, "files")) {
    use_files();
  } else if (is(word, "input")) {
    echo_input();
  } else if (is(word, "rttecho")) {
    echo_rtt();
  } else if (is(word, "listen")) {
    // A host that wants to lose nothing says so.
    while (_SEGGER_RTT.up[0].flags % 4u == 0u) {
    }
  } else if (is(word, "count")) {
    uint32_t count = next_number();
    for (uint32_t index = 0; index < count; index += 1) {
      numbered(text, "RTT line ", index);
      say_by_rtt(text);
    }
  } else if (is(word, "flood")) {
    // So many KiB on the channel for what is no text.
    for (uint32_t left = next_number() * 16u; left > 0u; left -= 1u)
      write_ring(&_SEGGER_RTT.up[1], "0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789ABCDEF", 64);
  } else if (is(word, "calls")) {
    for (uint32_t left = next_number(); left > 0u; left -= 1u) call(0x10, 0);
  } else if (is(word, "strange")) {
    numbered(text, "answer to 0x50: ", call(0x50, 0) + 2u);
    say_by_host(text);
    say_by_host((const char *)0x60000000u);
    numbered(text, "errno ", call(0x13, 0));
    say_by_host(text);
  }
}

static volatile uint32_t ticks;

void SysTick_Handler(void) { ticks += 1; }

// A tick every 10 ms, asleep in between.
static void tick_for_ever(void) {
  char text[24];
  SYST_RVR = 160000u - 1u;
  SYST_CVR = 0u;
  SYST_CSR = 7u;
  for (uint32_t told = 0;;) {
    __asm__ volatile("wfi");
    if (told == ticks) continue;
    told = ticks;
    numbered(text, "tick ", told);
    say_by_three(text);
  }
}

__attribute__((noinline)) int main(void) {
  char word[16];
  begin_rtt();
  begin_serial();
  rest = line;
  if (DHCSR & 1u) {
    const uint32_t block[2] = {(uint32_t)line, sizeof line};
    if (call(0x15, block) != 0u) line[0] = 0;
  }
  if (line[0] == 0) {
    say_by_three("hello\n");
    tick_for_ever();
  }
  while (next_word(word, sizeof word)) obey(word);
  for (;;) __asm__ volatile("wfi");
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

__attribute__((section(".vectors"), used)) static const Handler vectors[16] = {
    (Handler)&_stack_top, Reset_Handler,   Default_Handler, Default_Handler, Default_Handler, Default_Handler,
    Default_Handler,      Default_Handler, Default_Handler, Default_Handler, Default_Handler, Default_Handler,
    Default_Handler,      Default_Handler, Default_Handler, SysTick_Handler,
};
