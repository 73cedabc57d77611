@ The flash loader of stflash: erases, programs, checks and sums flash from SRAM, driven by a ring of commands.
@
@ The host writes this code to the start of a block of SRAM, a parameter block right behind it, and uses the rest as the
@ ring. It then keeps the ring filled while the loader works it off, so that the flash controller never waits for the
@ link: while a sector is being erased (up to a second) the ring fills with the data that come next.
@
@ Runs on every Cortex-M3 and M4, position independent, without a stack, with interrupts masked by PRIMASK. It does not
@ touch PRIMASK's neighbours, the clock tree, or any peripheral but the flash interface, the CRC unit (clocked by the
@ host) and the IWDG's key register, which it refreshes: a write there does nothing while the IWDG is stopped.
@
@ Entry:  r0 = parameter block. Thread mode, privileged, T bit set. The flash interface is unlocked by the host.
@ Exit:   BKPT 0 after an end command or the first error; the parameter block tells which.
@
@ Parameter block (words):
@   +0   write    address behind the last ring word that the host has filled           host writes
@   +4   read     address of the first ring word that the loader has not consumed      loader writes
@   +8   status   0 running, 1 ended as told, 2 flash error, 3 unknown command         loader writes
@   +12  sr       FLASH_SR as it was at the error                                      loader writes
@   +16  address  flash address at the error                                           loader writes
@   +20  ring     first address of the ring                                            host writes
@   +24  limit    address behind the ring                                              host writes
@   +28  result   value of the last sum or check                                       loader writes
@   +32  count    number of sums and checks done                                       loader writes
@
@ The ring is empty when read equals write; the host never fills its last free word. A command is a run of words:
@   1, value                 write value to FLASH_CR (STRT set), wait until BSY clears: sector or mass erase
@   2, address, count, cr, data...   program count words (count > 0, address a multiple of 4) in the width that PSIZE
@                            in cr names; cr has PG set
@   3, address, count        sum count words with the CRC unit into result
@   4, address, count        find the first of count words that is not erased: its address, or 0, into result
@   5                        end

  .syntax unified
  .cpu cortex-m3
  .thumb

  .equ FLASH, 0x40023C00          @ RM0090 3.9: SR at 0x0C, CR at 0x10
  .equ SR, 0x0C
  .equ CR, 0x10
  .equ SR_ERRORS, 0x1F2           @ RDERR PGSERR PGPERR PGAERR WRPERR OPERR
  .equ BUSY_HALFWORD, 0x0E        @ BSY is bit 16 of SR: bit 0 of its upper half-word
  .equ CRC, 0x40023000            @ RM0090 4.4: DR at 0, CR at 8
  .equ IWDG, 0x40003000           @ RM0090 21.4: KR at 0
  .equ IWDG_REFRESH, 0xAAAA

  .equ WRITE, 0
  .equ READ, 4
  .equ STATUS, 8
  .equ ERROR_SR, 12
  .equ ERROR_ADDRESS, 16
  .equ RING, 20
  .equ LIMIT, 24
  .equ RESULT, 28
  .equ COUNT, 32

@ Registers: r0 parameters, r1 flash interface, r2 IWDG, r3 refresh key, r4 read pointer, r5 limit of the ring,
@ r6 flash address, r7 words left; r8 CR value of a programming run; r9 return address of next_word; r10-r12 scratch.

  .text
  .thumb_func
  .global entry
