@ Lets DMA write into the first 32 KiB of the RAM over and over, which no halt of the core stops: each time that the
@ transmitter of USART2 asks for a frame, which it never gets, stream 6 of DMA1 moves the counter of TIM2 into the next word.
  .include "vectors.s"

  .equ RCC, 0x40023800
  .equ TIM2, 0x40000000
  .equ USART2, 0x40004400
  .equ STREAM6, 0x400260A0        @ of DMA1: CR, NDTR, PAR, M0AR

start:
  ldr r0, =RCC
  mov r1, #1 << 21
  str r1, [r0, #0x30]             @ DMA1
  ldr r1, =0x00020001
  str r1, [r0, #0x40]             @ TIM2, USART2
  ldr r0, =TIM2
  movs r1, #1
  str r1, [r0]                    @ CEN
  add r2, r0, #0x24               @ CNT
  ldr r0, =STREAM6
  mov r1, #8192
  str r1, [r0, #4]
  str r2, [r0, #8]
  mov r1, #0x20000000
  str r1, [r0, #12]
  ldr r1, =0x08005501             @ channel 4, words, MINC, CIRC, from the peripheral, EN
  str r1, [r0]
  ldr r0, =USART2
  movs r1, #0x80
  str r1, [r0, #0x14]             @ DMAT
  movw r1, #0x2008
  str r1, [r0, #0xC]              @ UE, TE
forever:
  b forever
