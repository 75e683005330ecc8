/* SPDX-License-Identifier: MIT */
/* stimulus.h - what presses on the virtual device's taxels
 *
 * One interface, two makers: the virtual therapist (therapist/scene.h) and a recording
 * (playback.h). The host port asks it for counts, as the chip's port asks its ADC. */
#ifndef THENAR_STIMULUS_H
#define THENAR_STIMULUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

/* The array as the virtual board has it; arrays are borrowed and outlive the stimulus. */
struct stimulus_array {
    uint16_t n_rows, n_cols;
    uint8_t mount; /* enum thenar_mount */
    uint8_t adc_bits;
    float rate_hz; /* nominal frame rate */
    float pitch_x_mm, pitch_y_mm;
    const float *x_mm; /* [n_rows * n_cols] place from the array's centre, x with the column */
    const float *y_mm; /* [n_rows * n_cols] y with the row */
    const float *sensing_mm2; /* [n_rows * n_cols] */
    const bool *exists;       /* [n_rows * n_cols] */
};

/* What the virtual factory measured on this device, for HELLO; kind NONE leaves counts relative. */
struct stimulus_calibration {
    uint8_t kind;      /* enum thenar_calibration_kind */
    uint8_t front_end; /* enum thenar_front_end */
    uint32_t reference_ohm;
    uint32_t conductance_100kpa_ns;
    uint16_t exponent_e4;
    uint16_t uncertainty_e4;
    const float *gain; /* [n_rows * n_cols] as measured, so with an error of its own;
                          owned by the stimulus; NULL: all 1 */
};

/* What a motion sensor on the hand reads, along x, y and z of the array (LINK.md, 6). */
struct stimulus_motion {
    double time_s; /* device time */
    float acceleration_m_s2[3], angular_rate_rad_s[3];
};

struct stimulus {
    /**
     * Counts of one scan.
     * @param time_s  device time at the start of the scan; never goes back between calls
     * @param counts  out: [n_rows * n_cols] row-major, 0..2^adc_bits - 1; 0 where no taxel exists
     * @return THENAR_OK; THENAR_END the recording or script is over (counts are those of rest)
     */
    enum thenar_status (*sample)(struct stimulus *stimulus, double time_s, uint16_t *counts);
    /**
     * What the motion sensor read since it was last asked, up to the latest sample(); the oldest
     * first. NULL: there is no such sensor.
     * @return false: nothing more
     */
    bool (*motion)(struct stimulus *stimulus, struct stimulus_motion *motion);
    /** What HELLO says of it. */
    void (*calibration)(const struct stimulus *stimulus, struct stimulus_calibration *out);
    /** Release it, flushing what it writes (truth). NULL is not passed. */
    void (*destroy)(struct stimulus *stimulus);
};

#endif
