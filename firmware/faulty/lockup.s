@ Faults, and faults again in the handler: the core locks up (ARMv7-M, B1.5.15).
  .include "vectors.s"

start:
  udf #0
