/* SPDX-License-Identifier: MIT */
/* command.h - COMMAND and REPLY as octets (LINK.md, "COMMAND", "REPLY") */
#ifndef THENAR_COMMAND_H
#define THENAR_COMMAND_H

#include "link/message.h"
#include "status.h"

/** Write a body. @return THENAR_OK; THENAR_ERR_SPACE. Context: any thread; never blocks */
THENAR_NODISCARD enum thenar_status thenar_command_encode(const struct thenar_command *command,
                                                          uint8_t *body, size_t n_space,
                                                          size_t *n_body);
/**
 * Read a body. Whatever of request and code was there is filled in on every return, so that an
 * error can be answered.
 * @return THENAR_OK; THENAR_ERR_LENGTH malformed; THENAR_ERR_TYPE unknown code
 */
THENAR_NODISCARD enum thenar_status thenar_command_decode(const uint8_t *body, size_t n_body,
                                                          struct thenar_command *command);

/** Write a body. @return THENAR_OK; THENAR_ERR_SPACE; THENAR_ERR_VALUE too many findings */
THENAR_NODISCARD enum thenar_status thenar_reply_encode(const struct thenar_reply *reply,
                                                        uint8_t *body, size_t n_space,
                                                        size_t *n_body);
/** Read a body. @return THENAR_OK; THENAR_ERR_LENGTH; THENAR_ERR_VALUE */
THENAR_NODISCARD enum thenar_status thenar_reply_decode(const uint8_t *body, size_t n_body,
                                                        struct thenar_reply *reply);

#endif
