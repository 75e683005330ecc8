/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any octets as a session's manifest: what is read can be written, and reads the same again. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "session/session_manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

static char folder[] = "/tmp/thenar-fuzz-XXXXXX";
static char path[sizeof folder + sizeof SESSION_MANIFEST_NAME + 1];

static void remove_folder(void)
{
    (void)unlink(path);
    (void)rmdir(folder);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    if (path[0] == '\0') {
        if (!mkdtemp(folder) || atexit(remove_folder) != 0)
            abort();
        (void)snprintf(path, sizeof path, "%s/%s", folder, SESSION_MANIFEST_NAME);
    }
    FILE *file = fopen(path, "we");
    if (!file || fwrite(bytes, 1, n_bytes, file) != n_bytes || fclose(file) != 0)
        abort();
    struct session_manifest first, second;
    struct thenar_error error;
    if (session_manifest_read(&first, folder, &error) != THENAR_OK)
        return 0;
    if (session_manifest_write(&first, folder, &error) != THENAR_OK ||
        session_manifest_read(&second, folder, &error) != THENAR_OK)
        abort();
    if (memcmp(&first.about.id, &second.about.id, sizeof first.about.id) != 0 ||
        first.n_devices != second.n_devices)
        abort();
    session_manifest_finish(&first);
    session_manifest_finish(&second);
    return 0;
}
