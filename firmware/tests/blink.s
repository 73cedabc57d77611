@ Fades the green LED (LD1, PB0) of a NUCLEO-F207ZG, F412ZG or F429ZI up and down.
@
@ A whole firmware in one file: vector table, start-up, main loop and a brightness table that makes the image span two
@ flash sectors. Runs from the 16 MHz internal clock without any other peripheral than GPIOB and SysTick, which sit at
@ the same addresses on every STM32F2 and STM32F4. Written for the tests and the demo of stflash.

  .syntax unified
  .cpu cortex-m3
  .thumb

  .equ  RCC_AHB1ENR, 0x40023830
  .equ  GPIOB_MODER, 0x40020400
  .equ  GPIOB_BSRR,  0x40020418
  .equ  SYST_CSR,    0xE000E010

@ One step of the fade lasts 16,000 cycles: 1 ms at 16 MHz.
  .equ  CYCLES_PER_STEP, 16000
  .equ  STEPS, 8192

  .section .vectors, "a"
  .word _stack_top
  .word reset
  .rept 14
  .word halt_here
  .endr

  .section .text
  .thumb_func
  .global reset
reset:
  ldr   r0, =RCC_AHB1ENR
  ldr   r1, [r0]
  orr   r1, r1, #2                @ GPIOBEN
  str   r1, [r0]
  ldr   r0, =GPIOB_MODER
  ldr   r1, [r0]
  bic   r1, r1, #3
  orr   r1, r1, #1                @ PB0 is an output
  str   r1, [r0]
  ldr   r0, =SYST_CSR
  ldr   r1, =CYCLES_PER_STEP - 1
  str   r1, [r0, #4]              @ SYST_RVR
  movs  r1, #0
  str   r1, [r0, #8]              @ SYST_CVR
  movs  r1, #5                    @ core clock, no interrupt, enabled
  str   r1, [r0]
  ldr   r4, =GPIOB_BSRR
  ldr   r5, =brightness
  ldr   r6, =brightness + 2 * STEPS
  mov   r7, r5

step:                             @ LED on until the counter passes the step's brightness, then off until it wraps
  ldrh  r2, [r7], #2
  cmp   r7, r6
  it    eq
  moveq r7, r5
  movs  r3, #1
  str   r3, [r4]
lit:
  ldr   r1, [r0, #8]
  cmp   r1, r2
  bhi   lit
  movs  r3, #0x10000
  str   r3, [r4]
dark:
  ldr   r1, [r0]
  tst   r1, #0x10000              @ COUNTFLAG
  beq   dark
  b     step

  .thumb_func
halt_here:
  b     halt_here
  .ltorg

  .section .rodata
  .balign 4
brightness:                       @ a parabola: the cycle of each step at which the LED goes dark
  .set  index, 0
  .rept STEPS
  .hword CYCLES_PER_STEP - 1 - (index * (STEPS - index)) / 1049
  .set  index, index + 1
  .endr
  .asciz "stflash demo: blink"
