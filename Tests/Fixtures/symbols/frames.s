// Call frame information that compilers seldom write, for the tests of stflash; it is never run.
  .syntax unified
  .cpu cortex-m4
  .thumb
  .cfi_sections .debug_frame

  // The frame address is the word at SP + 8, R4 is at frame address - 8, R5 is the frame address + 4.
  .global escaped
  .type escaped, %function
escaped:
  .cfi_startproc
  .cfi_remember_state
  nop
  .cfi_escape 0x0F, 3, 0x7D, 8, 0x06
  .cfi_escape 0x10, 4, 3, 0x38, 0x1C, 0x96
  .cfi_escape 0x16, 5, 2, 0x23, 4
  .cfi_offset lr, -4
  nop
  .cfi_restore_state
  .cfi_register lr, r6
  nop
  .cfi_undefined lr
  nop
  .cfi_same_value lr
  .cfi_escape 0x0F, 1, 0xF0
  nop
  .cfi_endproc
  .size escaped, . - escaped

  // Texts of defmt are the names of symbols in a section that takes up no memory.
  .section .defmt, "", %progbits
  .global "{\"package\":\"fixture\",\"tag\":\"defmt_info\",\"data\":\"x = {=u8}\"}"
"{\"package\":\"fixture\",\"tag\":\"defmt_info\",\"data\":\"x = {=u8}\"}":
  .byte 0
