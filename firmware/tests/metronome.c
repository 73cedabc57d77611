// A firmware as a compiler makes it, for debuggers: initialised and zeroed data, an interrupt, functions that call each
// other. It beats once in ten SysTick interrupts and runs on every STM32F2 and STM32F4, from the 16 MHz internal clock.
// Written for the tests of stflash.

#include <stdint.h>

#define TICKS_PER_BEAT 10u
#define CYCLES_PER_TICK 16000u

#define SYST_CSR (*(volatile uint32_t *)0xE000E010u)
#define SYST_RVR (*(volatile uint32_t *)0xE000E014u)
#define SYST_CVR (*(volatile uint32_t *)0xE000E018u)

extern uint32_t _stack_top, _data_load, _data_begin, _data_end, _bss_begin, _bss_end;

// Not zero, so that the start-up code has something to copy.
static volatile uint32_t tempo = TICKS_PER_BEAT;
static volatile uint32_t ticks;
volatile uint32_t beats;
uint32_t accents[4];
uint32_t loud;

void SysTick_Handler(void) { ticks += 1; }

// Every fourth beat is an accent.
__attribute__((noinline)) uint32_t accent(uint32_t beat) {
  accents[beat % 4u] += 1u;
  return beat % 4u == 0u;
}

__attribute__((noinline)) void beat(void) {
  uint32_t strong = accent(beats);
  loud += strong;
  beats += 1u;
}

__attribute__((noinline)) int main(void) {
  SYST_RVR = CYCLES_PER_TICK - 1u;
  SYST_CVR = 0u;
  SYST_CSR = 7u;
  for (;;) {
    while (ticks < tempo) {
    }
    ticks = 0u;
    beat();
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
