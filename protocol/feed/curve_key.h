/* SPDX-License-Identifier: MIT */
/* curve_key.h - a key of ZeroMQ's encryption (CURVE) as a text file
 *
 * The format is that of czmq and pyzmq (zmq.auth.load_certificate), so that their tools make and
 * read the same files:
 *
 *     curve
 *         public-key = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
 *         secret-key = "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"
 *
 * Lines that begin with # are comments; sections and names other than these are passed over.
 * A key is 32 octets in Z85 (https://rfc.zeromq.org/spec/32/), 40 characters. */
#ifndef CURVE_KEY_H
#define CURVE_KEY_H

#include <stddef.h>

#include "error.h"

enum { THENAR_Z85_BYTES = 41, THENAR_KEY_TEXT_BYTES = 512 };

struct thenar_curve_key {
    char public_z85[THENAR_Z85_BYTES];
    char secret_z85[THENAR_Z85_BYTES]; /* "": not in the file */
};

/**
 * @param text   [n_text] of the file: trusted in nothing
 * @param error  out: with the number of the line
 * @return THENAR_OK; THENAR_ERR_SYNTAX not such a file; THENAR_ERR_VALUE not a key;
 *         THENAR_ERR_ABSENT there is no public key in it
 */
THENAR_NODISCARD enum thenar_status thenar_curve_key_decode(const char *text, size_t n_text,
                                                            struct thenar_curve_key *key,
                                                            struct thenar_error *error);

/**
 * @param text  out: [THENAR_KEY_TEXT_BYTES] closed by a zero; with the secret half, when there is
 *              one
 */
void thenar_curve_key_encode(const struct thenar_curve_key *key, char *text);

#endif
