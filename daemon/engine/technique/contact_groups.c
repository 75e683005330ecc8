/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/contact_groups.h"

#include <math.h>

static const float least_share = 0.1F;
static const float radians = 0.0174532925F;

/* A contact as an ellipse, and the group that it belongs to. */
struct member {
    float cosine, sine;
    unsigned group;
};

struct group {
    float force_n, x_mm, y_mm; /* the place weighted with the force */
};

/* Half of a contact's length along a direction of length 1, as its axes have it. */
static float half_length(const struct contact *contact, const struct member *member, float c,
                         float s)
{
    float along = c * member->cosine + s * member->sine;
    float across = s * member->cosine - c * member->sine;
    return 0.5F * hypotf(contact->major_mm * along, contact->minor_mm * across);
}

static float edge_gap_mm(const struct contact *contacts, const struct member *members, unsigned i,
                         unsigned k)
{
    float dx = contacts[k].cop_x_mm - contacts[i].cop_x_mm;
    float dy = contacts[k].cop_y_mm - contacts[i].cop_y_mm;
    float distance_mm = hypotf(dx, dy);
    if (!(distance_mm > 0))
        return 0;
    float c = dx / distance_mm, s = dy / distance_mm;
    return fmaxf(0.0F, distance_mm - half_length(&contacts[i], &members[i], c, s) -
                           half_length(&contacts[k], &members[k], c, s));
}

static void join(struct member *members, unsigned n, unsigned from, unsigned to)
{
    for (unsigned i = 0; i < n; i++)
        if (members[i].group == from)
            members[i].group = to;
}

static void find_members(const struct contact *contacts, unsigned n, struct member *members)
{
    for (unsigned i = 0; i < n; i++)
        members[i] = (struct member){.cosine = cosf(contacts[i].angle_deg * radians),
                                     .sine = sinf(contacts[i].angle_deg * radians),
                                     .group = i};
    for (unsigned i = 0; i < n; i++)
        for (unsigned k = i + 1; k < n; k++)
            if (members[i].group != members[k].group &&
                edge_gap_mm(contacts, members, i, k) <= CONTACT_GROUP_MM)
                join(members, n, members[k].group, members[i].group);
}

static unsigned strongest(const struct group *groups, unsigned n, unsigned but)
{
    unsigned best = but == 0 ? 1 : 0;
    for (unsigned i = 0; i < n; i++)
        if (i != but && groups[i].force_n > groups[best].force_n)
            best = i;
    return best;
}

struct contact_groups contact_groups_find(const struct contact *contacts, unsigned n_contacts)
{
    struct member members[CONTACTS_MAX];
    struct group groups[CONTACTS_MAX] = {{0, 0, 0}};
    float force_n = 0;
    if (n_contacts < 2)
        return (struct contact_groups){0, 0};
    find_members(contacts, n_contacts, members);
    for (unsigned i = 0; i < n_contacts; i++) {
        struct group *group = &groups[members[i].group];
        group->force_n += contacts[i].force_n;
        group->x_mm += contacts[i].force_n * contacts[i].cop_x_mm;
        group->y_mm += contacts[i].force_n * contacts[i].cop_y_mm;
        force_n += contacts[i].force_n;
    }
    unsigned one = strongest(groups, n_contacts, n_contacts);
    unsigned two = strongest(groups, n_contacts, one);
    const struct group *a = &groups[one], *b = &groups[two];
    if (!(b->force_n >= least_share * force_n) || !(b->force_n > 0))
        return (struct contact_groups){0, 0};
    float gap_mm = INFINITY;
    for (unsigned i = 0; i < n_contacts; i++)
        for (unsigned k = 0; k < n_contacts; k++)
            if (members[i].group == one && members[k].group == two)
                gap_mm = fminf(gap_mm, edge_gap_mm(contacts, members, i, k));
    return (struct contact_groups){.distance_mm =
                                       hypotf(b->x_mm / b->force_n - a->x_mm / a->force_n,
                                              b->y_mm / b->force_n - a->y_mm / a->force_n),
                                   .gap_mm = gap_mm};
}
