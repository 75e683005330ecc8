/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mailbox.h - small letters from one thread to another: a ring and the waker that goes with it
 *
 * Commands go down to a device's thread in one, answers come back in another. */
#ifndef MAILBOX_H
#define MAILBOX_H

#include <stdbool.h>

#include "ring.h"

struct mailbox {
    struct ring ring;
    struct waker waker;
    size_t letter_bytes;
};

/**
 * @param n_letters  a power of two
 * @return THENAR_OK; THENAR_ERR_MEMORY; THENAR_ERR_OS
 */
THENAR_NODISCARD enum thenar_status mailbox_init(struct mailbox *mailbox, size_t n_letters,
                                                 size_t letter_bytes);
void mailbox_finish(struct mailbox *mailbox);

/** Copy a letter in and wake the reader. @return false when the mailbox is full */
THENAR_NODISCARD bool mailbox_push(struct mailbox *mailbox, const void *letter);

/** Copy the oldest letter out. @return false when there is none */
THENAR_NODISCARD bool mailbox_pop(struct mailbox *mailbox, void *letter);

#endif
