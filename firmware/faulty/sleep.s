@ Sleeps at once, and nothing ever wakes it.
  .include "vectors.s"

start:
  cpsid i
forever:
  wfi
  b forever
