@ The flash loader of stflash: erases, programs, checks and sums flash from SRAM, driven by a ring of commands.
@
@ The host writes this code to the start of the SRAM, a parameter block behind it, and uses the rest as the ring. It
@ keeps the ring filled while the loader works it off, so that the flash controller never waits for the link: while a
@ sector is being erased (up to a second) the ring fills with the data that come next.
@
@ Runs on every Cortex-M3 and M4, position independent, without a stack, with interrupts masked. It touches nothing but
@ the flash interface, the CRC unit (clocked by the host), DWT_CYCCNT (read only, started by the host) and the key
@ register of the IWDG, which it refreshes at least every 30 ms: a refresh does nothing while the IWDG is stopped.
@
@ Entry:  r0 = parameter block. Thread mode, privileged, T bit set. The flash interface is unlocked by the host.
@ Exit:   the host halts the core. BKPT 0 after the first error, or some ten seconds (at 16 MHz) without a word from the
@         host; in the last case the flash interface has been locked, since nobody else may be there to do it.
@
@ Parameter block (words):
@   +0   write    address behind the last ring word that the host has filled           host writes
@   +4   ring     first address of the ring                                            host writes
@   +8   limit    address behind the ring                                              host writes
@   +12  read     address of the first ring word that the loader has not consumed      loader writes
@   +16  status   0 running, 1 flash error, 2 unknown command, 3 the host was silent   loader writes
@   +20  sr       FLASH_SR as it was at the error                                      loader writes
@   +24  address  flash address at the error, 0 for an erase                           loader writes
@   +28  count    number of commands carried out                                       loader writes
@   +32  results  256 words: command n leaves its result in word n modulo 256          loader writes
@   +1056 saved   8 words for what has no register while data are unpacked             loader writes
@ Once there are packed data, the 8 KiB behind the ring hold what was unpacked last.
@
@ The ring is empty when read equals write; the host never fills its last free word. It may move limit as long as neither read
@ nor what is between read and write comes to lie behind it. A command is a run of words:
@   1, value                      erase by writing value, which has STRT set, to FLASH_CR; result: cycles that it took
@   2, cr, address, count, data   program count words (count > 0, address a multiple of 4) in the width that PSIZE in cr
@                                 names; cr has PG set; result: cycles that it took
@   3, address, count             sum count words (count > 0) with the CRC unit; result: the sum
@   4, address, count             look for what is not erased in count words (count > 0, a multiple of 4); result: the
@                                 first address of four words that are not all erased, or 0
@   5, cr, address, count, packed count, data
@                                 like command 2, 32 bits at a time, with count words packed in so many; result: cycles
@
@ Packed data are tokens: a control bit 1 and a byte; or 0, a distance and a length, for bytes that have come before. A
@ distance is a number h, then a byte b: (h - 1) * 256 + b + 1, at most 8192. A length is a number plus 1. A number is the
@ bits behind its leading 1, with a 1 before each of them and a 0 in the end. Control bits come from words, highest bit first,
@ bytes from other words, lowest byte first; each word stands where its first bit or byte is needed. What has come before is
@ what earlier commands 5 have programmed right below the address, as far as nothing else was unpacked since.

  .syntax unified
  .cpu cortex-m3
  .thumb

  .equ FLASH, 0x40023C00          @ RM0090 3.9: SR at 0x0C, CR at 0x10
  .equ SR, 0x0C
  .equ CR, 0x10
  .equ CR_PG, 0x1
  .equ CR_STRT, 0x10000
  .equ CR_LOCK, 0x80000000
  .equ BUSY_HALFWORD, 0x0E        @ BSY is bit 16 of SR: bit 0 of its upper half-word
  .equ CRC, 0x40023000            @ RM0090 4.4: DR at 0, CR at 8
  .equ IWDG, 0x40003000           @ RM0090 21.4: KR at 0
  .equ IWDG_REFRESH, 0xAAAA
  .equ DWT, 0xE0001000            @ ARMv7-M C1.8: CYCCNT at 4
  .equ CYCCNT, 4

  .equ WRITE, 0
  .equ RING, 4
  .equ LIMIT, 8
  .equ READ, 12
  .equ STATUS, 16
  .equ ERROR_SR, 20
  .equ ERROR_ADDRESS, 24
  .equ COUNT, 28
  .equ RESULTS, 32
  .equ SAVED_CR, 1056
  .equ SAVED_CYCLES, 1060
  .equ SAVED_END, 1064
  .equ SAVED_RETURN, 1068
  .equ SAVED_SOURCE, 1072
  .equ HISTORY_BITS, 13

  .equ SILENCE, 530000            @ waits of some 300 to 400 cycles: ten seconds or more at 16 MHz

