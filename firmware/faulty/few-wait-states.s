@ Raises HCLK to 84 MHz from the internal oscillator and leaves FLASH_ACR at 0 wait states: from the next instruction on that
@ is not in the core yet, the flash gives what it gives (RM0090, 3.5.1).
@
@ 84 MHz is within the limits of every STM32F2 and STM32F4, and so is the prescaler of APB1.
  .include "vectors.s"

  .equ RCC, 0x40023800            @ CR, PLLCFGR, CFGR

start:
  ldr r0, =RCC
  ldr r1, =0x04015410             @ M = 16, N = 336, P = 4, from HSI
  ldr r2, =0x00009402             @ PLL, APB1 / 4, APB2 / 2
  str r1, [r0, #4]
  ldr r1, [r0]
  orr r1, r1, #0x01000000         @ PLLON
  str r1, [r0]
locking:
  ldr r1, [r0]
  tst r1, #0x02000000             @ PLLRDY
  beq locking
  str r2, [r0, #8]
forever:
  b forever
