/* SPDX-License-Identifier: MIT */
/* playback.h - a recording pressing on the virtual device: recorded samples become counts
 *
 * Scan by scan in the recording's own time, counted from the first scan. At the recording's own
 * rate each scan is one recorded frame, in order. In a pause of the recording there are no scans
 * either, so that it is a gap on the link too. */
#ifndef PLAYBACK_H
#define PLAYBACK_H

#include "stimulus.h"

struct playback_options {
    const char *path;
    double recording_rate_hz; /* 0: from its times */
    double
        full_scale_counts; /* sample that becomes 2^adc_bits - 1; 0: guessed, see recording_csv.h */
    bool loop;
};

/**
 * Open a recording. sample() answers THENAR_PENDING in a pause: no scan then.
 * @param out      the stimulus, to be destroyed by its own destroy
 * @param array    borrowed until then; its rate_hz, if 0, is set from the recording
 * @return THENAR_OK; as recording_csv_open(); THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status playback_create(struct stimulus **out,
                                                    struct stimulus_array *array,
                                                    const struct playback_options *options,
                                                    struct thenar_error *error);

#endif
