/* SPDX-License-Identifier: GPL-3.0-or-later */
/* slow_disk.c - LD_PRELOAD: a disk that takes its time, for files of sessions
 *
 * THENAR_SLOW_DISK names a file of eight octets: microseconds, little-endian int64, that each call
 * which brings a anything to the disk takes longer. It is mapped, so that whoever writes
 * into it changes the disk at once; a sleep that goes on ends when it becomes 0. */
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { SLICE_US = 10000 };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int (*real_fdatasync)(int);
static int (*real_fsync)(int);
static const volatile int64_t *delay_us;

/* dlsym gives data pointers; POSIX says that they hold functions. */
static void find(const char *name, void *function, size_t n_bytes)
{
    void *symbol = dlsym(RTLD_NEXT, name);
    memcpy(function, &symbol, n_bytes);
}

static void prepare(void)
{
    const char *path = getenv("THENAR_SLOW_DISK");
    find("fdatasync", &real_fdatasync, sizeof real_fdatasync);
    find("fsync", &real_fsync, sizeof real_fsync);
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *map = fd >= 0 ? mmap(NULL, sizeof *delay_us, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;
    if (map != MAP_FAILED)
        delay_us = map;
    if (fd >= 0)
        (void)close(fd);
}

static void dawdle(void)
{
    const struct timespec slice = {0, SLICE_US * 1000L};
    (void)pthread_once(&once, prepare);
    for (int64_t slept_us = 0; delay_us && slept_us < *delay_us; slept_us += SLICE_US)
        (void)nanosleep(&slice, NULL);
}

int fdatasync(int fd)
{
    dawdle();
    return real_fdatasync(fd);
}

int fsync(int fd)
{
    dawdle();
    return real_fsync(fd);
}
