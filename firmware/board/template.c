/* SPDX-License-Identifier: MIT */
/* A board to start from: 8 x 8 on a Pico. It is built with the others, so that it stays right.
 *
 * 1. Copy this file, rename it and `board_template`, and declare the new name in board.h.
 * 2. Add it to `boards` in firmware/core/CMakeLists.txt, and a preset like `glove16` to
 *    CMakePresets.json with the number of its taxels. (Or leave the tree alone, and give
 *    -DTHENAR_BOARD=template -DTHENAR_BOARD_FILE=/your/file.c, keeping the name.)
 * 3. Fill in what you built; docs/hardware.md has the arithmetic of each number.
 * 4. Build, flash, and run the self-test with nothing on the array: it finds open rows, shorted
 *    columns, taxels that read pressed, and hum. */
#include "board/board.h"

const struct board board_template = {
    .model = "template8",
    .mount = THENAR_MOUNT_PAD,
    .adc_bits = 12,
    .n_rows = 8,
    .n_cols = 8,
    .pitch_x_um = 20000, /* from centre to centre */
    .pitch_y_um = 20000,
    .sensing_um2 = 256000000, /* 16 x 16 mm: where electrodes and film overlap, not the pitch */
    /* All taxels exist, on the grid: no .parts. glove16.c shows the other way. */

    .rate_mhz = 200000,
    .rate_min_mhz = 10000,
    .rate_max_mhz = 1000000, /* 1 / (64 steps of 9 us + the rest) and a good margin */
    .n_adc_inputs = 1,       /* 2: columns shared by two multiplexers, see table32.c */
    .settle_ns = 2000,       /* 9 time constants of your lines; measure it with a scope */
    .step_ns =
        9000, /* one input: 3 us for (settle + 2.4 us) / 3 us, rounded up, - 1 + n_oversample */
    .n_oversample = 2,

    .front_end = THENAR_FRONT_END_TRANSIMPEDANCE,
    .zero_potential = true,
    .reference_ohm = 10000, /* feedback resistor x drive voltage / converter's reference */

    .row_check_counts = 0, /* no check resistors: no test for open rows */
    .supply_min_mv = 4400,
    .supply_max_mv = 5500,
    .wiring =
        {
            .n_row_pins = 3,
            .row_pins = {2, 3, 4},
            .n_col_pins = 3,
            .col_pins = {{7, 8, 9}},
            .adc_pins = {26},
            .row_enable_pin = 16,
            .row_check_pin = 28,
            .trigger_pin = 15,
            .led_pin = 25,
        },
};
