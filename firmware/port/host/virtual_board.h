/* SPDX-License-Identifier: MIT */
/* virtual_board.h - the board that the options ask for, also as the stimulus sees it */
#ifndef VIRTUAL_BOARD_H
#define VIRTUAL_BOARD_H

#include "board/board.h"
#include "core/identity.h"
#include "stimulus.h"
#include "virtual_options.h"

struct virtual_board {
    struct board board;
    struct identity identity;
    uint16_t gain_q14[BOARD_MAX_TAXELS];

    struct stimulus_array array; /* what follows, borrowed */
    float x_mm[BOARD_MAX_TAXELS], y_mm[BOARD_MAX_TAXELS], sensing_mm2[BOARD_MAX_TAXELS];
    bool exists[BOARD_MAX_TAXELS];
};

/**
 * The board of the model, with size, rate, mount and serial of the options.
 * @return THENAR_OK; THENAR_ERR_ARGUMENT with what is wrong
 */
THENAR_NODISCARD enum thenar_status virtual_board_init(struct virtual_board *board,
                                                       const struct virtual_options *options,
                                                       struct thenar_error *error);

/** Another rate at power-on; the limits widen to let it in. */
void virtual_board_set_rate(struct virtual_board *board, double rate_hz);

/** What the virtual factory measured goes into board and identity. */
void virtual_board_calibrate(struct virtual_board *board,
                             const struct stimulus_calibration *calibration);

#endif
