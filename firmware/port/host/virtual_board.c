/* SPDX-License-Identifier: MIT */
#include "virtual_board.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Any size asked for: an open field of taxels that a fast converter reads. */
static const struct board array_board = {
    .model = "array",
    .mount = THENAR_MOUNT_PAD,
    .adc_bits = 12,
    .n_rows = 16,
    .n_cols = 16,
    .pitch_x_um = 15000,
    .pitch_y_um = 15000,
    .rate_mhz = 100000,
    .rate_min_mhz = 1000,
    .rate_max_mhz = 1000000,
    .n_adc_inputs = 1,
    .settle_ns = 200,
    .step_ns = 240,
    .front_end = THENAR_FRONT_END_TRANSIMPEDANCE,
    .zero_potential = true,
    .reference_ohm = 2000,
    .row_check_counts = 2048,
    .supply_min_mv = 4400,
    .supply_max_mv = 5500,
};

static const char *const mounts[] = {
    [THENAR_MOUNT_PAD] = "pad",
    [THENAR_MOUNT_TORSO] = "torso",
    [THENAR_MOUNT_MAT] = "mat",
    [THENAR_MOUNT_GLOVE] = "glove",
};
enum { N_MOUNTS = sizeof mounts / sizeof mounts[0], CALIBRATION_DAYS = 20454 /* 2026-01-01 */ };

static enum thenar_status choose_model(struct board *board, const struct virtual_options *options,
                                       struct thenar_error *error)
{
    if (strcmp(options->model, board_table32.model) == 0)
        *board = board_table32;
    else if (strcmp(options->model, board_glove16.model) == 0)
        *board = board_glove16;
    else if (strcmp(options->model, array_board.model) == 0)
        *board = array_board;
    else
        return thenar_fail(error, THENAR_ERR_ARGUMENT,
                           "'%s': no such model; there are table32, glove16 and array",
                           options->model);
    return THENAR_OK;
}

/* 80 % of a pitch feels, as on the table. */
static enum thenar_status resize(struct board *board, const struct virtual_options *options,
                                 struct thenar_error *error)
{
    bool is_array = strcmp(board->model, array_board.model) == 0;
    if (!is_array && (options->n_rows || options->n_cols || options->pitch_mm > 0.0))
        return thenar_fail(error, THENAR_ERR_ARGUMENT,
                           "--rows, --cols, --pitch-mm: a %s is as it is; for another size take "
                           "the model array",
                           board->model);
    if (!is_array)
        return THENAR_OK;
    if (options->n_rows)
        board->n_rows = (uint16_t)options->n_rows;
    if (options->n_cols)
        board->n_cols = (uint16_t)options->n_cols;
    if (board->n_rows * board->n_cols > THENAR_MAX_TAXELS)
        return thenar_fail(error, THENAR_ERR_ARGUMENT,
                           "--rows %d --cols %d: more than the %d taxels of the device link",
                           board->n_rows, board->n_cols, THENAR_MAX_TAXELS);
    if (options->pitch_mm > 0.0)
        board->pitch_x_um = board->pitch_y_um = (uint32_t)lround(options->pitch_mm * 1000.0);
    double side_um = 0.8 * board->pitch_x_um;
    board->sensing_um2 = (uint32_t)lround(side_um * side_um);
    return THENAR_OK;
}

static enum thenar_status choose_mount(struct board *board, const struct virtual_options *options,
                                       struct thenar_error *error)
{
    if (!options->mount)
        return THENAR_OK;
    for (unsigned i = 0; i < N_MOUNTS; i++)
        if (strcmp(options->mount, mounts[i]) == 0) {
            board->mount = (uint8_t)i;
            return THENAR_OK;
        }
    return thenar_fail(error, THENAR_ERR_ARGUMENT,
                       "--mount %s: no such mount; there are pad, torso, mat and glove",
                       options->mount);
}

