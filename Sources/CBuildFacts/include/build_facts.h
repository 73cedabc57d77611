/// The commit that the program was built from; empty where the build was not told (`scripts/build-release` tells).
const char *stflash_commit(void);
