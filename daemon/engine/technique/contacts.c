/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "technique/contacts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "technique/blobs.h"

enum { NONE = 255 };

static const float degrees = 57.2957795F;
static const float velocity_s = 0.05F;   /* smoothing of the velocity */
static const float reach_mm_s = 1500.0F; /* a hand is no faster */
static const float jump_share = 0.3F; /* a change of force in one frame that means split or merge */
static const float lobe_share = 0.1F;

/* A contact that lives, as it was in the last frame. */
struct tracked {
    struct contact contact;
    double birth_s;
};

/* A region of this frame that is to be a contact. */
struct candidate {
    const struct blob *blob;
    uint32_t index;              /* of the blob */
    float overlap[CONTACTS_MAX]; /* w on the taxels of each contact of the last frame, about */
    unsigned from;               /* the contact that it goes on as; NONE: born */
};

struct contacts {
    const struct array_layout *layout;
    struct blobs blobs;
    size_t n_old_runs;
    struct blob_run *old_runs; /* of the last frame, in taxel order; `blob` is the contact */
    uint8_t *candidate_of;     /* [blobs] */
    bool *lives;               /* [blobs] it lies on a contact of the last frame */
    unsigned n_tracked;
    struct tracked tracked[CONTACTS_MAX];
    struct candidate candidates[CONTACTS_MAX];
    double last_s;
    uint32_t n_ids;
    float pitch_mm;
};

enum thenar_status contacts_create(struct contacts **out, const struct array_layout *layout)
{
    struct contacts *contacts = calloc(1, sizeof *contacts);
    *out = NULL;
    if (!contacts)
        return THENAR_ERR_MEMORY;
    size_t n_most = taxel_runs_most(layout);
    contacts->layout = layout;
    contacts->lives = calloc(n_most, sizeof *contacts->lives);
    contacts->old_runs = calloc(n_most, sizeof *contacts->old_runs);
    contacts->candidate_of = calloc(n_most, 1);
    contacts->pitch_mm = fmaxf(layout->pitch_x_mm, layout->pitch_y_mm);
    if (blobs_init(&contacts->blobs, layout) || !contacts->lives || !contacts->old_runs ||
        !contacts->candidate_of) {
        contacts_destroy(contacts);
        return THENAR_ERR_MEMORY;
    }
    *out = contacts;
    return THENAR_OK;
}

void contacts_destroy(struct contacts *contacts)
{
    if (!contacts)
        return;
    blobs_finish(&contacts->blobs);
    free(contacts->lives);
    free(contacts->old_runs);
    free(contacts->candidate_of);
    free(contacts);
}

void contacts_reset(struct contacts *contacts)
{
    contacts->n_old_runs = 0;
    contacts->n_tracked = 0;
}

/* What to do where a run of this frame and one of the last share `share` of the former. */
typedef void (*meeting)(struct contacts *contacts, const struct blob_run *run,
                        const struct blob_run *old, float share);

/* Both frames' runs are in taxel order and apart: one walk along both finds where they meet. */
static void walk(struct contacts *contacts, meeting meet)
{
    size_t i = 0, j = 0;
    while (i < contacts->blobs.n_runs && j < contacts->n_old_runs) {
        const struct blob_run *run = &contacts->blobs.runs[i], *old = &contacts->old_runs[j];
        uint32_t first = run->first > old->first ? run->first : old->first;
        uint32_t last = run->last < old->last ? run->last : old->last;
        if (first <= last)
            meet(contacts, run, old,
                 (float)(last - first + 1) / (float)(run->last - run->first + 1));
        if (run->last < old->last)
            i++;
        else
            j++;
    }
}

static void live_on(struct contacts *contacts, const struct blob_run *run,
                    const struct blob_run *old, float share)
{
    (void)old;
    (void)share;
    contacts->lives[run->blob] = true;
}

static void overlap(struct contacts *contacts, const struct blob_run *run,
                    const struct blob_run *old, float share)
{
    unsigned index = contacts->candidate_of[run->blob];
    if (index != NONE)
        contacts->candidates[index].overlap[old->blob] += share * run->w;
}

static bool is_strong(const struct blob *blob, float gate_kpa)
{
    return blob->peak_kpa > (blob->n_taxels == 1 ? CONTACT_SPECK * gate_kpa : gate_kpa);
}

/* Which weak regions lie on a contact of the last frame; mostly there are none to ask about. */
static void find_lives(struct contacts *contacts, float gate_kpa)
{
    size_t n_weak = 0;
    for (size_t i = 0; i < contacts->blobs.n_blobs; i++) {
        contacts->lives[i] = false;
        n_weak += !is_strong(&contacts->blobs.blobs[i], gate_kpa);
    }
    if (n_weak > 0)
        walk(contacts, live_on);
}

/* The strongest regions, strongest first: those above the gate, and those that live on above the
 * release level. Specks are left out. */
