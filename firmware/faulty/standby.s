@ Enters Standby mode at once; only a reset or a wake-up pin ends it (RM0090, 5.3.5).
  .include "vectors.s"

  .equ RCC_APB1ENR, 0x40023840
  .equ PWR_CR, 0x40007000
  .equ SCR, 0xE000ED10

start:
  ldr r0, =RCC_APB1ENR
  ldr r1, [r0]
  orr r1, r1, #0x10000000         @ PWREN
  str r1, [r0]
  ldr r0, =PWR_CR
  movs r1, #6                     @ PDDS, CWUF
  str r1, [r0]
  ldr r0, =SCR
  movs r1, #4                     @ SLEEPDEEP
  str r1, [r0]
forever:
  wfi
  b forever
