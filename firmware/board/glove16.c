/* SPDX-License-Identifier: MIT */
/* The glove: a 16 x 16 matrix of which 177 taxels exist, on the palm and the fingers of a right
 * hand (a left glove is sewn from the same flex, worn turned over).
 *
 * Seen from the palm, fingers up: little finger at the left, thumb at the right. Lengths are those
 * of a hand 190 mm long; fingers splay by -14, -5, 1, 8 degrees, the thumb by 42. */
#include "board/board.h"

enum { FINGER_UM2 = 20000000, THUMB_UM2 = 24000000, PALM_UM2 = 36000000 };

static const struct board_part parts[] = {
    /* row col  rows cols   first taxel      next column   next row */
    {2, 0, 6, 3, -52900, -40300, 4900, -1200, 2400, 9700, FINGER_UM2}, /* little finger */
    {1, 3, 7, 3, -23500, -65300, 5000, -400, 900, 10500, FINGER_UM2},  /* ring finger */
    {0, 6, 8, 3, 4300, -79600, 5000, 100, -200, 10500, FINGER_UM2},    /* middle finger */
    {1, 9, 7, 3, 32800, -65100, 5000, 700, -1500, 10400, FINGER_UM2},  /* index finger */
    {3, 12, 5, 3, 86000, 18300, 4500, 4000, -7400, 8200, THUMB_UM2},   /* thumb */
    {8, 0, 4, 12, -44000, 13000, 7200, 0, 0, 11000, PALM_UM2},         /* palm */
    {12, 1, 3, 10, -38000, 57000, 7200, 0, 0, 11000, PALM_UM2},        /* heel of the hand */
};

const struct board board_glove16 = {
    .model = "glove16",
    .mount = THENAR_MOUNT_GLOVE,
    .adc_bits = 12,
    .n_rows = 16,
    .n_cols = 16,
    .pitch_x_um = 7200,
    .pitch_y_um = 11000,
    .sensing_um2 = PALM_UM2,
    .parts = parts,
    .n_parts = sizeof parts / sizeof parts[0],

    .rate_mhz = 500000,
    .rate_min_mhz = 10000,
    .rate_max_mhz = 600000, /* a scan takes 177 steps of 9 us: 1.6 ms */
    .n_adc_inputs = 1,
    /* The transimpedance stage is what settles slowest: 142 kOhm and 2.2 pF, time constant 0.31 us
     * by design (docs/hardware.md), not yet measured. To half a step of 12 bits it takes
     * ln(2 * 4096) = 9.0 of them: 2.8 us. */
    .settle_ns = 2800,
    /* Three conversions a step, one each 3 us. The line is stepped 2.0 us (a conversion) and 0.4 us
     * (the interrupt) after the last one began, so until the second of the next step it has
     * 2 * 3 - 2.4 = 3.6 us: the first is thrown away, the others are averaged; and a step may come
     * 0.8 us late. */
    .step_ns = 9000,
    .n_oversample = 2,

    .front_end = THENAR_FRONT_END_TRANSIMPEDANCE,
    .zero_potential = true,
    .reference_ohm = 10000,

    .row_check_counts = 2048,
    .supply_min_mv = 4400,
    .supply_max_mv = 5500,
    .wiring =
        {
            .n_row_pins = 4,
            .row_pins = {2, 3, 4, 5},
            .n_col_pins = 4,
            .col_pins = {{7, 8, 9, 10}},
            .adc_pins = {26},
            .row_enable_pin = 16,
            .row_check_pin = 28,
            .trigger_pin = 15,
            .led_pin = 25,
        },
    /* On the back of the hand, its X towards the fingers and its top outwards: the array's y runs
     * to the wrist, its z from the palm to the back. */
    .motion = {.rx_pin = 20, .cs_pin = 21, .sck_pin = 22, .tx_pin = 19, .axes = {2, -1, 3}},
};
