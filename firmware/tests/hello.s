@ Brings up an STM32F407 as real firmware does, then says so and blinks: the simulator's peripherals at work together.
@
@ HSE and PLL to 168 MHz with 5 wait states, GPIO, USART2 at 115,200 baud from the 42 MHz APB1, SysTick every
@ millisecond, TIM2 every 100 ms, the text by DMA, and WFI in between. PD12 toggles with TIM2's interrupt. Written for
@ the tests of stflash; an STM32F4DISCOVERY runs it as it is (text at PA2, green LED).

  .syntax unified
  .cpu cortex-m4
  .thumb

  .equ  RCC, 0x40023800
  .equ  FLASH_ACR, 0x40023C00
  .equ  GPIOA, 0x40020000
  .equ  GPIOD, 0x40020C00
  .equ  USART2, 0x40004400
  .equ  TIM2, 0x40000000
  .equ  DMA1_STREAM6, 0x400260A0   @ CR, NDTR, PAR, M0AR
  .equ  SYST, 0xE000E010
  .equ  NVIC_ISER0, 0xE000E100

  .section .vectors, "a"
  .word _stack_top
  .word reset
  .rept 13
  .word halt_here
  .endr
  .word systick                    @ 15
  .rept 28
  .word halt_here
  .endr
  .word tim2                       @ 16 + 28

  .section .rodata
greeting:
  .ascii "hello from 168 MHz\r\n"

  .section .text
  .thumb_func
  .global reset
reset:
  ldr   r0, =0x20000000            @ where SysTick counts
  movs  r1, #0
  str   r1, [r0]
  ldr   r0, =RCC
  ldr   r1, [r0]
  orr   r1, r1, #0x10000           @ HSEON
  str   r1, [r0]
1: ldr  r1, [r0]
  tst   r1, #0x20000               @ HSERDY
  beq   1b
  ldr   r1, =0x07405408            @ HSE / 8 * 336 / 2, Q 7
  str   r1, [r0, #4]
  ldr   r1, [r0]
  orr   r1, r1, #0x1000000         @ PLLON
  str   r1, [r0]
  ldr   r2, =FLASH_ACR
  movw  r1, #0x705                 @ 5 wait states, prefetch, both caches
  str   r1, [r2]
2: ldr  r1, [r0]
  tst   r1, #0x2000000             @ PLLRDY
  beq   2b
  movw  r1, #0x9402                @ APB1 / 4, APB2 / 2, PLL
  str   r1, [r0, #8]
3: ldr  r1, [r0, #8]
  and   r1, r1, #0xC
  cmp   r1, #8                     @ SWS
  bne   3b

  ldr   r1, =0x00300009            @ CCMDATARAMEN, DMA1EN, GPIODEN, GPIOAEN
  str   r1, [r0, #0x30]
  ldr   r1, =0x00020001            @ USART2EN, TIM2EN
  str   r1, [r0, #0x40]

  ldr   r2, =GPIOD
  ldr   r1, =0x01000000            @ PD12 is an output
  str   r1, [r2]
  ldr   r2, =GPIOA
  ldr   r1, [r2]
  orr   r1, r1, #0x20              @ PA2 is an alternate function
  str   r1, [r2]
  movw  r1, #0x700
  str   r1, [r2, #0x20]            @ AF7

  ldr   r2, =USART2
  movw  r1, #365                   @ 42 MHz / 115,200
  str   r1, [r2, #8]
  movw  r1, #0x80                  @ DMAT
  str   r1, [r2, #0x14]
  movw  r1, #0x2008                @ UE, TE
  str   r1, [r2, #0xC]

  ldr   r2, =DMA1_STREAM6
  movs  r1, #20                    @ the length of the greeting
  str   r1, [r2, #4]
  ldr   r1, =USART2 + 4
  str   r1, [r2, #8]
  ldr   r1, =greeting
  str   r1, [r2, #0xC]
  ldr   r1, =0x08000441            @ channel 4, MINC, memory to peripheral, EN
  str   r1, [r2]

  ldr   r2, =TIM2
  movw  r1, #8399                  @ 84 MHz / 8400 = 10 kHz
  str   r1, [r2, #0x28]
  movw  r1, #999                   @ 100 ms
  str   r1, [r2, #0x2C]
  movs  r1, #1
  str   r1, [r2, #0x14]            @ UG takes the prescaler over
  movs  r1, #0
  str   r1, [r2, #0x10]
  movs  r1, #1
  str   r1, [r2, #0xC]             @ UIE
  str   r1, [r2]                   @ CEN
  ldr   r2, =NVIC_ISER0
  ldr   r1, =1 << 28
  str   r1, [r2]

  ldr   r2, =SYST
  ldr   r1, =168000 - 1
  str   r1, [r2, #4]
  movs  r1, #0
  str   r1, [r2, #8]
  movs  r1, #7
  str   r1, [r2]

sleep:
  wfi
  b     sleep

  .thumb_func
systick:                           @ counts milliseconds at the bottom of the RAM
  ldr   r0, =0x20000000
  ldr   r1, [r0]
  adds  r1, #1
  str   r1, [r0]
  bx    lr

  .thumb_func
tim2:                              @ toggles PD12 and says so by the data register
  ldr   r0, =TIM2
  movs  r1, #0
  str   r1, [r0, #0x10]
  ldr   r0, =GPIOD
  ldr   r1, [r0, #0x14]
  eor   r1, r1, #0x1000
  str   r1, [r0, #0x14]
  ldr   r0, =USART2
  movs  r1, #'.'
  str   r1, [r0, #4]
  bx    lr

  .thumb_func
halt_here:
  b     halt_here
  .ltorg
