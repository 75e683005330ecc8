/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A model file's text: whatever comes in, a model that is given out can be evaluated. The checksum
 * is put right first, or nothing would ever come past it. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "technique/linear_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

static void try(const char *text, size_t n_bytes)
{
    struct linear_model *model;
    struct thenar_error error;
    enum thenar_status status = linear_model_parse(&model, text, n_bytes, "fuzz", &error);
    if ((status == THENAR_OK) != (model != NULL))
        __builtin_trap();
    if (!model)
        return;
    float features[FEATURES_MAX] = {0}, probability[MODEL_OUTPUTS_MAX], sum = 0;
    linear_model_outputs(model, features, probability);
    for (unsigned k = 0; k < model->n_outputs; k++)
        sum += probability[k];
    if (isfinite(sum) && !(fabsf(sum - 1) < 1e-3F))
        __builtin_trap();
    linear_model_destroy(model);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    try((const char *)bytes, n_bytes);
    if (n_bytes > MODEL_BYTES_MAX)
        return 0;
    char *text = malloc(n_bytes + 32);
    if (!text)
        return 0;
    memcpy(text, bytes, n_bytes);
    int n = snprintf(text + n_bytes, 32, "crc32 %08x\n",
                     (unsigned)crc32(0, (const Bytef *)bytes, (uInt)n_bytes));
    try(text, n_bytes + (size_t)n);
    free(text);
    return 0;
}
