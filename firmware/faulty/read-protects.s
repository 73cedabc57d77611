@ Sets read protection level 1 when it finds level 0, as products do on their first start (RM0090, 3.7.2).
  .include "vectors.s"

  .equ FLASH, 0x40023C00          @ OPTKEYR at 8, SR at 12, OPTCR at 20
  .equ AIRCR, 0xE000ED0C

start:
  ldr r0, =FLASH
  ldr r1, [r0, #20]
  ubfx r2, r1, #8, #8             @ RDP
  cmp r2, #0xAA
  bne forever
  ldr r2, =0x08192A3B
  str r2, [r0, #8]
  ldr r2, =0x4C5D6E7F
  str r2, [r0, #8]
  bic r1, r1, #0xFF00
  bic r1, r1, #3
  orr r1, r1, #0x5500             @ level 1
  str r1, [r0, #20]
  orr r1, r1, #2                  @ OPTSTRT
  str r1, [r0, #20]
  dsb
busy:
  ldr r2, [r0, #12]
  tst r2, #0x10000                @ BSY
  bne busy
  ldr r0, =AIRCR
  ldr r1, =0x05FA0004             @ the reset loads the option bytes
  str r1, [r0]
  dsb
forever:
  b forever
