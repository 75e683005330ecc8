/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crosstalk.h - take the sneak currents out of a row-column matrix whose unread lines float
 *
 * Such a front end does not measure the conductance g of a crossing, but that of the whole network
 * between its row and its column: m >= g. Three pressed corners of a rectangle show a fourth, a
 * third as strong (LINK.md, section 5). The conductances that explain all readings are those for
 * which
 *
 *     log det L(g)  -  sum over crossings of  g / m       is largest,  g >= 0,
 *
 * L being the Laplacian of the network: its derivative after g is the resistance that the network
 * would show at that crossing, less the measured one. The first term is concave, so there is one
 * solution, and climbing one coordinate at a time always gets there. One coordinate has a closed
 * form, because what lies in parallel adds: g grows by m less what the network shows now. It is
 * iterative proportional fitting, as for a Gaussian graphical model (Speed and Kiiveri, Ann. Stat.
 * 14, 1986); the inverse of L follows each step by a rank-one update (Sherman and Morrison, 1950).
 *
 * Lines without a touched crossing are left out. Each frame begins with the last one's solution,
 * and the work a frame is bounded by counting it, never by a clock: the same frames give the same
 * values. Where the bound comes first, or readings contradict each other, crossings are marked as
 * ghosts. Resistance of the lines and of the multiplexer is not modelled. */
#ifndef CROSSTALK_H
#define CROSSTALK_H

#include <stdbool.h>

#include "array_layout.h"

struct crosstalk;

/**
 * @param layout  read, not kept: counts through a divider or a transimpedance stage
 * @return THENAR_OK; THENAR_ERR_ARGUMENT samples of another kind; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status crosstalk_create(struct crosstalk **out,
                                                     const struct array_layout *layout);
void crosstalk_destroy(struct crosstalk *crosstalk);

/**
 * One frame.
 * @param counts     [n_taxels]
 * @param corrected  out: [n_taxels] counts that the same front end would have given with its unread
 *                   lines held at the virtual ground; those near zero go through as they are
 * @return crossings that are ghosts in this frame
 * Context: pipeline thread; allocates nothing. At most about a third of a frame's time.
 */
unsigned crosstalk_execute(struct crosstalk *crosstalk, const uint16_t *counts, float *corrected);

/** [n_taxels] true where the last frame's value is not to be trusted; borrowed. */
const bool *crosstalk_ghosts(const struct crosstalk *crosstalk);

/** Forget the last solution. */
void crosstalk_reset(struct crosstalk *crosstalk);

#endif
