/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "conf_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes);

/* Any file is read or refused with its line; what was read prints, and reads back. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    struct conf config;
    struct thenar_error error = {0};
    char *text = calloc(1, n_bytes + 1);
    if (!text || conf_init(&config, &error) != THENAR_OK)
        abort();
    memcpy(text, data, n_bytes);
    /* An @include would read this machine's files: not what is tried here. */
    if (strstr(text, "@include") == NULL &&
        conf_file_parse(&config, text, "fuzz", &error) == THENAR_OK) {
        char *printed = NULL;
        size_t n_printed;
        FILE *out = open_memstream(&printed, &n_printed);
        conf_print(&config, out);
        fclose(out);
        if (conf_file_parse(&config, printed, "printed", &error) != THENAR_OK)
            abort();
        free(printed);
    } else if (strstr(text, "@include") == NULL && error.text[0] == '\0') {
        abort();
    }
    conf_finish(&config);
    free(text);
    return 0;
}
