/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link_describe.h"

#include <string.h>

#include "link/hello.h"

static void describe_sensor(struct sensor_law *law, const struct thenar_hello *hello)
{
    memset(law, 0, sizeof *law);
    law->unit = UNIT_COUNTS;
    law->circuit = hello->front_end == THENAR_FRONT_END_TRANSIMPEDANCE ? SENSOR_TRANSIMPEDANCE
                                                                       : SENSOR_DIVIDER;
    law->full_scale_counts = (float)((1u << hello->adc_bits) - 1);
    law->reference_ohm = (float)hello->reference_ohm;
    law->calibrated = hello->calibration == THENAR_CALIBRATION_FACTORY;
    law->conductance_100kpa_us = (float)hello->conductance_100kpa_ns * 1e-3f;
    law->exponent = (float)hello->exponent_e4 * 1e-4f;
    law->uncertainty_pct = (float)hello->uncertainty_e4 * 1e-2f;
}

enum thenar_status link_describe_hello(struct source_description *description,
                                       const struct thenar_hello *hello)
{
    struct array_layout *layout = &description->layout;
    array_layout_finish(layout);
    memset(description, 0, sizeof *description);
    enum thenar_status status =
        array_layout_init(layout, hello->n_rows, hello->n_cols, (float)hello->pitch_x_um * 1e-3f,
                          (float)hello->pitch_y_um * 1e-3f, (float)hello->rate_mhz * 1e-3f);
    if (status != THENAR_OK)
        return status;
    static const enum array_mount mounts[] = {[THENAR_MOUNT_PAD] = MOUNT_PAD,
                                              [THENAR_MOUNT_TORSO] = MOUNT_TORSO,
                                              [THENAR_MOUNT_MAT] = MOUNT_MAT,
                                              [THENAR_MOUNT_GLOVE] = MOUNT_GLOVE};
    layout->mount = mounts[hello->mount];
    describe_sensor(&layout->sensor, hello);
    layout->has_sneak_paths = !hello->zero_potential;
    for (size_t i = 0; i < layout->n_taxels; i++) {
        layout->exists[i] = thenar_hello_exists(hello, i);
        if (hello->sensing_um2 > 0)
            layout->sensing_mm2[i] = (float)hello->sensing_um2 * 1e-6f;
    }
    memcpy(description->model, hello->model, sizeof description->model);
    memcpy(description->serial, hello->serial, sizeof description->serial);
    memcpy(description->firmware, hello->firmware, sizeof description->firmware);
    description->tick_hz = hello->tick_hz;
    description->rate_min_hz = hello->rate_min_mhz * 1e-3;
    description->rate_max_hz = hello->rate_max_mhz * 1e-3;
    description->gate_counts = hello->gate_counts;
    description->n_aux = hello->n_aux;
    memcpy(description->aux, hello->aux, sizeof description->aux);
    description->has_hello = true;
    description->hello = *hello;
    return THENAR_OK;
}

enum thenar_status link_describe_taxels(struct source_description *description,
                                        const struct thenar_taxel_page *page)
{
    struct array_layout *layout = &description->layout;
    if ((size_t)page->first + page->n_taxels > layout->n_taxels)
        return THENAR_ERR_VALUE;
    for (size_t i = 0; i < page->n_taxels; i++) {
        const struct thenar_taxel *taxel = &page->taxels[i];
        size_t at = page->first + i;
        layout->x_mm[at] = (float)taxel->x_um * 1e-3f;
        layout->y_mm[at] = (float)taxel->y_um * 1e-3f;
        layout->gain[at] = (float)taxel->gain_q14 / 16384;
        if (taxel->sensing_um2 > 0)
            layout->sensing_mm2[at] = (float)taxel->sensing_um2 * 1e-6f;
    }
    return THENAR_OK;
}
