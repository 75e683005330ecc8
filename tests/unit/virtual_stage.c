/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "therapist/scene.h"
#include "virtual_stage.h"

struct stimulus *virtual_stage_raise(struct array_layout *layout, struct stimulus_array *array,
                                     const char *script)
{
    struct thenar_error error = {0};
    struct stimulus *stimulus = NULL;
    assert_int_equal(array_layout_init(layout, STAGE_ROWS, STAGE_COLS, STAGE_PITCH_MM,
                                       STAGE_PITCH_MM, STAGE_RATE_HZ),
                     THENAR_OK);
    for (size_t i = 0; i < layout->n_taxels; i++)
        layout->sensing_mm2[i] = 0.64F * STAGE_PITCH_MM * STAGE_PITCH_MM;
    *array = (struct stimulus_array){.n_rows = STAGE_ROWS,
                                     .n_cols = STAGE_COLS,
                                     .mount = (uint8_t)MOUNT_PAD,
                                     .adc_bits = 12,
                                     .rate_hz = STAGE_RATE_HZ,
                                     .pitch_x_mm = STAGE_PITCH_MM,
                                     .pitch_y_mm = STAGE_PITCH_MM,
                                     .x_mm = layout->x_mm,
                                     .y_mm = layout->y_mm,
                                     .sensing_mm2 = layout->sensing_mm2,
                                     .exists = layout->exists};
    const struct scene_options options = {.script = "session",
                                          .script_text = script,
                                          .seed = 5,
                                          .calibrated = true,
                                          .noise_counts = NAN,
                                          .spread_pct = NAN,
                                          .hysteresis_pct = NAN,
                                          .creep_pct_decade = NAN};
    if (scene_create(&stimulus, array, &options, &error) != THENAR_OK)
        fail_msg("%s", error.text);
    struct stimulus_calibration law;
    stimulus->calibration(stimulus, &law);
    layout->sensor =
        (struct sensor_law){.unit = UNIT_COUNTS,
                            .circuit = SENSOR_TRANSIMPEDANCE,
                            .full_scale_counts = 4095,
                            .reference_ohm = (float)law.reference_ohm,
                            .calibrated = true,
                            .conductance_100kpa_us = 1e-3F * (float)law.conductance_100kpa_ns,
                            .exponent = 1e-4F * (float)law.exponent_e4};
    for (size_t i = 0; law.gain && i < layout->n_taxels; i++)
        layout->gain[i] = law.gain[i];
    return stimulus;
}
