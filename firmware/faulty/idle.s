@ Idles as every operating system does: the tick wakes it, it works for a moment, and sleeps again (WFI) with the clocks of
@ the debug port's access port off. The tick stays masked, so that the core goes on behind WFI without a handler.
  .include "vectors.s"

  .equ SYSTICK, 0xE000E010        @ CTRL, LOAD, VAL
  .equ ICSR, 0xE000ED04
  .equ PENDSTCLR, 1 << 25

start:
  cpsid i
  ldr r0, =SYSTICK
  ldr r1, period
  str r1, [r0, #4]
  movs r2, #0
  str r2, [r0, #8]
  movs r2, #7                     @ from the core's clock, with its interrupt
  str r2, [r0]
  ldr r5, =ICSR
  ldr r6, =PENDSTCLR
  ldr r3, work
forever:
  str r6, [r5]
  mov r4, r3
1:
  subs r4, #1
  bne 1b
  wfi
  b forever

  .pool
  .align 2
@ The last two words are the fault's: cycles of a tick less one, and rounds of work in each (about three cycles).
period:
  .word 15999
work:
  .word 27
