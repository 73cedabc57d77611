// What C cannot say: an SVC out of a stack that is not aligned to 8 bytes, and the start of a thread.
  .syntax unified
  .cpu cortex-m4
  .thumb
  .cfi_sections .debug_frame

  .section .text.trap, "ax", %progbits
  .global trap
  .type trap, %function
trap:
  .fnstart
  .cfi_startproc
  push {r4}
  .save {r4}
  .cfi_def_cfa_offset 4
  .cfi_offset r4, -4
  mov r4, r0
  svc #0
  adds r0, r4, #1
  pop {r4}
  .cfi_def_cfa_offset 0
  .cfi_restore r4
  bx lr
  .cfi_endproc
  .fnend
  .size trap, . - trap

// Without information for unwinding, as assembly is as a rule.
  .section .text.run_on, "ax", %progbits
  .global run_on
  .type run_on, %function
run_on:
  msr psp, r0
  movs r3, #2
  msr control, r3
  isb
  mov lr, r2
  bx r1
  .size run_on, . - run_on
