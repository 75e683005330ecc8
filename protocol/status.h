/* SPDX-License-Identifier: MIT */
/* status.h - what a Thenar function answers
 *
 * Zero is good, positive is progress, negative is failure; each failure says whose fault it is.
 * Counts come back through out-parameters, never mixed with these codes.
 * Freestanding: usable in firmware. */
#ifndef THENAR_STATUS_H
#define THENAR_STATUS_H

#define THENAR_NODISCARD __attribute__((warn_unused_result))

enum thenar_status {
    THENAR_OK = 0,

    /* progress: nothing is wrong */
    THENAR_PENDING = 1, /* more input, or more time, is needed */
    THENAR_END = 2,     /* the stream is over: there is no more */

    /* the caller's fault */
    THENAR_ERR_ARGUMENT = -1, /* an argument is outside what the header allows */
    THENAR_ERR_SPACE = -2,    /* the caller's buffer is too small; nothing was written */

    /* the data's fault: it is dropped and counted */
    THENAR_ERR_COBS = -10,    /* not a COBS encoding */
    THENAR_ERR_CRC = -11,     /* checksum differs */
    THENAR_ERR_LENGTH = -12,  /* longer or shorter than the contents say */
    THENAR_ERR_VALUE = -13,   /* a field holds a value that the contract does not allow */
    THENAR_ERR_TYPE = -14,    /* a kind of message that this end does not know */
    THENAR_ERR_VERSION = -15, /* another major version of the contract */
    THENAR_ERR_SYNTAX = -16,  /* a text that does not parse (JSON, CSV, configuration, URI) */

    /* the machine's fault */
    THENAR_ERR_OS = -20,     /* a system call failed; the error text has the reason */
    THENAR_ERR_MEMORY = -21, /* out of memory at start */

    /* nobody's fault: not here, not now, not for you */
    THENAR_ERR_ABSENT = -30,      /* the device, file or peer is not there */
    THENAR_ERR_BUSY = -31,        /* someone else has it open */
    THENAR_ERR_DENIED = -32,      /* permissions */
    THENAR_ERR_UNSUPPORTED = -33, /* this build, device or mount cannot do it */
    THENAR_ERR_TIMEOUT = -34      /* no answer in time */
};

#endif
