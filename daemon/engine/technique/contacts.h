/* SPDX-License-Identifier: GPL-3.0-or-later */
/* contacts.h - the regions of each frame, followed from frame to frame
 *
 * A contact is born when a region's peak passes the gate and lives until it falls below
 * CONTACT_RELEASE of it. Single taxels need CONTACT_SPECK times the gate. The larger part keeps the
 * id through a split, the larger of two through a merge. */
#ifndef CONTACTS_H
#define CONTACTS_H

#include "array_layout.h"
#include "technique/contact_groups.h"

#define CONTACT_RELEASE 0.4F
#define CONTACT_SPECK 1.5F

/* All contacts of a frame together: what the hands do as a whole. */
struct contacts_sum {
    float force_n, peak_kpa, mean_kpa, area_cm2;
    float cop_x_mm, cop_y_mm; /* NaN: no contact */
    float major_mm, minor_mm; /* full lengths of the axes, 4 standard deviations */
    unsigned n_lobes;         /* contacts with at least a tenth of the force */
    struct contact_groups hands;
};

struct contacts;

/** @param layout borrowed until destroy. @return THENAR_OK; THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status contacts_create(struct contacts **out,
                                                    const struct array_layout *layout);
void contacts_destroy(struct contacts *contacts);

/** Forget the contacts; ids go on. */
void contacts_reset(struct contacts *contacts);

/**
 * One frame.
 * @param pressure  [n_taxels] kPa or relative
 * @param n_touched taxels above the gate, from the frame features: with none and no contact alive
 *                  nothing is looked at
 * @param out       out: [CONTACTS_MAX] strongest first; the rest are not told apart, but summed
 * @return how many of `out` are set
 */
unsigned contacts_execute(struct contacts *contacts, double device_s, const float *pressure,
                          unsigned n_touched, float gate_kpa, struct contact *out,
                          struct contacts_sum *sum);

#endif
