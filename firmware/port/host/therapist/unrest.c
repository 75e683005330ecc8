/* SPDX-License-Identifier: MIT */
#include "therapist/unrest.h"

#include <math.h>

enum { WAVES = 5, PLACE_X = 40, PLACE_Y = 60 };

/* Mean 0, standard deviation 1; `which` tells the hands, pads and directions apart. */
static double wave(const struct unrest *unrest, double in_s, unsigned which)
{
    static const double times[WAVES] = {1.0, 2.37, 5.31, 11.9, 23.3};
    static const double weight[WAVES] = {0.72, 0.72, 0.61, 0.50, 0.35};
    /* Rates of its own, by the plastic number, so that no two go together. */
    double own_hz = unrest->drift_hz * (0.8 + 0.4 * fmod(0.75488 * which, 1.0));
    double sum = 0.0, squares = 0.0;
    for (unsigned k = 0; k < WAVES; k++) {
        double turn = unrest->drift_turn * (7.31 + k) + unrest->tremor_turn * (3.77 + 2.0 * k) +
                      0.61803 * (double)(which * (k + 1));
        sum += weight[k] * sin(2.0 * M_PI * (times[k] * own_hz * in_s + turn));
        squares += 0.5 * weight[k] * weight[k];
    }
    return sum / sqrt(squares);
}

void unrest_apply(const struct unrest *unrest, const struct step *step, double in_s,
                  struct pose *pose)
{
    double press = (double)step->value[PARAM_UNREST_PCT] / 100.0;
    double sway_mm = (double)step->value[PARAM_SWAY_MM];
    if (!(press > 0.0) && !(sway_mm > 0.0))
        return;
    double tremor = 0.35 * sin(2.0 * M_PI * (unrest->tremor_hz * in_s + unrest->tremor_turn));
    float factor[N_HANDS], x_mm[N_HANDS], y_mm[N_HANDS];
    for (unsigned hand = 0; hand < N_HANDS; hand++) {
        factor[hand] = (float)(press * (wave(unrest, in_s, hand) + tremor));
        x_mm[hand] = (float)(0.7 * sway_mm * wave(unrest, in_s, PLACE_X + hand));
        y_mm[hand] = (float)(0.7 * sway_mm * wave(unrest, in_s, PLACE_Y + hand));
    }
    for (unsigned i = 0; i < pose->n_lobes; i++) {
        struct lobe *lobe = &pose->lobes[i];
        float own = (float)(press * wave(unrest, in_s, N_HANDS + i));
        lobe->force_n *= fmaxf(0.1F, 1.0F + factor[lobe->hand] + own);
        lobe->x_mm += x_mm[lobe->hand];
        lobe->y_mm += y_mm[lobe->hand];
    }
}