static unsigned choose(struct contacts *contacts, float gate_kpa)
{
    unsigned n = 0;
    memset(contacts->candidate_of, NONE, contacts->blobs.n_blobs);
    find_lives(contacts, gate_kpa);
    for (uint32_t i = 0; i < contacts->blobs.n_blobs; i++) {
        const struct blob *blob = &contacts->blobs.blobs[i];
        if (!is_strong(blob, gate_kpa) && !contacts->lives[i])
            continue;
        unsigned at = n;
        while (at > 0 && contacts->candidates[at - 1].blob->w < blob->w)
            at--;
        if (at == CONTACTS_MAX)
            continue;
        unsigned last = n < CONTACTS_MAX ? n : CONTACTS_MAX - 1;
        memmove(&contacts->candidates[at + 1], &contacts->candidates[at],
                (last - at) * sizeof contacts->candidates[0]);
        contacts->candidates[at] = (struct candidate){.blob = blob, .index = i, .from = NONE};
        n = last + 1;
    }
    for (unsigned i = 0; i < n; i++)
        contacts->candidate_of[contacts->candidates[i].index] = (uint8_t)i;
    return n;
}

/* Each contact goes on in the region that has most of it; of several contacts that would go on in
 * one region, the strongest does. */
static void match_overlaps(struct contacts *contacts, unsigned n, bool *taken)
{
    for (unsigned j = 0; j < contacts->n_tracked; j++) {
        unsigned best = NONE;
        float most = 0;
        for (unsigned i = 0; i < n; i++) {
            if (contacts->candidates[i].overlap[j] > most) {
                most = contacts->candidates[i].overlap[j];
                best = i;
            }
        }
        if (best == NONE)
            continue;
        struct candidate *candidate = &contacts->candidates[best];
        taken[j] = true; /* even when it is merged away */
        if (candidate->from == NONE || contacts->tracked[j].contact.force_n >
                                           contacts->tracked[candidate->from].contact.force_n)
            candidate->from = j;
    }
}

/* A small contact that moved by more than its size since the last frame: the nearest one. */
static void match_nearest(struct contacts *contacts, unsigned n, bool *taken, float elapsed_s)
{
    float most_mm = fminf(2.5F * contacts->pitch_mm + 10.0F,
                          1.5F * contacts->pitch_mm + reach_mm_s * elapsed_s);
    for (unsigned i = 0; i < n; i++) {
        struct candidate *candidate = &contacts->candidates[i];
        if (candidate->from != NONE)
            continue;
        float x = (float)(candidate->blob->wx / candidate->blob->w);
        float y = (float)(candidate->blob->wy / candidate->blob->w);
        float nearest = most_mm;
        for (unsigned j = 0; j < contacts->n_tracked; j++) {
            const struct contact *old = &contacts->tracked[j].contact;
            float away = hypotf(x - old->cop_x_mm - old->velocity_x_mm_s * elapsed_s,
                                y - old->cop_y_mm - old->velocity_y_mm_s * elapsed_s);
            if (!taken[j] && away < nearest) {
                nearest = away;
                candidate->from = j;
            }
        }
        if (candidate->from != NONE)
            taken[candidate->from] = true;
    }
}

/* Full lengths (4 standard deviations) and direction of the axes of a distribution. A taxel has an
 * extent of its own: a twelfth of its cell squared along each axis. */
static void axes(double w, double wx, double wy, double wxx, double wyy, double wxy, float own_mm2,
                 float *major_mm, float *minor_mm, float *angle_deg)
{
    double mx = wx / w, my = wy / w;
    double xx = fmax(wxx / w - mx * mx, 0) + (double)own_mm2;
    double yy = fmax(wyy / w - my * my, 0) + (double)own_mm2;
    double xy = wxy / w - mx * my;
    double half = 0.5 * (xx + yy), apart = sqrt(0.25 * (xx - yy) * (xx - yy) + xy * xy);
    *major_mm = (float)(4 * sqrt(half + apart));
    *minor_mm = (float)(4 * sqrt(fmax(half - apart, 0)));
    *angle_deg = degrees * 0.5F * atan2f((float)(2 * xy), (float)(xx - yy));
}

static float own_extent_mm2(const struct contacts *contacts)
{
    return contacts->layout->pitch_x_mm * contacts->layout->pitch_y_mm / 12.0F;
}

static void describe(struct contacts *contacts, const struct blob *blob, struct contact *contact)
{
    contact->force_n = (float)(1e-3 * blob->w);
    contact->peak_kpa = blob->peak_kpa;
    contact->area_cm2 = (float)(1e-2 * blob->cell_mm2);
    contact->cop_x_mm = (float)(blob->wx / blob->w);
    contact->cop_y_mm = (float)(blob->wy / blob->w);
    axes(blob->w, blob->wx, blob->wy, blob->wxx, blob->wyy, blob->wxy, own_extent_mm2(contacts),
         &contact->major_mm, &contact->minor_mm, &contact->angle_deg);
}

