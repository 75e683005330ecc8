/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One sensor through the pipeline, for load_cell.py: lines "time_s conductance_us" in, lines
 * "corrected uncorrected" out, in newtons.
 *
 *     sensor_filter RATE_HZ FULL_US G100_US EXPONENT CREEP_PCT REFERENCE_S ONSET_S LIMIT_S
 *
 * Its area is 1000 mm2, so that a kilopascal is a newton. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "pipeline.h"

enum { N_ARGUMENTS = 8, FULL_COUNTS = 65535 };

static void need(bool good, const char *what)
{
    if (good)
        return;
    (void)fprintf(stderr, "sensor_filter: %s\n", what);
    exit(EXIT_FAILURE);
}

static void describe(struct array_layout *layout, const double *a)
{
    need(array_layout_init(layout, 1, 1, 31.6228F, 31.6228F, (float)a[0]) == THENAR_OK, "a rate");
    layout->cell_mm2[0] = layout->sensing_mm2[0] = 1000.0F;
    layout->sensor = (struct sensor_law){.unit = UNIT_COUNTS,
                                         .circuit = SENSOR_TRANSIMPEDANCE,
                                         .full_scale_counts = FULL_COUNTS,
                                         .reference_ohm = (float)(1e6 / a[1]),
                                         .calibrated = true,
                                         .conductance_100kpa_us = (float)a[2],
                                         .exponent = (float)a[3],
                                         .creep = {.pct_decade = (float)a[4],
                                                   .reference_s = (float)a[5],
                                                   .onset_s = (float)a[6],
                                                   .limit_s = (float)a[7]}};
}

int main(int argc, char **argv)
{
    double a[N_ARGUMENTS], time_s, conductance_us;
    struct array_layout layout;
    struct pipeline *pipeline;
    struct thenar_error error = {0};
    need(argc == N_ARGUMENTS + 1, "eight numbers are wanted");
    for (int k = 0; k < N_ARGUMENTS; k++)
        a[k] = strtod(argv[k + 1], NULL);
    describe(&layout, a);
    struct pipeline_options options = {.gate_kpa = 0.0F};
    need(pipeline_create(&pipeline, &layout, &options, &error) == THENAR_OK, error.text);
    for (uint32_t n = 0; scanf("%lf %lf", &time_s, &conductance_us) == 2; n++) {
        float sample = (float)(conductance_us / a[1] * FULL_COUNTS), newtons;
        struct pipeline_input input = {.sequence = n, .device_s = time_s, .samples = &sample};
        struct pipeline_output output;
        pipeline_execute(pipeline, &input, &newtons, &output);
        double plain = (double)output.force_uncorrected_n;
        printf("%.6g %.6g\n", (double)newtons, isnan(plain) ? (double)newtons : plain);
    }
    pipeline_destroy(pipeline);
    array_layout_finish(&layout);
    return EXIT_SUCCESS;
}
