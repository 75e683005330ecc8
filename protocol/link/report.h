/* SPDX-License-Identifier: MIT */
/* report.h - STATUS, FAULT and AUX as octets (LINK.md, sections of the same names)
 *
 * Each pair: encode writes a body into [n_space] and tells its length (THENAR_OK, THENAR_ERR_SPACE,
 * THENAR_ERR_VALUE); decode reads one (THENAR_OK, THENAR_ERR_LENGTH, THENAR_ERR_VALUE) and ignores
 * octets that a newer minor version appended. Any thread or interrupt; never blocks. */
#ifndef THENAR_REPORT_H
#define THENAR_REPORT_H

#include "link/message.h"
#include "status.h"

THENAR_NODISCARD enum thenar_status thenar_health_encode(const struct thenar_health *health,
                                                         uint8_t *body, size_t n_space,
                                                         size_t *n_body);
THENAR_NODISCARD enum thenar_status thenar_health_decode(const uint8_t *body, size_t n_body,
                                                         struct thenar_health *health);

THENAR_NODISCARD enum thenar_status thenar_fault_encode(const struct thenar_fault *fault,
                                                        uint8_t *body, size_t n_space,
                                                        size_t *n_body);
THENAR_NODISCARD enum thenar_status thenar_fault_decode(const uint8_t *body, size_t n_body,
                                                        struct thenar_fault *fault);

THENAR_NODISCARD enum thenar_status thenar_aux_encode(const struct thenar_aux_sample *sample,
                                                      uint8_t *body, size_t n_space,
                                                      size_t *n_body);
THENAR_NODISCARD enum thenar_status thenar_aux_decode(const uint8_t *body, size_t n_body,
                                                      struct thenar_aux_sample *sample);

#endif