static struct tracked go_on(struct contacts *contacts, const struct candidate *candidate,
                            double device_s, float elapsed_s)
{
    struct tracked now = {.birth_s = device_s};
    if (candidate->from == NONE) {
        describe(contacts, candidate->blob, &now.contact);
        now.contact.id = ++contacts->n_ids;
        return now;
    }
    now = contacts->tracked[candidate->from];
    struct contact old = now.contact;
    describe(contacts, candidate->blob, &now.contact);
    now.contact.age_s = (float)(device_s - now.birth_s);
    /* A region that suddenly grew or shrank did not move: its parts did. */
    bool jumped = fabsf(now.contact.area_cm2 - old.area_cm2) >
                  jump_share * fmaxf(now.contact.area_cm2, old.area_cm2) +
                      3e-2F * contacts->pitch_mm * contacts->pitch_mm;
    if (elapsed_s > 0 && !jumped) {
        float share = elapsed_s / (velocity_s + elapsed_s);
        now.contact.velocity_x_mm_s +=
            share * ((now.contact.cop_x_mm - old.cop_x_mm) / elapsed_s - old.velocity_x_mm_s);
        now.contact.velocity_y_mm_s +=
            share * ((now.contact.cop_y_mm - old.cop_y_mm) / elapsed_s - old.velocity_y_mm_s);
    }
    return now;
}

/* The runs of this frame become the last frame's. */
static void keep_runs(struct contacts *contacts)
{
    contacts->n_old_runs = 0;
    for (size_t i = 0; i < contacts->blobs.n_runs; i++) {
        const struct blob_run *run = &contacts->blobs.runs[i];
        uint8_t index = contacts->candidate_of[run->blob];
        if (index == NONE)
            continue;
        struct blob_run *old = &contacts->old_runs[contacts->n_old_runs++];
        *old = *run;
        old->blob = index;
    }
}

static void sum_up(const struct contacts *contacts, unsigned n, struct contacts_sum *sum)
{
    double w = 0, wx = 0, wy = 0, wxx = 0, wyy = 0, wxy = 0, cell_mm2 = 0;
    *sum = (struct contacts_sum){.cop_x_mm = NAN, .cop_y_mm = NAN};
    for (unsigned i = 0; i < n; i++) {
        const struct blob *blob = contacts->candidates[i].blob;
        w += blob->w;
        wx += blob->wx;
        wy += blob->wy;
        wxx += blob->wxx;
        wyy += blob->wyy;
        wxy += blob->wxy;
        cell_mm2 += blob->cell_mm2;
        sum->peak_kpa = fmaxf(sum->peak_kpa, blob->peak_kpa);
    }
    if (n == 0)
        return;
    float angle;
    sum->force_n = (float)(1e-3 * w);
    sum->mean_kpa = (float)(w / cell_mm2);
    sum->area_cm2 = (float)(1e-2 * cell_mm2);
    sum->cop_x_mm = (float)(wx / w);
    sum->cop_y_mm = (float)(wy / w);
    axes(w, wx, wy, wxx, wyy, wxy, own_extent_mm2(contacts), &sum->major_mm, &sum->minor_mm,
         &angle);
    for (unsigned i = 0; i < n; i++)
        sum->n_lobes += contacts->tracked[i].contact.force_n >= lobe_share * sum->force_n;
}

unsigned contacts_execute(struct contacts *contacts, double device_s, const float *pressure,
                          unsigned n_touched, float gate_kpa, struct contact *out,
                          struct contacts_sum *sum)
{
    float elapsed_s = (float)(device_s - contacts->last_s);
    contacts->last_s = device_s;
    if (n_touched == 0 && contacts->n_tracked == 0) {
        *sum = (struct contacts_sum){.cop_x_mm = NAN, .cop_y_mm = NAN};
        return 0;
    }
    struct tracked now[CONTACTS_MAX];
    bool taken[CONTACTS_MAX] = {false};
    blobs_find(&contacts->blobs, pressure, CONTACT_RELEASE * gate_kpa);
    unsigned n = choose(contacts, gate_kpa);
    walk(contacts, overlap);
    match_overlaps(contacts, n, taken);
    match_nearest(contacts, n, taken, elapsed_s);
    for (unsigned i = 0; i < n; i++) {
        now[i] = go_on(contacts, &contacts->candidates[i], device_s, elapsed_s);
        out[i] = now[i].contact;
    }
    memcpy(contacts->tracked, now, n * sizeof now[0]);
    contacts->n_tracked = n;
    keep_runs(contacts);
    sum_up(contacts, n, sum);
    sum->hands = contact_groups_find(out, n);
    return n;
}
