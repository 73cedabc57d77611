// What Swift's own module of the C library leaves out.
#ifndef STFLASH_LINUX_H
#define STFLASH_LINUX_H

// unshare(2), with its flags of linux/sched.h.
int unshare(int flags);
enum { stflash_new_mounts = 0x00020000, stflash_new_user = 0x10000000 };


// pty(7), which stdlib.h declares to X/Open programs only.
int posix_openpt(int flags);
int grantpt(int descriptor);
int unlockpt(int descriptor);
char *ptsname(int descriptor);
#endif
