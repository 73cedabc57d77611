@ Resets the chip with its first instructions, over and over.
  .include "vectors.s"

  .equ AIRCR, 0xE000ED0C

start:
  ldr r0, =AIRCR
  ldr r1, =0x05FA0004             @ key, SYSRESETREQ
  str r1, [r0]
  dsb
forever:
  b forever
