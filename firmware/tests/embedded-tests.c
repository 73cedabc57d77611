// Tests as the Rust crate embedded-test puts them into a program: a list in a section that is not loaded, each test a symbol
// whose name is a JSON object, and a program that runs the one that semihosting's command line names by its address.
// Written for the tests of stflash.

#include <stdint.h>

extern uint32_t _stack_top, _data_load, _data_begin, _data_end, _bss_begin, _bss_end;

__attribute__((noinline)) static uint32_t call(uint32_t operation, const volatile void *parameter) {
  register uint32_t r0 __asm__("r0") = operation;
  register const volatile void *r1 __asm__("r1") = parameter;
  __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

static void leave(uint32_t code) {
  const uint32_t block[2] = {0x20026u, code};
  call(0x20, block);
  for (;;) {
  }
}

void passes(void) {
  call(0x04, "a test says something\n");
  leave(0);
}

void fails(void) { leave(134); }

void panics_as_it_should(void) { leave(134); }

void panics_in_vain(void) { leave(0); }

void faults(void) {
  *(volatile uint32_t *)0x60000000u;
  leave(0);
}

void hangs(void) {
  for (;;) __asm__ volatile("wfi");
}

void is_left_out(void) { leave(1); }

#define TEST(number, function, facts)                                                                              \
  __asm__(".section .embedded_test.tests,\"\",%progbits\n"                                                         \
          ".global \"{\\\"disambiguator\\\":" #number ",\\\"name\\\":\\\"" #function "\\\"," facts "}\"\n"          \
          ".type \"{\\\"disambiguator\\\":" #number ",\\\"name\\\":\\\"" #function "\\\"," facts "}\",%object\n"    \
          "\"{\\\"disambiguator\\\":" #number ",\\\"name\\\":\\\"" #function "\\\"," facts "}\":\n"                 \
          ".word " #function ", module_path, 11\n.text\n")

__attribute__((used)) const char module_path[] = "ours::tests";

TEST(1, passes, "\\\"ignored\\\":false,\\\"should_panic\\\":false");
TEST(2, fails, "\\\"ignored\\\":false,\\\"should_panic\\\":false");
TEST(3, panics_as_it_should, "\\\"ignored\\\":false,\\\"should_panic\\\":true");
TEST(4, panics_in_vain, "\\\"ignored\\\":false,\\\"should_panic\\\":true");
TEST(5, faults, "\\\"ignored\\\":false,\\\"should_panic\\\":true");
TEST(6, hangs, "\\\"ignored\\\":false,\\\"should_panic\\\":false,\\\"timeout\\\":1");
TEST(7, is_left_out, "\\\"ignored\\\":true,\\\"should_panic\\\":false");

__asm__(".section .embedded_test.meta,\"\",%progbits\n"
        ".global EMBEDDED_TEST_VERSION\n.type EMBEDDED_TEST_VERSION,%object\nEMBEDDED_TEST_VERSION:\n.word 1\n.text\n");

__attribute__((noinline)) int main(void) {
  static char line[64];
  const uint32_t block[2] = {(uint32_t)line, sizeof line};
  static const char word[] = "run_addr ";
  uint32_t address = 0;
  if (call(0x15, block) != 0u) leave(2);
  const char *text = line;
  for (const char *expected = word; *expected; expected += 1, text += 1)
    if (*text != *expected) leave(2);
  for (; *text; text += 1) address = address * 10u + (uint32_t)(*text - '0');
  ((void (*)(void))address)();
  leave(2);
  return 0;
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
    Default_Handler,      Default_Handler, Default_Handler, Default_Handler,
};
