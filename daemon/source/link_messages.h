/* SPDX-License-Identifier: GPL-3.0-or-later */
/* link_messages.h - what one message from the device means: for the conversation, or as an event
 */
#ifndef LINK_MESSAGES_H
#define LINK_MESSAGES_H

#include "link/stream.h"
#include "link_talk.h"

/**
 * One checked message.
 *
 * @param counts  out: [THENAR_MAX_TAXELS] of a frame; the event borrows them
 * @param event   out: all but its arrival
 * @return THENAR_OK it makes an event; THENAR_PENDING it makes none; negative: its body does not
 *         decode
 */
THENAR_NODISCARD enum thenar_status link_messages_take(struct link_talk *talk,
                                                       const struct thenar_message *message,
                                                       uint16_t *counts,
                                                       struct source_event *event);

#endif