@ Registers: r0 parameters, r1 flash interface, r2 IWDG, r3 refresh key, r4 read pointer, r5 cycles at the start of an
@ operation, r6 flash address, r7 words left, r8 CR value, r9 first half of a double word, r10 the word at hand or a
@ result, r11 and r12 scratch, r13 unused, lr return address.

@ Some 300 to 400 cycles in few instructions, so that the buses are free for the debug port meanwhile: a division of all ones
@ by one takes 10 to 12 cycles. Uses r11 and r12.
.macro wait_a_little
  mov   r11, #-1
  mov   r12, #1
  .rept 32
  udiv  r11, r11, r12
  .endr
.endm

@ The cycles of the core since whenever. Uses r11.
.macro read_cycles register
  ldr   r11, =DWT
  ldr   \register, [r11, #CYCCNT]
.endm

@ Takes a number from the control bits into r8.
.macro number
  mov   r8, #1
1:
  bl    next_bit
  bcc   2f
  bl    next_bit
  adc   r8, r8, r8
  b     1b
2:
.endm

  .text
  .thumb_func
  .global entry
entry:
  cpsid i
  ldr   r1, =FLASH
  ldr   r2, =IWDG
  movw  r3, #IWDG_REFRESH
  ldr   r4, [r0, #READ]

command:
  bl    next_word
  mov   r6, #0
  cmp   r10, #1
  beq   erase
  cmp   r10, #2
  beq   program
  cmp   r10, #3
  beq   sum
  cmp   r10, #4
  beq   check
  cmp   r10, #5
  beq   unpack
  mov   r11, #2
stop:
  str   r11, [r0, #STATUS]
  bkpt  #0
  b     stop

@ The command has been carried out; r10 is its result.
done:
  ldr   r11, [r0, #COUNT]
  uxtb  r12, r11
  add   r12, r0, r12, lsl #2
  str   r10, [r12, #RESULTS]
  adds  r11, #1
  str   r11, [r0, #COUNT]
  b     command

@ Takes the next word of the ring into r10, waiting until there is one.
next_word:
  ldr   r11, [r0, #WRITE]
  cmp   r4, r11
  beq   await_word
take_word:
  ldr   r10, [r4], #4
  ldr   r11, [r0, #LIMIT]
  cmp   r4, r11
  it    eq
  ldreq r4, [r0, #RING]
  str   r4, [r0, #READ]
  bx    lr

await_word:
  ldr   r10, =SILENCE
still_no_word:
  str   r3, [r2]
  wait_a_little
  ldr   r11, [r0, #WRITE]
  cmp   r4, r11
  bne   take_word
  subs  r10, #1
  bne   still_no_word
  mov   r11, #CR_LOCK             @ waits on the bus for an operation that still runs
  str   r11, [r1, #CR]
  mov   r11, #3
  b     stop

@ Stops with the address in r6 if any error bit (8 to 1 of SR) is set. Uses r11.
check_errors:
  ldr   r11, [r1, #SR]
  ubfx  r11, r11, #1, #8
  cmp   r11, #0
  it    eq
  bxeq  lr
  ldr   r11, [r1, #SR]
  str   r11, [r0, #ERROR_SR]
  str   r6, [r0, #ERROR_ADDRESS]
  mov   r11, #1
  b     stop

erase:
  bl    next_word
  read_cycles r5
  bic   r11, r10, #CR_STRT        @ first what, then the start (RM0090 3.6.3)
  str   r11, [r1, #CR]
  str   r10, [r1, #CR]
erasing:
  str   r3, [r2]
  wait_a_little
  ldrh  r11, [r1, #BUSY_HALFWORD]
  lsls  r11, r11, #31
  bne   erasing
  bl    check_errors
  read_cycles r10
  subs  r10, r10, r5
  b     done

program:
  bl    next_word
  mov   r8, r10
  bl    next_word
  mov   r6, r10
  bl    next_word
  mov   r7, r10
  read_cycles r5
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
  tst   r7, #63
  it    eq
  streq r3, [r2]
  subs  r7, #1
  bne   program_word
programming:
  ldrh  r11, [r1, #BUSY_HALFWORD]
  lsls  r11, r11, #31
  bne   programming
  subs  r6, #4
  bl    check_errors
  bic   r8, r8, #CR_PG
  str   r8, [r1, #CR]
  read_cycles r10
  subs  r10, r10, r5
  b     done
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
  mov   r9, r10
  bl    next_word
  str   r9, [r6]
  str   r10, [r6, #4]
  adds  r6, #4
  subs  r7, #1
  b     programmed

@ Four words a turn, the odd ones first; the unit takes four cycles a word.
sum:
  bl    next_word
  mov   r6, r10
  bl    next_word
  mov   r7, r10
  ldr   r12, =CRC
  mov   r10, #1
  str   r10, [r12, #8]            @ CRC_CR.RESET
sum_odd_word:
  tst   r7, #3
  beq   sum_four_words
  ldr   r10, [r6], #4
  str   r10, [r12]
  subs  r7, #1
  b     sum_odd_word
sum_four_words:
  cbz   r7, summed
  ldmia r6!, {r8, r10, r11, lr}
  str   r8, [r12]
  str   r10, [r12]
  str   r11, [r12]
  str   lr, [r12]
  str   r3, [r2]
  subs  r7, #4
  b     sum_four_words
summed:
  bl    check_errors
  ldr   r10, [r12]
  b     done

check:
  bl    next_word
  mov   r6, r10
  bl    next_word
  mov   r7, r10
check_four_words:
  ldmia r6!, {r8, r10, r11, r12}
  and   r8, r8, r10
  and   r11, r11, r12
  and   r8, r8, r11
  str   r3, [r2]
  adds  r8, #1
  bne   not_erased
  subs  r7, #4
  bne   check_four_words
  mov   r6, #16
not_erased:
  bl    check_errors
  sub   r10, r6, #16
  b     done

@ Registers: r5 the control bits that are left, above a last 1; r7 how many bytes are left in r9; r8 a number, then how many
@ bytes are to be copied; r12 from where; lr the history, behind the
@ ring. A word is unpacked while the one before it is being programmed.
unpack:
  bl    next_word
  str   r10, [r0, #SAVED_CR]
  str   r10, [r1, #CR]
  bl    next_word
  mov   r6, r10
  bl    next_word
  add   r10, r6, r10, lsl #2
  str   r10, [r0, #SAVED_END]
  bl    next_word                 @ the packed count is for whoever reads along
  read_cycles r10
  str   r10, [r0, #SAVED_CYCLES]
  mov   r5, #0x80000000
  movs  r7, #0
next_token:
  bl    next_bit
  bcc   match
  bl    next_byte
  mov   r8, #1
  ldr   lr, [r0, #LIMIT]
  b     put_byte
match:
  number
  sub   r8, #1
  str   r8, [r0, #SAVED_SOURCE]
  bl    next_byte
  ldr   r11, [r0, #SAVED_SOURCE]
  orr   r10, r10, r11, lsl #8
  mvn   r10, r10
  add   r10, r6, r10
  str   r10, [r0, #SAVED_SOURCE]
  number
  add   r8, #1
  ldr   r12, [r0, #SAVED_SOURCE]
  ldr   lr, [r0, #LIMIT]
copy_byte:
  ubfx  r11, r12, #0, #HISTORY_BITS
  ldrb  r10, [lr, r11]
  add   r12, #1
put_byte:
  ubfx  r11, r6, #0, #HISTORY_BITS
  strb  r10, [lr, r11]
  adds  r6, #1
  tst   r6, #3
  beq   put_word
byte_put:
  subs  r8, #1
  bne   copy_byte
  b     next_token
put_word:
  subs  r6, #4
  bic   r11, r11, #3
  ldr   r10, [lr, r11]
  str   r10, [r6]
  dsb
  bl    check_errors
  str   r3, [r2]
  adds  r6, #4
  ldr   r11, [r0, #SAVED_END]
  ldr   lr, [r0, #LIMIT]
  cmp   r6, r11
  bne   byte_put
  ldr   r8, [r0, #SAVED_CR]
  ldr   r5, [r0, #SAVED_CYCLES]
  b     programming

@ Takes the next control bit into the carry. Uses r10 and r11, as all that takes words.
next_bit:
  lsls  r5, r5, #1
  it    ne
  bxne  lr
  str   lr, [r0, #SAVED_RETURN]
  bl    next_word
  ldr   lr, [r0, #SAVED_RETURN]
  cmp   r10, r10                  @ sets the carry: the last 1
  adcs  r5, r10, r10
  bx    lr

@ Takes the next byte into r10.
next_byte:
  subs  r7, #1
  bpl   take_byte
  str   lr, [r0, #SAVED_RETURN]
  bl    next_word
  ldr   lr, [r0, #SAVED_RETURN]
  mov   r9, r10
  movs  r7, #3
take_byte:
  uxtb  r10, r9
  lsr   r9, r9, #8
  bx    lr

  .ltorg
