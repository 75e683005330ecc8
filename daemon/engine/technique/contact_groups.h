/* SPDX-License-Identifier: GPL-3.0-or-later */
/* contact_groups.h - which contacts are of one hand, and how far two hands lie apart
 *
 * A hand on something firm is many contacts: finger tips, the balls of thumb and little finger, the
 * heads of the metacarpals. What lies within 30 mm of each other, edge to edge, is one
 * group; so are two hands laid side by side, which are one field to the tissue. Single linkage:
 * Sibson 1973, doi 10.1093/comjnl/16.1.30. */
#ifndef CONTACT_GROUPS_H
#define CONTACT_GROUPS_H

#include "technique/contact.h"

#define CONTACT_GROUP_MM 30.0F

/* The two strongest groups, where each bears at least a tenth of the force; else zeros. */
struct contact_groups {
    float distance_mm; /* between their centres of pressure */
    float gap_mm;      /* between the edges of their nearest contacts */
};

/** @param contacts [n_contacts <= CONTACTS_MAX] of one frame. Context: the device's thread */
struct contact_groups contact_groups_find(const struct contact *contacts, unsigned n_contacts);

#endif
