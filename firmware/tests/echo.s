@ Answers each character that comes in at USART2 (PA3) by the same one at PA2, in capitals, and sleeps in between.
@
@ 115,200 baud from the internal oscillator, so that it runs on every STM32F2 and STM32F4; on a Nucleo-64 the port is the
@ probe's COM port. Written for the tests of stflash.

  .syntax unified
  .cpu cortex-m3
  .thumb

  .equ  RCC, 0x40023800
  .equ  GPIOA, 0x40020000
  .equ  USART2, 0x40004400
  .equ  NVIC_ISER1, 0xE000E104

  .section .vectors, "a"
  .word _stack_top
  .word reset
  .rept 52
  .word halt_here
  .endr
  .word usart2                     @ 16 + 38

  .section .text
  .thumb_func
  .global reset
reset:
  ldr   r0, =RCC
  movs  r1, #1
  str   r1, [r0, #0x30]            @ GPIOA
  mov   r1, #0x20000
  str   r1, [r0, #0x40]            @ USART2
  ldr   r0, =GPIOA
  ldr   r1, [r0]
  orr   r1, r1, #0xA0              @ PA2 and PA3 to
  str   r1, [r0]
  movw  r1, #0x7700                @ AF7
  str   r1, [r0, #0x20]
  ldr   r4, =USART2
  movs  r1, #139                   @ 16 MHz / 115,200
  str   r1, [r4, #8]
  movw  r1, #0x202C                @ UE, RXNEIE, TE, RE
  str   r1, [r4, #0xC]
  ldr   r0, =NVIC_ISER1
  movs  r1, #1 << 6
  str   r1, [r0]
  movs  r1, #'>'
  str   r1, [r4, #4]
sleep:
  wfi
  b     sleep

  .thumb_func
usart2:
  ldr   r4, =USART2
  ldr   r1, [r4]
  ldr   r1, [r4, #4]
  cmp   r1, #'a'
  blo   1f
  cmp   r1, #'z'
  bhi   1f
  subs  r1, r1, #32
1: str  r1, [r4, #4]
  bx    lr

  .thumb_func
halt_here:
  b     halt_here
