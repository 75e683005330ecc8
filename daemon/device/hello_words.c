/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hello_words.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "link/hello.h"

enum { BODY_BYTES = 2048 };

static void put_number(FILE *out, const char *name, uint32_t value)
{
    (void)fprintf(out, "%s %" PRIu32 "\n", name, value);
}

static void put_array(FILE *out, const struct thenar_hello *hello)
{
    static const char *const mounts[] = {[THENAR_MOUNT_PAD] = "pad",
                                         [THENAR_MOUNT_TORSO] = "torso",
                                         [THENAR_MOUNT_MAT] = "mat",
                                         [THENAR_MOUNT_GLOVE] = "glove"};
    (void)fprintf(out, "model %s\nserial %s\nfirmware %s\nversion %u.%u\nmount %s\n", hello->model,
                  hello->serial, hello->firmware, hello->version_major, hello->version_minor,
                  mounts[hello->mount]);
    put_number(out, "adc_bits", hello->adc_bits);
    put_number(out, "n_rows", hello->n_rows);
    put_number(out, "n_cols", hello->n_cols);
    put_number(out, "tick_hz", hello->tick_hz);
    put_number(out, "rate_mhz", hello->rate_mhz);
    put_number(out, "rate_min_mhz", hello->rate_min_mhz);
    put_number(out, "rate_max_mhz", hello->rate_max_mhz);
    put_number(out, "pitch_x_um", hello->pitch_x_um);
    put_number(out, "pitch_y_um", hello->pitch_y_um);
    put_number(out, "sensing_um2", hello->sensing_um2);
}

static void put_front_end(FILE *out, const struct thenar_hello *hello)
{
    (void)fprintf(out, "front_end %s\n",
                  hello->front_end == THENAR_FRONT_END_TRANSIMPEDANCE ? "transimpedance"
                                                                      : "divider");
    put_number(out, "zero_potential", hello->zero_potential);
    put_number(out, "has_taxel_pages", hello->has_taxel_pages);
    put_number(out, "reference_ohm", hello->reference_ohm);
    put_number(out, "settle_ns", hello->settle_ns);
    put_number(out, "gate_counts", hello->gate_counts);
    (void)fprintf(out, "calibration %s\n",
                  hello->calibration == THENAR_CALIBRATION_FACTORY ? "factory" : "none");
    put_number(out, "conductance_100kpa_ns", hello->conductance_100kpa_ns);
    put_number(out, "exponent_e4", hello->exponent_e4);
    put_number(out, "uncertainty_e4", hello->uncertainty_e4);
    put_number(out, "calibration_days", hello->calibration_days);
    (void)fprintf(out, "calibration_reference %s\n", hello->calibration_reference);
    put_number(out, "n_aux", hello->n_aux);
}

static void put_octets(FILE *out, const struct thenar_hello *hello)
{
    uint8_t *body = malloc(BODY_BYTES);
    size_t n_body = 0;
    if (body && thenar_hello_encode(hello, body, BODY_BYTES, &n_body) == THENAR_OK) {
        (void)fputs("octets ", out);
        for (size_t i = 0; i < n_body; i++)
            (void)fprintf(out, "%02x", body[i]);
        (void)fputc('\n', out);
    }
    free(body);
}

char *hello_words(const struct thenar_hello *hello)
{
    char *text = NULL;
    size_t n_text;
    FILE *out = open_memstream(&text, &n_text);
    if (!out)
        return NULL;
    put_array(out, hello);
    put_front_end(out, hello);
    put_octets(out, hello);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}
