// Call frame information as .eh_frame, whose addresses are relative, for the tests of stflash; it is never run.
  .syntax unified
  .cpu cortex-m4
  .thumb
  .cfi_sections .eh_frame

  .global relative
  .type relative, %function
relative:
  .cfi_startproc
  push {r7, lr}
  .cfi_def_cfa_offset 8
  .cfi_offset r7, -8
  .cfi_offset lr, -4
  pop {r7, pc}
  .cfi_endproc
  .size relative, . - relative
