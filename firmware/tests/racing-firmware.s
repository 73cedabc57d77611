@ Sets up a clock and wait states as its last words say, which need not go together, and goes on in flash or in RAM.
@
@ Tests/IntegrationTests/Session/RacingFirmware.swift puts the settings of a test there.
  .include "vectors.s"

  .equ RCC, 0x40023800            @ CR, PLLCFGR, CFGR
  .equ FLASH, 0x40023C00          @ ACR
  .equ RAM_CODE, 0x20000400
  .equ COUNTER, 0x20000800

start:
  ldr r0, =RCC
  adr r7, settings
  ldr r1, =FLASH
  ldr r2, [r7]                    @ ACR
  str r2, [r1]
  ldr r1, [r0]
  ldr r2, [r7, #4]                @ the oscillator's bit, and the one that tells that it is ready
  ldr r3, [r7, #8]
  orr r1, r1, r2
  str r1, [r0]
oscillating:
  ldr r1, [r0]
  and r1, r1, r3
  cmp r1, r3
  bne oscillating
  ldr r2, [r7, #12]               @ PLLCFGR
  str r2, [r0, #4]
  ldr r1, [r0]
  orr r1, r1, #0x01000000         @ PLLON
  str r1, [r0]
locking:
  ldr r1, [r0]
  tst r1, #0x02000000             @ PLLRDY
  beq locking
  ldr r2, [r7, #16]               @ CFGR
  ldr r5, =COUNTER
  movs r4, #0
  ldr r3, [r7, #20]               @ whether to go on in RAM
  cmp r3, #0
  beq racing
  ldr r1, =RAM_CODE
  adr r3, racing
  ldmia r3, {r6, r8, r9, r10}
  stmia r1, {r6, r8, r9, r10}
  add r1, r1, #1
  dsb
  isb
  bx r1
  .align 2
racing:
  str r2, [r0, #8]
counting:
  adds r4, #1
  str r4, [r5]
  b counting
  .align 2
  .ltorg
  .align 2
settings:
  .word 0, 0, 0, 0, 0, 0
