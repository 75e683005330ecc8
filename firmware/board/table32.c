/* SPDX-License-Identifier: MIT */
/* The table pad: 32 x 32 force-sensing resistors of 12 x 12 mm, 15 mm apart, 48 x 48 cm in all.
 *
 * Each row is driven in turn; two transimpedance stages read the columns, 16 each, behind a
 * multiplexer of their own: while one stage is being converted the other one settles. */
#include "board/board.h"

const struct board board_table32 = {
    .model = "table32",
    .mount = THENAR_MOUNT_PAD,
    .adc_bits = 12,
    .n_rows = 32,
    .n_cols = 32,
    .pitch_x_um = 15000,
    .pitch_y_um = 15000,
    .sensing_um2 = 144000000,

    .rate_mhz = 200000,
    .rate_min_mhz = 10000,
    .rate_max_mhz = 230000, /* a scan takes 1024 steps and 31 pauses of 4 us: 4.2 ms */
    .n_adc_inputs = 2,
    /* The transimpedance stages are what settles slowest: 28.4 kOhm and 10 pF, with the amplifier's
     * own pole a time constant of 0.33 us by design (docs/hardware.md), not yet measured. To half a
     * step of 12 bits it takes ln(2 * 4096) = 9.0 of them: 3.0 us. */
    .settle_ns = 3000,
    /* At 200 frames a second there are 4.88 us a taxel, of which the conversion takes 2. The two
     * banks take turns, so a bank that is stepped 2.4 us after its conversion began (conversion,
     * interrupt) has 2 * 4 - 2.4 = 5.6 us until its next one. Where the row changes both banks must
     * wait: one conversion passes unused, and again there are 5.6 us. */
    .step_ns = 4000,

    .front_end = THENAR_FRONT_END_TRANSIMPEDANCE,
    .zero_potential = true,
    .reference_ohm = 2000,

    .row_check_counts = 2048,
    .supply_min_mv = 4400, /* what USB may leave at the far end of a long cable */
    .supply_max_mv = 5500,
    .wiring =
        {
            .n_row_pins = 5,
            .row_pins = {2, 3, 4, 5, 6},
            .n_col_pins = 4,
            .col_pins = {{7, 8, 9, 10}, {11, 12, 13, 14}},
            .adc_pins = {26, 27},
            .row_enable_pin = 16,
            .row_check_pin = 28,
            .trigger_pin = 15,
            .led_pin = 25,
        },
};
