/* SPDX-License-Identifier: MIT */
/* key_folder.h - where a machine keeps its keys: the same folder for daemon and viewers
 *
 *     own.key_secret        this machine's pair; nobody else may read it
 *     own.key               its public half, to be given away
 *     hosts/HOST.key        the public key of the daemon that is reached as tcp://HOST:PORT
 *     allowed/NAME.key      the public key of a viewer that this machine's daemon lets in
 *
 * Files are read when they are needed: a key that is put there or removed counts from the next
 * connection on. */
#ifndef KEY_FOLDER_H
#define KEY_FOLDER_H

#include <stdbool.h>

#include "feed/curve_key.h"

enum { THENAR_KEY_PATH_BYTES = 4096, THENAR_KEY_NAME_BYTES = 256 };

/**
 * The folder of whoever runs this: THENAR_KEYS, else thenar/keys in the configuration folder.
 * @param path  out: [THENAR_KEY_PATH_BYTES]; "": there is none, for want of a HOME
 */
void thenar_key_folder_default(char *path);

/**
 * Read one file of a key.
 * @return THENAR_OK; THENAR_ERR_ABSENT there is no such file; THENAR_ERR_OS; as
 *         thenar_curve_key_decode. The sentence names the file.
 */
THENAR_NODISCARD enum thenar_status thenar_key_read(const char *path, struct thenar_curve_key *key,
                                                    struct thenar_error *error);

/**
 * This machine's own pair.
 * @return THENAR_OK; THENAR_ERR_ABSENT none was made; THENAR_ERR_DENIED others may read the file;
 *         as thenar_key_read
 */
THENAR_NODISCARD enum thenar_status thenar_key_folder_own(const char *folder,
                                                          struct thenar_curve_key *key,
                                                          struct thenar_error *error);

/** The daemon's at a host. @return THENAR_OK; THENAR_ERR_ABSENT not known; as thenar_key_read */
THENAR_NODISCARD enum thenar_status thenar_key_folder_host(const char *folder, const char *host,
                                                           struct thenar_curve_key *key,
                                                           struct thenar_error *error);

/**
 * Whether a viewer with this key is let in. A file there that is no key is passed over.
 * @param name  out: [THENAR_KEY_NAME_BYTES] of its file, without the ending
 */
bool thenar_key_folder_allows(const char *folder, const char *public_z85, char *name);

#endif