entry:
  cpsid i
  ldr   r1, =FLASH
  ldr   r2, =IWDG
  movw  r3, #IWDG_REFRESH
  ldr   r4, [r0, #READ]
  ldr   r5, [r0, #LIMIT]

command:
  bl    next_word
  cmp   r10, #1
  beq   erase
  cmp   r10, #2
  beq   program
  cmp   r10, #3
  beq   sum
  cmp   r10, #4
  beq   check
  cmp   r10, #5
  ite   eq
  moveq r11, #1
  movne r11, #3
stop:
  str   r11, [r0, #STATUS]
  bkpt  #0
  b     stop

@ Takes the next word of the ring into r10, waiting until there is one.
next_word:
  str   r3, [r2]
  ldr   r11, [r0, #WRITE]
  cmp   r4, r11
  beq   next_word
  ldr   r10, [r4], #4
  cmp   r4, r5
  it    eq
  ldreq r4, [r0, #RING]
  str   r4, [r0, #READ]
  bx    lr

erase:
  bl    next_word
  mov   r6, #0
  str   r10, [r1, #CR]
erasing:
  str   r3, [r2]
  ldrh  r11, [r1, #BUSY_HALFWORD]
  lsls  r11, r11, #31
  bne   erasing
  bl    check_errors
  b     command

program:
  bl    next_word
  mov   r6, r10
  bl    next_word
  mov   r7, r10
  bl    next_word
  mov   r8, r10
  str   r8, [r1, #CR]
@ Within a run the flash interface itself keeps the order: a write while it is busy waits on the bus.
program_word:
  bl    next_word
  ubfx  r11, r8, #8, #2           @ PSIZE
  tbb   [pc, r11]
widths:
  .byte (by_byte - widths) / 2
  .byte (by_halfword - widths) / 2
  .byte (by_word - widths) / 2
  .byte (by_doubleword - widths) / 2
by_word:
  str   r10, [r6]
programmed:
  dsb
  bl    check_errors
  adds  r6, #4
  subs  r7, #1
  bne   program_word
program_end:
  str   r3, [r2]
  ldrh  r11, [r1, #BUSY_HALFWORD]
  lsls  r11, r11, #31
  bne   program_end
  subs  r6, #4
  bl    check_errors
  bic   r8, r8, #1                @ PG off between runs
  str   r8, [r1, #CR]
  b     command
by_halfword:
  strh  r10, [r6]
  dsb
  bl    check_errors
  lsrs  r10, r10, #16
  strh  r10, [r6, #2]
  b     programmed
by_byte:
  mov   r12, #0
one_byte:
  strb  r10, [r6, r12]
  dsb
  bl    check_errors
  lsrs  r10, r10, #8
  adds  r12, #1
  cmp   r12, #4
  bne   one_byte
  b     programmed
by_doubleword:                    @ two stores to one row are one operation; nothing may come between them
  mov   r12, r10
  bl    next_word
  str   r12, [r6]
  str   r10, [r6, #4]
  adds  r6, #4
  subs  r7, #1
  b     programmed

@ Stops with the address in r6 if any error bit is set. Keeps every register but r11.
check_errors:
  ldr   r11, [r1, #SR]
  tst   r11, #0xF0
  bne   failed
  tst   r11, #0x102
  bne   failed
  bx    lr
failed:
  str   r11, [r0, #ERROR_SR]
  str   r6, [r0, #ERROR_ADDRESS]
  mov   r11, #2
  b     stop

sum:
  bl    next_word
  mov   r6, r10
  bl    next_word
  mov   r7, r10
  ldr   r12, =CRC
  mov   r10, #1
  str   r10, [r12, #8]            @ CRC_CR.RESET
sum_word:
  ldr   r10, [r6], #4
  str   r10, [r12]
  subs  r7, #1
  tst   r7, #15
  it    eq
  streq r3, [r2]
  cmp   r7, #0
  bne   sum_word
  ldr   r10, [r12]
  b     report

check:
  bl    next_word
  mov   r6, r10
  bl    next_word
  mov   r7, r10
check_word:
  ldr   r10, [r6]
  adds  r11, r10, #1
  bne   not_blank
  adds  r6, #4
  str   r3, [r2]
  subs  r7, #1
  bne   check_word
  mov   r6, #0
not_blank:
  mov   r10, r6
report:
  str   r10, [r0, #RESULT]
  ldr   r10, [r0, #COUNT]
  adds  r10, #1
  str   r10, [r0, #COUNT]
  b     command

  .ltorg
