/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calibration_file.h - a device's calibration as a JSON file (docs/calibration-file.md)
 *
 * One file a device, named after its serial number. Its last member is a checksum over all that
 * stands before it, so that a file changed by hand or damaged is not believed. Reading is strict.
 */
#ifndef CALIBRATION_FILE_H
#define CALIBRATION_FILE_H

#include "signal/sensor_calibration.h"

enum { CALIBRATION_FILE_VERSION = 1, CALIBRATION_FILE_MAX_BYTES = 4 << 20 };
enum { CALIBRATION_PATH_BYTES = 1400 };

/**
 * The file's text.
 * @param text  out: terminated; the caller frees it
 * @return THENAR_OK; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status calibration_file_text(
    const struct sensor_calibration *calibration, char **text);

/**
 * @param calibration  out: finished by the caller, also after a failure
 * @param text         [n_bytes]; need not be terminated
 * @param name         of the file, for messages
 * @return THENAR_OK; THENAR_ERR_SYNTAX not JSON, or not a calibration; THENAR_ERR_VERSION;
 *         THENAR_ERR_CRC changed since it was written; THENAR_ERR_VALUE a member, with its line;
 *         THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status calibration_file_parse(struct sensor_calibration *calibration,
                                                           const char *text, size_t n_bytes,
                                                           const char *name,
                                                           struct thenar_error *error);

/** Read a file. Also THENAR_ERR_ABSENT, THENAR_ERR_DENIED, THENAR_ERR_OS. */
THENAR_NODISCARD enum thenar_status calibration_file_read(struct sensor_calibration *calibration,
                                                          const char *path,
                                                          struct thenar_error *error);

/**
 * Write a file, whole or not at all; what was there before stays beside it as NAME.1, NAME.2, ...
 * @return THENAR_OK; THENAR_ERR_OS with the reason; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status calibration_file_write(
    const struct sensor_calibration *calibration, const char *path, struct thenar_error *error);

/** "FOLDER/SERIAL.json"; what a file name should not have becomes '_'. */
void calibration_file_path(char path[CALIBRATION_PATH_BYTES], const char *folder,
                           const char *serial);

/**
 * Find a device's file in a folder, and read it.
 * @return as calibration_file_read; THENAR_ERR_ABSENT there is none;
 *         THENAR_ERR_VALUE also when it is another device's
 */
THENAR_NODISCARD enum thenar_status calibration_file_find(struct sensor_calibration *calibration,
                                                          const char *folder, const char *serial,
                                                          struct thenar_error *error);

/** CRC-32 (zlib's) of the text before its checksum. */
uint32_t calibration_file_checksum(const char *text, size_t n_bytes);

#endif
