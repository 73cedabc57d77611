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

// GPIO character devices (linux/gpio.h of Linux 5.10, "v2"), written out because older headers have them not: the same layout on
// every architecture, as that header says.
struct stflash_gpio_chip_info {
  char name[32];
  char label[32];
  unsigned int line_count;
};
struct stflash_gpio_line_attribute {
  unsigned int id;
  unsigned int padding;
  unsigned long long value;
  unsigned long long mask;
};
struct stflash_gpio_line_configuration {
  unsigned long long flags;
  unsigned int attribute_count;
  unsigned int padding[5];
  struct stflash_gpio_line_attribute attributes[10];
};
struct stflash_gpio_line_request {
  unsigned int offsets[64];
  char consumer[32];
  struct stflash_gpio_line_configuration configuration;
  unsigned int line_count;
  unsigned int event_buffer_size;
  unsigned int padding[5];
  int descriptor;
};
struct stflash_gpio_line_values {
  unsigned long long bits;
  unsigned long long mask;
};
#endif
