/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any octets as a recording of 2x2 taxels: opened, read through, rewound, without and with a rate.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "session/recording_csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

static void read_through(const char *path, double rate_hz)
{
    struct recording_csv *recording;
    struct thenar_error error;
    if (recording_csv_open(&recording, path, 4, rate_hz, &error) != THENAR_OK)
        return;
    uint64_t n_frames = 0;
    double time_s = 0, last_s = -1;
    float samples[4];
    while (recording_csv_next(recording, &time_s, samples) == THENAR_OK) {
        if (time_s < last_s)
            abort(); /* the header promises even times */
        last_s = time_s;
        n_frames++;
    }
    if (n_frames != recording_csv_info(recording)->n_frames)
        abort();
    recording_csv_close(recording);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    int fd = memfd_create("recording", MFD_CLOEXEC);
    if (fd < 0 || write(fd, bytes, n_bytes) != (ssize_t)n_bytes)
        abort();
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    read_through(path, 0);
    read_through(path, 100);
    (void)close(fd);
    return 0;
}
