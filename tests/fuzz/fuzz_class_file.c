/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "class_file.h"
#include "class_json.h"
#include "gradebook.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes);

/* Any class is read, or refused with a sentence; what is read is written, and read again the same;
 * and its gradebook can be made. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    struct class_book book, again;
    struct rubric rubric;
    struct thenar_error error = {0};
    if (class_json_decode((const char *)data, n_bytes, "fuzz", &book, &error) != THENAR_OK) {
        if (error.text[0] == '\0')
            abort();
        return 0;
    }
    char *text = class_file_text(&book);
    if (!text || class_json_decode(text, strlen(text), "again", &again, &error) != THENAR_OK)
        abort();
    char *second = class_file_text(&again);
    if (!second || strcmp(text, second) != 0)
        abort();
    FILE *out = fopen("/dev/null", "we");
    if (!out || rubric_parse(rubric_default_text(), "built in", &rubric, &error) != THENAR_OK)
        abort();
    gradebook_write(out, &book, &rubric);
    (void)fclose(out);
    free(text);
    free(second);
    class_book_finish(&book);
    class_book_finish(&again);
    return 0;
}
