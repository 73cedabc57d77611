// A firmware that speaks through the ITM: text through port 0 a byte at a time, numbers through port 1 in 8, 16 and 32 bits.
// It looks whether a debugger has switched the ports on, as CMSIS does, and sets nothing of that up itself. With BY_PLL it goes
// to 84 MHz from the crystal, or the clock at its pin, after its first line. It runs on every STM32F2 and STM32F4.
// Written for the tests of stflash.

#include <stdint.h>

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define ITM_PORT8(n) (*(volatile uint8_t *)(0xE0000000u + 4u * (n)))
#define ITM_PORT16(n) (*(volatile uint16_t *)(0xE0000000u + 4u * (n)))
#define ITM_PORT32(n) REGISTER(0xE0000000u + 4u * (n))
#define ITM_TER REGISTER(0xE0000E00u)
#define ITM_TCR REGISTER(0xE0000E80u)
#define SYST_CSR REGISTER(0xE000E010u)
#define SYST_RVR REGISTER(0xE000E014u)
#define SYST_CVR REGISTER(0xE000E018u)
#define RCC_CR REGISTER(0x40023800u)
#define RCC_PLLCFGR REGISTER(0x40023804u)
#define RCC_CFGR REGISTER(0x40023808u)
#define FLASH_ACR REGISTER(0x40023C00u)

#define TICKS_PER_BEAT 10u

extern uint32_t _stack_top, _data_load, _data_begin, _data_end, _bss_begin, _bss_end;

static volatile uint32_t ticks;
volatile uint32_t beats;
volatile uint32_t sum;

void SysTick_Handler(void) { ticks += 1u; }

static int is_open(uint32_t port) { return (ITM_TCR & 1u) != 0u && (ITM_TER & 1u << port) != 0u; }

static void wait_for_room(uint32_t port) {
  while (ITM_PORT32(port) == 0u) {
  }
}

static void say(const char *text) {
  for (; *text != 0; text += 1) {
    if (!is_open(0u)) return;
    wait_for_room(0u);
    ITM_PORT8(0u) = (uint8_t)*text;
  }
}

static void say_number(uint32_t number) {
  char digits[11];
  char *first = digits + sizeof digits - 1;
  *first = 0;
  do {
    *--first = (char)('0' + number % 10u);
    number /= 10u;
  } while (number != 0u);
  say(first);
}

static void send_numbers(uint32_t number) {
  if (!is_open(1u)) return;
  wait_for_room(1u);
  ITM_PORT8(1u) = (uint8_t)number;
  wait_for_room(1u);
  ITM_PORT16(1u) = (uint16_t)(0x1200u + number);
  wait_for_room(1u);
  ITM_PORT32(1u) = 0x12345600u + number;
}

// What a profile is to find.
__attribute__((noinline)) void work(uint32_t rounds) {
  for (uint32_t round = 0; round < rounds; round += 1u) sum += round * round;
}

static uint32_t cycles_per_tick = 16000u;

#ifdef BY_PLL
static int becomes(volatile uint32_t *word, uint32_t mask, uint32_t value) {
  for (uint32_t turn = 0; turn < 100000u; turn += 1u)
    if ((*word & mask) == value) return 1;
  return 0;
}

static void go_fast(void) {
  uint32_t source = 1u << 22;
  RCC_CR |= 1u << 16;
  if (!becomes(&RCC_CR, 1u << 17, 1u << 17)) {
    RCC_CR &= ~(1u << 16);
    RCC_CR |= 1u << 18;
    RCC_CR |= 1u << 16;
    if (!becomes(&RCC_CR, 1u << 17, 1u << 17)) source = 0u;
  }
  // 8 MHz / 8 or 16 MHz / 16, times 336, by 4.
  RCC_PLLCFGR = (source != 0u ? 8u : 16u) | 336u << 6 | 1u << 16 | source | 7u << 24;
  RCC_CR |= 1u << 24;
  FLASH_ACR = 0x705u;
  if (!becomes(&RCC_CR, 1u << 25, 1u << 25)) return;
  RCC_CFGR = 0x9402u;
  if (becomes(&RCC_CFGR, 0xCu, 0x8u)) cycles_per_tick = 84000u;
}
#endif

__attribute__((noinline)) int main(void) {
  say("hello over SWO\n");
#ifdef BY_PLL
  // The last character has left at 2 Mbaud.
  work(200u);
  go_fast();
#endif
  SYST_RVR = cycles_per_tick - 1u;
  SYST_CVR = 0u;
  SYST_CSR = 7u;
  for (;;) {
    while (ticks < TICKS_PER_BEAT) work(20u);
    ticks = 0u;
    beats += 1u;
    say("beat ");
    say_number(beats);
    say("\n");
    send_numbers(beats & 0xFFu);
  }
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
