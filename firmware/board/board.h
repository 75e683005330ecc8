/* SPDX-License-Identifier: MIT */
/* board.h - what a board is: its array, its front end, its wiring
 *
 * One file a board fills in one `const struct board`; core/ and port/ read it, and know no board by
 * name. A new board is a new file here, and its name in the build.
 * Geometry is LINK.md's, section 6: seen from the side that hands touch, origin at the array's
 * centre, x to the right with the column, y downwards with the row. */
#ifndef BOARD_H
#define BOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "link/message.h"

/* Taxels that the build has memory for; the build may say less: -DBOARD_MAX_TAXELS=1024. */
#ifndef BOARD_MAX_TAXELS
#define BOARD_MAX_TAXELS THENAR_MAX_TAXELS
#endif

enum { BOARD_MAX_ADDRESS_PINS = 6, BOARD_MAX_ADC_INPUTS = 2 };

/* Where the chip's pins go; pin numbers are the chip's own. A port without pins passes it over. */
struct board_wiring {
    uint8_t n_row_pins; /* address lines of the multiplexer that drives rows, lowest bit first */
    uint8_t row_pins[BOARD_MAX_ADDRESS_PINS];
    uint8_t n_col_pins; /* address lines of each multiplexer that reads columns */
    uint8_t col_pins[BOARD_MAX_ADC_INPUTS][BOARD_MAX_ADDRESS_PINS];
    uint8_t adc_pins[BOARD_MAX_ADC_INPUTS];
    uint8_t row_enable_pin; /* high: the row multiplexer drives its row; low: none is driven */
    uint8_t row_check_pin;  /* converter input at the far end of the check resistors */
    uint8_t trigger_pin;
    uint8_t led_pin;
};

/* A place for a motion sensor of the family that sensor/lsm6ds3.h knows; it may be left empty. */
struct board_motion {
    uint8_t rx_pin, cs_pin, sck_pin, tx_pin; /* of one SPI of the chip; rx is the sensor's SDO */
    /* How the sensor lies: where the array's x, y and z are, 1 to 3 for its X, Y and Z, minus:
     * reversed. All 0: the board has no place for one. */
    int8_t axes[3];
};

/* A patch of taxels: a rectangle of the matrix, laid somewhere as a skewed grid of its own. */
struct board_part {
    uint8_t first_row, first_col, n_rows, n_cols;
    int32_t x_um, y_um;                   /* centre of its first taxel */
    int32_t col_step_x_um, col_step_y_um; /* from a column to the next */
    int32_t row_step_x_um, row_step_y_um; /* from a row to the next */
    uint32_t sensing_um2;                 /* area of one of its taxels */
};

struct board {
    const char *model; /* as HELLO has it */
    uint8_t mount;     /* enum thenar_mount */
    uint8_t adc_bits;
    uint16_t n_rows, n_cols;
    uint32_t pitch_x_um, pitch_y_um;
    uint32_t sensing_um2;

    const struct board_part *parts; /* [n_parts] taxels that exist; none: all do, on the grid */
    uint8_t n_parts;

    uint32_t rate_mhz, rate_min_mhz, rate_max_mhz; /* frames a second, in thousandths */
    uint8_t n_adc_inputs; /* columns are shared out among them in blocks, and read in turn */
    uint32_t settle_ns;   /* after each multiplexer step */
    uint32_t step_ns;     /* from one taxel's reading to the next one's */
    uint8_t n_oversample; /* conversions averaged into a sample, 1 or 2; 0 is 1 */

    uint8_t front_end;   /* enum thenar_front_end */
    bool zero_potential; /* lines not being read are held at the virtual ground */
    uint32_t reference_ohm;

    uint16_t row_check_counts; /* what a whole row's check resistor reads; 0: it has none */
    uint16_t supply_min_mv, supply_max_mv; /* outside: fault and safe state */
    struct board_wiring wiring;
    struct board_motion motion;
};

/**
 * Where a taxel is.
 * @param row, col  0 .. n_rows - 1, 0 .. n_cols - 1
 * @param taxel     out: place and area, gain 1.0; all zero when there is none
 * @return whether there is one
 * Context: any; never blocks
 */
bool board_taxel(const struct board *board, uint16_t row, uint16_t col, struct thenar_taxel *taxel);

extern const struct board board_table32;
extern const struct board board_glove16;
extern const struct board board_template; /* to copy from; 8 x 8 */

#endif
