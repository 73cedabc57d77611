@ Runs the independent watchdog with a time-out of 64 ms and keeps reloading it: who stops the core without freezing the
@ watchdog loses the chip to a reset (RM0090, 21.3).
  .include "vectors.s"

  .equ IWDG, 0x40003000           @ KR, PR, RLR

start:
  ldr r0, =IWDG
  movw r1, #0x5555                @ unlock PR and RLR
  str r1, [r0]
  movs r1, #0
  str r1, [r0, #4]                @ LSI / 4
  movw r1, #511
  str r1, [r0, #8]
  movw r1, #0xCCCC                @ start
  str r1, [r0]
  movw r1, #0xAAAA                @ reload
forever:
  str r1, [r0]
  b forever
