@ Keeps clearing what a debugger sets in DBGMCU, and runs the independent watchdog: who freezes the watchdog before the
@ core is halted finds it thawed, and the chip reset. No F2 or F4 can shut its debug port more than this but by its
@ pins or its option bytes (RM0090, 38.16).
  .include "vectors.s"

  .equ IWDG, 0x40003000           @ KR, PR, RLR
  .equ DBGMCU, 0xE0042000         @ CR at 4, APB1_FZ at 8, APB2_FZ at 12

start:
  ldr r0, =IWDG
  movw r1, #0x5555                @ unlock PR and RLR
  str r1, [r0]
  movs r1, #0
  str r1, [r0, #4]                @ LSI / 4
  movw r1, #800                   @ 0.1 s
  str r1, [r0, #8]
  movw r1, #0xCCCC                @ start
  str r1, [r0]
  ldr r2, =DBGMCU
  movs r3, #0
  movw r1, #0xAAAA
forever:
  str r3, [r2, #4]
  str r3, [r2, #8]
  str r3, [r2, #12]
  str r1, [r0]                    @ reload
  b forever
