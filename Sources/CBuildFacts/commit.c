// In C, and not in the header: a new commit compiles this file alone.
#include "build_facts.h"

#ifndef STFLASH_COMMIT
#define STFLASH_COMMIT ""
#endif

const char *stflash_commit(void) { return STFLASH_COMMIT; }
