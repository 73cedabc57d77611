@ The beginning of every program here: stack pointer, entry, and handlers that fault again.
  .syntax unified
  .cpu cortex-m3
  .thumb
  .text
  .word 0x20001000
  .word start
  .word handler                   @ NMI
  .word handler                   @ HardFault
  .word handler, handler, handler @ MemManage, BusFault, UsageFault
  .word 0, 0, 0, 0
  .word handler, handler, 0, handler, handler @ SVCall, DebugMonitor, PendSV, SysTick

  .thumb_func
handler:
  udf #1

  .thumb_func                    @ start
