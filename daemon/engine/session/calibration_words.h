/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calibration_words.h - words that both halves of calibration_file.h share */
#ifndef CALIBRATION_WORDS_H
#define CALIBRATION_WORDS_H

/** [3] as enum sensor_circuit. */
extern const char *const calibration_circuit_words[3];

#endif
