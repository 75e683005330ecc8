/* SPDX-License-Identifier: GPL-3.0-or-later */
/* write_log.c - LD_PRELOAD: log what a program writes into *.h5 files, for a power cut in a test
 *
 * THENAR_WRITE_LOG names the log. Each call becomes one entry: octet of kind ('w' write, 't' set
 * length, 's' sync), length of the path (uint32), path, offset (uint64), length (uint64), and for a
 * write the octets. What a disk holds after a power cut is what was written up to the last sync:
 * the test replays the log up to each 's'. */
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int log_fd = -1;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_fdatasync)(int);
static int (*real_fsync)(int);

/* dlsym gives data pointers; POSIX says that they hold functions. */
static void find(const char *name, void *function, size_t n_bytes)
{
    void *symbol = dlsym(RTLD_NEXT, name);
    memcpy(function, &symbol, n_bytes);
}

static void prepare(void)
{
    const char *path = getenv("THENAR_WRITE_LOG");
    find("pwrite", &real_pwrite, sizeof real_pwrite);
    find("ftruncate", &real_ftruncate, sizeof real_ftruncate);
    find("fdatasync", &real_fdatasync, sizeof real_fdatasync);
    find("fsync", &real_fsync, sizeof real_fsync);
    if (path)
        log_fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
}

static void enter(char kind, int fd, uint64_t offset, const void *octets, uint64_t n_octets)
{
    char link[64], path[1024];
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n_path = readlink(link, path, sizeof path);
    if (log_fd < 0 || n_path < 3 || memcmp(path + n_path - 3, ".h5", 3) != 0)
        return;
    uint32_t n = (uint32_t)n_path;
    pthread_mutex_lock(&lock);
    (void)!write(log_fd, &kind, 1);
    (void)!write(log_fd, &n, sizeof n);
    (void)!write(log_fd, path, n);
    (void)!write(log_fd, &offset, sizeof offset);
    (void)!write(log_fd, &n_octets, sizeof n_octets);
    if (octets)
        (void)!write(log_fd, octets, n_octets);
    pthread_mutex_unlock(&lock);
}

ssize_t pwrite(int fd, const void *octets, size_t n_octets, off_t offset)
{
    (void)pthread_once(&once, prepare);
    ssize_t n = real_pwrite(fd, octets, n_octets, offset);
    if (n > 0)
        enter('w', fd, (uint64_t)offset, octets, (uint64_t)n);
    return n;
}

ssize_t pwrite64(int fd, const void *octets, size_t n_octets, off_t offset)
{
    return pwrite(fd, octets, n_octets, offset);
}

int ftruncate(int fd, off_t length)
{
    (void)pthread_once(&once, prepare);
    enter('t', fd, (uint64_t)length, NULL, 0);
    return real_ftruncate(fd, length);
}

int ftruncate64(int fd, off_t length)
{
    return ftruncate(fd, length);
}

int fdatasync(int fd)
{
    (void)pthread_once(&once, prepare);
    int status = real_fdatasync(fd);
    enter('s', fd, 0, NULL, 0);
    return status;
}

int fsync(int fd)
{
    (void)pthread_once(&once, prepare);
    int status = real_fsync(fd);
    enter('s', fd, 0, NULL, 0);
    return status;
}
