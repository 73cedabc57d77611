// A firmware whose call stack has everything that a Cortex-M puts on one: a thread on the process stack that uses the
// FPU, calls that call themselves, code in RAM, an exception out of a misaligned stack, and a HardFault within its
// handler. It runs on every STM32F4. Written for the tests of stflash.

#include <stdint.h>
#include "scale.h"

#define CPACR (*(volatile uint32_t *)0xE000ED88u)
#ifdef __clang__
#define NOINLINE __attribute__((noinline))
#define IN_RAM __attribute__((section(".data.ram_function"), noinline))
#else
#define NOINLINE __attribute__((noinline, noclone))
#define IN_RAM __attribute__((section(".data.ram_function"), noinline, noclone, long_call))
#endif

extern uint32_t _stack_top, _data_load, _data_begin, _data_end, _bss_begin, _bss_end;
extern uint32_t trap(uint32_t value);
extern void run_on(uint32_t *stack, void (*thread)(void), void (*end)(void));

__attribute__((aligned(8))) uint32_t thread_stack[256];
volatile uint32_t depth = 3;
volatile float factor = 1.5f;
volatile uint32_t seen;

NOINLINE void stopped(uint32_t reason) {
  seen = reason;
  for (;;) {
  }
}

void HardFault_Handler(void) {
  stopped(seen + 1u);
}

// Nothing answers there: a bus fault, which becomes a HardFault because nobody has switched BusFault on.
NOINLINE uint32_t look_up(uint32_t number) {
  uint32_t value = *(volatile uint32_t *)(0xCCCC0000u + 4u * number);
  return value + scaled(number);
}

void SVC_Handler(void) {
  seen = look_up(seen) + 1u;
}

// In RAM, as code that runs while flash is written.
IN_RAM uint32_t from_ram(uint32_t value) {
  uint32_t result = trap(value + 1u);
  return result * 3u;
}

NOINLINE uint32_t descend(uint32_t levels) {
  volatile uint32_t local[2] = {levels, scaled(levels)};
  if (levels == 0u) return from_ram(local[1]) + 1u;
  return descend(levels - 1u) + local[0];
}

NOINLINE void thread(void) {
  factor = factor * 2.0f;
  seen = descend(depth);
  factor = factor + 1.0f;
}

void thread_end(void) {
  for (;;) {
  }
}

int main(void) {
  CPACR |= 0xFu << 20;
  run_on(thread_stack + 256, thread, thread_end);
  return 0;
}

// Never called: the linker leaves it out, and its debug information in.
void left_out(void) {
  seen = scaled(7u);
}

void Reset_Handler(void) {
  uint32_t *source = &_data_load;
  for (uint32_t *word = &_data_begin; word < &_data_end; word += 1) *word = *source++;
  for (uint32_t *word = &_bss_begin; word < &_bss_end; word += 1) *word = 0u;
  main();
  stopped(0u);
}

void Default_Handler(void) {
  for (;;) {
  }
}

void PendSV_Handler(void) __attribute__((weak, alias("Default_Handler")));
void SysTick_Handler(void) __attribute__((weak, alias("Default_Handler")));

typedef void (*Handler)(void);

__attribute__((section(".vectors"), used)) static const Handler vectors[16] = {
    (Handler)&_stack_top, Reset_Handler,   Default_Handler, HardFault_Handler, Default_Handler, Default_Handler,
    Default_Handler,      Default_Handler, Default_Handler, Default_Handler,   Default_Handler, SVC_Handler,
    Default_Handler,      Default_Handler, PendSV_Handler,  SysTick_Handler,
};
