@ The beginning of every benchmark program: calls `program` and stops at a breakpoint with its results in R0 and R1.
@ R0, R1 and SP hold the arguments and the stack when it starts.
.syntax unified
.thumb
.section .start, "ax"
.global start
.thumb_func
start:
  bl program
  bkpt #0
