/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/session_disk.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* Magic numbers that linux/magic.h lacks; from the kernel's fs/smb and fs/fuse and statfs(2). */
enum { MAGIC_FUSE = 0x65735546, MAGIC_SMB2 = (int)0xFE534D42, MAGIC_CIFS = (int)0xFF534D42 };

uint64_t session_disk_free_bytes(const char *path)
{
    struct statvfs facts;
    if (statvfs(path, &facts) != 0)
        return UINT64_MAX;
    return (uint64_t)facts.f_bavail * facts.f_frsize;
}

const char *session_disk_network(const char *path)
{
    struct statfs facts;
    if (statfs(path, &facts) != 0)
        return NULL;
    switch ((int)facts.f_type) {
    case NFS_SUPER_MAGIC:
        return "NFS";
    case SMB_SUPER_MAGIC:
    case MAGIC_SMB2:
    case MAGIC_CIFS:
        return "SMB";
    case AFS_SUPER_MAGIC:
        return "AFS";
    case CEPH_SUPER_MAGIC:
        return "Ceph";
    case CODA_SUPER_MAGIC:
        return "Coda";
    case V9FS_MAGIC:
        return "9P";
    case MAGIC_FUSE:
        return "FUSE (sshfs and the like)";
    default:
        return NULL;
    }
}

enum thenar_status session_disk_reserve(int fd, uint64_t n_bytes)
{
    struct stat facts;
    struct statvfs room;
    if (fstat(fd, &facts) != 0)
        return THENAR_ERR_SPACE;
    struct rlimit limit; /* what is set aside behind the end is not measured by it; writing is */
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
        (uint64_t)facts.st_size + n_bytes > limit.rlim_cur)
        return THENAR_ERR_SPACE;
    int failure;
    do
        failure = fallocate(fd, FALLOC_FL_KEEP_SIZE, facts.st_size, (off_t)n_bytes) ? errno : 0;
    while (failure == EINTR);
    if (failure == EOPNOTSUPP || failure == ENOSYS)
        failure = fstatvfs(fd, &room) == 0 && (uint64_t)room.f_bavail * room.f_frsize < n_bytes
                      ? ENOSPC
                      : 0;
    return failure ? THENAR_ERR_SPACE : THENAR_OK;
}

void session_disk_release(const char *path)
{
    struct stat facts;
    if (stat(path, &facts) == 0)
        (void)!truncate(path, facts.st_size);
}

void session_disk_sync_name(const char *path)
{
    char folder[4096];
    if ((size_t)snprintf(folder, sizeof folder, "%s", path) >= sizeof folder)
        return;
    for (int i = 0; i < 2; i++) { /* its folder, and the one above */
        char *slash = strrchr(folder, '/');
        if (!slash || slash == folder)
            return;
        *slash = '\0';
        int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd >= 0) {
            (void)fsync(fd);
            (void)close(fd);
        }
    }
}
