/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pattern_features.h - how a window of the hands' signals varies: flow, zones, envelope, spectra
 *
 * For learned models. Ratios, correlations, logarithms of millimetres a second and of rates: they
 * keep their meaning over array size, pitch and frame rate. NaN where a window cannot tell. */
#ifndef PATTERN_FEATURES_H
#define PATTERN_FEATURES_H

#include <stddef.h>

#include "status.h"
#include "technique/history.h"

enum { WINDOW_SAMPLES_MAX = 160, PATTERN_BANDS = 7 };

enum pattern {
    /* flow of the pressure image, over touched samples */
    PATTERN_FLOW_ALONG,  /* log10 of rms mm/s along its main axis */
    PATTERN_FLOW_ACROSS, /* and across */
    PATTERN_SPREAD,      /* log10 of rms 1/s */
    PATTERN_TURN,
    PATTERN_GAIN,
    PATTERN_UNEXPLAINED,  /* mean, 0..1 */
    PATTERN_SPREAD_MEAN,  /* 1/s: opening or closing on the whole */
    PATTERN_FLOW_TURNS,   /* log10 of changes of sign a second */
    PATTERN_GAIN_TURNS,   /* */
    PATTERN_SPREAD_TURNS, /* */
    PATTERN_TURN_TURNS,   /* */
    PATTERN_GAIN_SPREAD,  /* correlation: does it grow as it presses */
    PATTERN_FLOW_GAIN,    /* size of the correlation: does it press on its way */
    PATTERN_CIRCLING,     /* 0..1: the way bends always to the same side */
    /* zones of the contact, 3 x 3 */
    PATTERN_CENTRE_RIM,   /* correlation of the middle zone with the rest */
    PATTERN_ENDS_ALONG,   /* of the two ends of the long axis */
    PATTERN_ENDS_ACROSS,  /* of the two sides */
    PATTERN_ZONES_ALIKE,  /* mean over all pairs */
    PATTERN_ZONES_APART,  /* least of all pairs */
    PATTERN_HANDOVER,     /* largest correlation of the ends at any lag */
    PATTERN_HANDOVER_S,   /* size of that lag */
    PATTERN_CENTRE_SHARE, /* of the force */
    PATTERN_ZONES_EVEN,   /* entropy of the zones' shares, 0..1 */
    PATTERN_ZONES_CV,     /* mean variation of a zone, by its share */
    /* envelope of the force, all samples */
    PATTERN_SKEW,
    PATTERN_KURTOSIS,  /* log10 */
    PATTERN_CREST,     /* log10 of the most over the mean */
    PATTERN_UP_SHARE,  /* of the time above the middle between least and most */
    PATTERN_RISING,    /* share of the time that it rises, of all that it moves */
    PATTERN_ROUGHNESS, /* log10 of mean |dF/dt| over the mean, 1/s */
    PATTERN_TOUCHES,   /* log10 of touches a second */
    /* spectra: log10 of a band's share of the power */
    PATTERN_FORCE_BAND,
    PATTERN_PLACE_BAND = PATTERN_FORCE_BAND + PATTERN_BANDS,
    PATTERN_SPREAD_BAND = PATTERN_PLACE_BAND + PATTERN_BANDS,
    N_PATTERNS = PATTERN_SPREAD_BAND + PATTERN_BANDS
};

/** Stable name of a pattern, for reports: "flow_along"; bands are "force_band". */
const char *pattern_name(unsigned pattern);

struct pattern_maker;

/** @return THENAR_OK; THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status pattern_maker_create(struct pattern_maker **out);
void pattern_maker_destroy(struct pattern_maker *maker);

/**
 * @param value     [N_SIGNALS][WINDOW_SAMPLES_MAX] even samples, the first `n` set; untouched too
 * @param edges_hz  [PATTERN_BANDS + 1] of the bands
 * @param out       out: [N_PATTERNS]
 * Context: allocates nothing
 */
void pattern_features_execute(struct pattern_maker *maker, const float (*value)[WINDOW_SAMPLES_MAX],
                              size_t n, float rate_hz, const float *edges_hz, float *out);

#endif
