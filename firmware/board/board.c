/* SPDX-License-Identifier: MIT */
#include "board/board.h"

enum { GAIN_ONE_Q14 = 16384 };

static bool on_part(const struct board_part *part, uint16_t row, uint16_t col,
                    struct thenar_taxel *taxel)
{
    int32_t down = (int32_t)row - part->first_row;
    int32_t along = (int32_t)col - part->first_col;
    if (down < 0 || down >= part->n_rows || along < 0 || along >= part->n_cols)
        return false;
    taxel->x_um = part->x_um + along * part->col_step_x_um + down * part->row_step_x_um;
    taxel->y_um = part->y_um + along * part->col_step_y_um + down * part->row_step_y_um;
    taxel->sensing_um2 = part->sensing_um2;
    taxel->gain_q14 = GAIN_ONE_Q14;
    return true;
}

/* Twice the distance from the centre is a whole number of pitches, so that halves stay exact. */
static int32_t grid_place(uint16_t index, uint16_t n_lines, uint32_t pitch_um)
{
    return (2 * (int32_t)index - ((int32_t)n_lines - 1)) * (int32_t)pitch_um / 2;
}

bool board_taxel(const struct board *board, uint16_t row, uint16_t col, struct thenar_taxel *taxel)
{
    *taxel = (struct thenar_taxel){0};
    for (uint8_t i = 0; i < board->n_parts; i++)
        if (on_part(&board->parts[i], row, col, taxel))
            return true;
    if (board->n_parts)
        return false;
    taxel->x_um = grid_place(col, board->n_cols, board->pitch_x_um);
    taxel->y_um = grid_place(row, board->n_rows, board->pitch_y_um);
    taxel->sensing_um2 = board->sensing_um2;
    taxel->gain_q14 = GAIN_ONE_Q14;
    return true;
}
