// A program to be debugged: it counts, and does what the variable `command` says, which only a debugger sets. It runs on every
// STM32F2 and STM32F4. Written for the tests of stflash.

#include <stdint.h>

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define SYST_CSR REGISTER(0xE000E010u)
#define SYST_RVR REGISTER(0xE000E014u)
#define SYST_CVR REGISTER(0xE000E018u)
#define SHPR3 REGISTER(0xE000ED20u)
#define VTOR REGISTER(0xE000ED08u)
#define SCR REGISTER(0xE000ED10u)
#define IWDG_KR REGISTER(0x40003000u)
#define IWDG_PR REGISTER(0x40003004u)
#define IWDG_RLR REGISTER(0x40003008u)

extern uint32_t _stack_top, _data_load, _data_begin, _data_end, _bss_begin, _bss_end;

volatile uint32_t command;
volatile uint32_t rounds;
volatile uint32_t ticks;
volatile uint8_t byte_value;
volatile uint16_t half_value;
volatile uint32_t word_value = 5;
volatile uint64_t long_value;
volatile uint8_t triple[4];
volatile uint32_t total;

__attribute__((section(".far"), used)) const char far_text[13] = "far from us!";
__attribute__((section(".loaded"), used)) uint32_t loaded_words[3] = {0x11223344u, 0x55667788u, 0x99AABBCCu};

void SysTick_Handler(void) { ticks += 1u; }

void SVC_Handler(void) { total += 1000u; }

__attribute__((noinline)) int add(int left, int right) { return left + right; }

__attribute__((section(".ramfunc"), noinline)) int in_ram(int value) {
  value += 3;
  value ^= 5;
  return value;
}

static uint32_t call(uint32_t operation, const void *parameter) {
  register uint32_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = parameter;
  __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

__attribute__((noinline)) void crash(void) { word_value = REGISTER(0xF0000000u); }

__attribute__((noinline)) void cause_fault(void) {
  crash();
  total += 1u;
}

__attribute__((noinline)) void lock_up(void) {
  // No vectors: the fault cannot be taken, and the fault that comes of that neither.
  VTOR = 0x60000000u;
  crash();
}

__attribute__((noinline)) void count_long(void) {
  for (uint32_t i = 0; i < 20000u; i += 1u) total += i;
  total += 1u;
}

__attribute__((noinline)) void touch_values(void) {
  byte_value += 1u;
  half_value += 1u;
  word_value += 1u;
  long_value += 0x100000001u;
  triple[1] += 1u;
  word_value = word_value;
}

__attribute__((noinline)) void choose(uint32_t value) {
  __asm__ volatile("cmp %1, #3\n ite lt\n addlt %0, %1, #1\n addge %0, %1, #2\n" : "=r"(value) : "r"(value) : "cc");
  total += value;
}

static const char file_name[] = "debuggee.txt";
static const char file_text[] = "written by the chip\n";
static char read_back[24];

__attribute__((noinline)) void use_file(void) {
  const uint32_t open_to_write[3] = {(uint32_t)file_name, 4u, sizeof file_name - 1u};
  uint32_t handle = call(0x01u, open_to_write);
  const uint32_t write[3] = {handle, (uint32_t)file_text, sizeof file_text - 1u};
  call(0x05u, write);
  call(0x02u, &handle);
  const uint32_t open_to_read[3] = {(uint32_t)file_name, 0u, sizeof file_name - 1u};
  handle = call(0x01u, open_to_read);
  const uint32_t read[3] = {handle, (uint32_t)read_back, sizeof read_back - 1u};
  total = (sizeof read_back - 1u) - call(0x06u, read);
  word_value = call(0x0Cu, &handle);
  call(0x02u, &handle);
}

__attribute__((noinline)) void obey(uint32_t what) {
  static const uint32_t exit_with_three[2] = {0x20026u, 3u};
  switch (what) {
  case 1: cause_fault(); break;
  case 2: call(0x20u, exit_with_three); break;
  case 3: __asm__ volatile("wfi"); break;
  case 4: lock_up(); break;
  case 5:
    command = 0u;
    IWDG_KR = 0x5555u;
    IWDG_PR = 0u;
    IWDG_RLR = 100u;
    IWDG_KR = 0xCCCCu;
    break;
  case 6: __asm__ volatile("bkpt 1"); break;
  case 7: __asm__ volatile("svc 0"); break;
  case 8: use_file(); break;
  case 9: call(0x04u, "said by the chip\n"); break;
  case 10:
    SCR |= 4u;
    SYST_CSR = 0u;
    __asm__ volatile("wfi");
    SCR &= ~4u;
    break;
  case 11: REGISTER(0xE000ED0Cu) = 0x05FA0004u; break;
  default: break;
  }
}

int main(void) {
  SYST_RVR = 15999u;
  SYST_CVR = 0u;
  SYST_CSR = 7u;
  for (;;) {
    rounds += 1u;
    total += (uint32_t)add(2, 3);
    total += (uint32_t)in_ram(1);
    choose(rounds);
    touch_values();
    obey(command);
    if (command == 12u) count_long();
  }
}

void Reset_Handler(void) {
  uint32_t *from = &_data_load;
  for (uint32_t *to = &_data_begin; to < &_data_end; to += 1, from += 1) *to = *from;
  for (uint32_t *to = &_bss_begin; to < &_bss_end; to += 1) *to = 0;
  main();
}

void Fault_Handler(void) {
  for (;;) {
  }
}

__attribute__((section(".vectors"), used)) void (*const vectors[16])(void) = {
    (void (*)(void))&_stack_top, Reset_Handler, Fault_Handler, Fault_Handler, Fault_Handler, Fault_Handler,
    Fault_Handler, 0, 0, 0, 0, SVC_Handler, Fault_Handler, 0, Fault_Handler, SysTick_Handler,
};
