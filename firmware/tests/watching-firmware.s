@ Takes what firmware can take of the debug unit with its first instructions, and watches it from then on.
@
@ The record in RAM at 0x20000800: 0x600DF00D when it has started, what was found changed (one bit each), how often it
@ has looked.
  .include "vectors.s"

  .equ RECORD, 0x20000800
  .equ RCC_CFGR, 0x40023808
  .equ DEMCR, 0xE000EDFC
  .equ DFSR, 0xE000ED30
  .equ DWT, 0xE0001000            @ CTRL, CYCCNT
  .equ FPB, 0xE0002000            @ CTRL at 0, COMP0 at 8
  .equ DBGMCU, 0xE0042000         @ CR at 4, APB1_FZ at 8

start:
  ldr r0, =RCC_CFGR
  movs r1, #0xC0                  @ HCLK = SYSCLK / 64: a simulator executes fewer cycles in the same time
  str r1, [r0]
  ldr r0, =DEMCR
  mov r1, #0x01000000             @ TRCENA
  str r1, [r0]
  ldr r1, =DWT
  ldr r2, [r1]
  orr r2, r2, #1                  @ CYCCNTENA
  str r2, [r1]
  ldr r2, =DBGMCU
  movs r3, #1                     @ DBG_SLEEP, DBG_TIM2_STOP
  str r3, [r2, #4]
  str r3, [r2, #8]
  ldr r3, =FPB
  ldr r4, =0x48003FF1             @ a breakpoint where no program is
  str r4, [r3, #8]
  movs r5, #3                     @ KEY, ENABLE
  str r5, [r3]
  ldr r5, =DFSR
  movs r6, #0x1F
  str r6, [r5]
  ldr r6, =RECORD
  movs r7, #0
  str r7, [r6, #4]
  str r7, [r6, #8]
  ldr r7, =0x600DF00D
  str r7, [r6]
  ldr r8, [r1, #4]
look:
  movs r9, #0
  ldr r7, [r0]
  cmp r7, #0x01000000
  it ne
  orrne r9, r9, #1
  ldr r7, [r1]
  tst r7, #1
  it eq
  orreq r9, r9, #2
  ldr r7, [r1, #4]
  cmp r7, r8
  it eq
  orreq r9, r9, #4
  mov r8, r7
  ldr r7, [r2, #4]
  cmp r7, #1
  it ne
  orrne r9, r9, #8
  ldr r7, [r2, #8]
  cmp r7, #1
  it ne
  orrne r9, r9, #16
  ldr r7, [r3]
  tst r7, #1
  it eq
  orreq r9, r9, #32
  ldr r7, [r3, #8]
  cmp r7, r4
  it ne
  orrne r9, r9, #64
  ldr r7, [r5]
  cmp r7, #0
  it ne
  orrne r9, r9, #128
  ldr r7, [r6, #4]
  orr r7, r7, r9
  str r7, [r6, #4]
  ldr r7, [r6, #8]
  add r7, r7, #1
  str r7, [r6, #8]
  b look
