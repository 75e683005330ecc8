/* SPDX-License-Identifier: MIT */
/* identity.h - what is true of one device and not of all its kind
 *
 * Its serial number, and what the factory measured on it. The port reads it from wherever the
 * factory wrote it, and gives it to device_init(). */
#ifndef IDENTITY_H
#define IDENTITY_H

#include <stdint.h>

#include "link/message.h"

struct identity {
    char serial[THENAR_NAME_BYTES];   /* unique, never empty */
    char firmware[THENAR_NAME_BYTES]; /* name and version of the build */

    uint8_t calibration; /* enum thenar_calibration_kind; what follows is passed over when NONE */
    uint32_t conductance_100kpa_ns;
    uint16_t exponent_e4;
    uint16_t uncertainty_e4;
    uint16_t calibration_days;
    char calibration_reference[THENAR_NAME_BYTES];
    const uint16_t *gain_q14; /* [n_rows * n_cols] borrowed for ever; NULL: all 1.0 */
};

#endif