static enum thenar_status name_it(struct virtual_board *board,
                                  const struct virtual_options *options, struct thenar_error *error)
{
    struct identity *identity = &board->identity;
    (void)snprintf(identity->firmware, sizeof identity->firmware, "thenar-virtual %s",
                   THENAR_VERSION);
    int n;
    if (options->serial) {
        n = snprintf(identity->serial, sizeof identity->serial, "%s", options->serial);
    } else {
        char model[16];
        size_t i = 0;
        for (; board->board.model[i] && i < sizeof model - 1; i++)
            model[i] = (char)toupper((unsigned char)board->board.model[i]);
        model[i] = '\0';
        n = snprintf(identity->serial, sizeof identity->serial, "VT-%s-%04llu", model,
                     (unsigned long long)options->seed);
    }
    if (n < 1 || n >= THENAR_NAME_BYTES)
        return thenar_fail(error, THENAR_ERR_ARGUMENT,
                           "--serial '%s': 1 to %d characters are wanted",
                           options->serial ? options->serial : "", THENAR_NAME_BYTES - 1);
    for (const char *c = identity->serial; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return thenar_fail(error, THENAR_ERR_ARGUMENT,
                               "--serial: control characters are not allowed");
    return THENAR_OK;
}

static void lay_out(struct virtual_board *virtual)
{
    const struct board *board = &virtual->board;
    for (uint16_t row = 0; row < board->n_rows; row++)
        for (uint16_t col = 0; col < board->n_cols; col++) {
            size_t i = (size_t)row * board->n_cols + col;
            struct thenar_taxel taxel;
            virtual->exists[i] = board_taxel(board, row, col, &taxel);
            virtual->x_mm[i] = (float)taxel.x_um * 1e-3F;
            virtual->y_mm[i] = (float)taxel.y_um * 1e-3F;
            virtual->sensing_mm2[i] = (float)taxel.sensing_um2 * 1e-6F;
        }
    virtual->array = (struct stimulus_array){
        .n_rows = board->n_rows,
        .n_cols = board->n_cols,
        .mount = board->mount,
        .adc_bits = board->adc_bits,
        .rate_hz = (float)board->rate_mhz * 1e-3F,
        .pitch_x_mm = (float)board->pitch_x_um * 1e-3F,
        .pitch_y_mm = (float)board->pitch_y_um * 1e-3F,
        .x_mm = virtual->x_mm,
        .y_mm = virtual->y_mm,
        .sensing_mm2 = virtual->sensing_mm2,
        .exists = virtual->exists,
    };
}

enum thenar_status virtual_board_init(struct virtual_board *board,
                                      const struct virtual_options *options,
                                      struct thenar_error *error)
{
    memset(board, 0, sizeof *board);
    enum thenar_status status = choose_model(&board->board, options, error);
    if (status == THENAR_OK)
        status = resize(&board->board, options, error);
    if (status == THENAR_OK)
        status = choose_mount(&board->board, options, error);
    if (status == THENAR_OK)
        status = name_it(board, options, error);
    if (status != THENAR_OK)
        return status;
    if (options->sneak_paths)
        board->board.zero_potential = false;
    if (options->rate_hz > 0.0)
        virtual_board_set_rate(board, options->rate_hz);
    lay_out(board);
    return THENAR_OK;
}

void virtual_board_set_rate(struct virtual_board *board, double rate_hz)
{
    uint32_t rate_mhz = (uint32_t)lround(rate_hz * 1000.0);
    board->board.rate_mhz = rate_mhz;
    if (board->board.rate_min_mhz > rate_mhz)
        board->board.rate_min_mhz = rate_mhz;
    if (board->board.rate_max_mhz < rate_mhz)
        board->board.rate_max_mhz = rate_mhz;
    board->array.rate_hz = (float)rate_hz;
}

void virtual_board_calibrate(struct virtual_board *board,
                             const struct stimulus_calibration *calibration)
{
    struct identity *identity = &board->identity;
    if (calibration->reference_ohm > 0) {
        board->board.front_end = calibration->front_end;
        board->board.reference_ohm = calibration->reference_ohm;
    }
    identity->calibration = calibration->kind;
    if (calibration->kind == THENAR_CALIBRATION_NONE)
        return;
    identity->conductance_100kpa_ns = calibration->conductance_100kpa_ns;
    identity->exponent_e4 = calibration->exponent_e4;
    identity->uncertainty_e4 = calibration->uncertainty_e4;
    identity->calibration_days = CALIBRATION_DAYS;
    (void)snprintf(identity->calibration_reference, sizeof identity->calibration_reference,
                   "virtual factory");
    if (!calibration->gain)
        return;
    for (size_t i = 0; i < (size_t)board->board.n_rows * board->board.n_cols; i++) {
        float gain = roundf(calibration->gain[i] * 16384.0F);
        board->gain_q14[i] = (uint16_t)fminf(fmaxf(gain, 1.0F), 65535.0F);
    }
    identity->gain_q14 = board->gain_q14;
}
