@ Enters Stop mode at once, and nothing ever wakes it (RM0090, 5.3.4).
  .include "vectors.s"

  .equ SCR, 0xE000ED10

start:
  ldr r0, =SCR
  movs r1, #4                     @ SLEEPDEEP
  str r1, [r0]
forever:
  wfi
  b forever
