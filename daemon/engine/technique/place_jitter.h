/* SPDX-License-Identifier: GPL-3.0-or-later */
/* place_jitter.h - how much of a place is noise
 *
 * The centre of a light hand trembles, because taxels at its edge come and go with the noise of the
 * array: by several millimetres where the hand is hardly above it. That must not count as way, nor
 * as turns. Fourth differences over five places 20 ms apart leave a movement of 3 Hz a fiftieth of
 * itself and make independent noise sqrt(70) = 8.4 times as large, so that their mean tells the
 * noise alone. */
#ifndef PLACE_JITTER_H
#define PLACE_JITTER_H

enum { PLACE_JITTER_N = 5 };

struct place_jitter {
    unsigned n;
    double last_s;
    float x_mm[PLACE_JITTER_N], y_mm[PLACE_JITTER_N]; /* oldest first */
    float mean_mm;                                    /* of the differences; 0: nothing known */
};

/** The hands were lifted: what follows is another place, in the same noise. */
void place_jitter_break(struct place_jitter *jitter);

/** The place of a frame. Context: allocates nothing */
void place_jitter_push(struct place_jitter *jitter, double at_s, float x_mm, float y_mm);

/** Standard deviation of the noise along one axis, mm. */
float place_jitter_mm(const struct place_jitter *jitter);

#endif
