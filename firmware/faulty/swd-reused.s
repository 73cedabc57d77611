@ Turns PA13 and PA14, the SWD pins, into inputs with its first instructions, as code does that writes all of
@ GPIOA_MODER without thinking of them (RM0090, 8.3.2).
  .include "vectors.s"

  .equ RCC_AHB1ENR, 0x40023830
  .equ GPIOA_MODER, 0x40020000

start:
  ldr r0, =RCC_AHB1ENR
  ldr r1, [r0]
  orr r1, r1, #1                  @ GPIOAEN
  str r1, [r0]
  ldr r0, =GPIOA_MODER
  ldr r1, [r0]
  bic r1, r1, #0x3C000000         @ MODER13 and MODER14
  str r1, [r0]
forever:
  b forever
