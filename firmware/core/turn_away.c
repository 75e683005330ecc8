/* SPDX-License-Identifier: MIT */
#include "core/turn_away.h"

#include "link/command.h"

void turn_away_init(struct turn_away *turn_away)
{
    thenar_stream_init(&turn_away->stream);
    turn_away->n_wire = 0;
    turn_away->n_sent = 0;
}

void turn_away_reset(struct turn_away *turn_away)
{
    thenar_stream_reset(&turn_away->stream);
    turn_away->n_wire = 0;
    turn_away->n_sent = 0;
}

bool turn_away_is_ready(const struct turn_away *turn_away)
{
    return turn_away->n_sent == turn_away->n_wire;
}

/* The same answers to what is malformed as a command_server gives, but for the result. */
static void refuse(struct turn_away *turn_away, const struct thenar_message *message)
{
    struct thenar_command command = {0};
    if (message->type == THENAR_MESSAGE_COMMAND)
        (void)!thenar_command_decode(message->body, message->n_body, &command);
    struct thenar_reply reply = {
        .request = command.request, .code = command.code, .result = THENAR_REPLY_BUSY};
    uint8_t answer[TURN_AWAY_MESSAGE_BYTES];
    size_t n_body;
    turn_away->n_sent = 0;
    turn_away->n_wire = 0;
    if (thenar_reply_encode(&reply, answer + 1, sizeof answer - 5, &n_body) != THENAR_OK ||
        thenar_stream_wrap(THENAR_MESSAGE_REPLY, answer, n_body, turn_away->wire,
                           sizeof turn_away->wire, &turn_away->n_wire) != THENAR_OK)
        turn_away->n_wire = 0;
}

void turn_away_receive(struct turn_away *turn_away, uint8_t byte)
{
    struct thenar_message message;
    size_t n_used;
    if (thenar_stream_next(&turn_away->stream, &byte, 1, &n_used, &message) == THENAR_OK)
        refuse(turn_away, &message);
}

const uint8_t *turn_away_answer(const struct turn_away *turn_away, size_t *n_bytes)
{
    *n_bytes = turn_away->n_wire - turn_away->n_sent;
    return turn_away->wire + turn_away->n_sent;
}

void turn_away_sent(struct turn_away *turn_away, size_t n_bytes)
{
    turn_away->n_sent += n_bytes;
}
