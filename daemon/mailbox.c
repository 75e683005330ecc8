/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mailbox.h"

#include <string.h>

enum thenar_status mailbox_init(struct mailbox *mailbox, size_t n_letters, size_t letter_bytes)
{
    enum thenar_status status = waker_init(&mailbox->waker);
    if (status != THENAR_OK)
        return status;
    mailbox->letter_bytes = letter_bytes;
    status = ring_init(&mailbox->ring, n_letters, letter_bytes, &mailbox->waker);
    if (status != THENAR_OK)
        waker_finish(&mailbox->waker);
    return status;
}

void mailbox_finish(struct mailbox *mailbox)
{
    if (!mailbox->ring.slots)
        return;
    ring_finish(&mailbox->ring);
    waker_finish(&mailbox->waker);
}

bool mailbox_push(struct mailbox *mailbox, const void *letter)
{
    void *slot = ring_claim(&mailbox->ring, 0);
    if (!slot)
        return false;
    memcpy(slot, letter, mailbox->letter_bytes);
    ring_commit(&mailbox->ring);
    return true;
}

bool mailbox_pop(struct mailbox *mailbox, void *letter)
{
    const void *slot = ring_peek(&mailbox->ring);
    if (!slot)
        return false;
    memcpy(letter, slot, mailbox->letter_bytes);
    ring_release(&mailbox->ring);
    return true;
}
