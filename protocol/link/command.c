/* SPDX-License-Identifier: MIT */
#include "link/command.h"

#include "link/wire.h"

static bool takes_argument(uint8_t code)
{
    return code == THENAR_COMMAND_RATE || code == THENAR_COMMAND_GATE ||
           code == THENAR_COMMAND_IDENTIFY;
}

static bool is_known(uint8_t code)
{
    return code >= THENAR_COMMAND_DESCRIBE && code <= THENAR_COMMAND_BOOTLOADER;
}

enum thenar_status thenar_command_encode(const struct thenar_command *command, uint8_t *body,
                                         size_t n_space, size_t *n_body)
{
    struct thenar_wire_writer writer = thenar_wire_write(body, n_space);
    thenar_wire_put_u16(&writer, command->request);
    thenar_wire_put_u8(&writer, command->code);
    if (takes_argument(command->code))
        thenar_wire_put_u32(&writer, command->argument);
    *n_body = writer.failed ? 0 : n_space - writer.n_left;
    return writer.failed ? THENAR_ERR_SPACE : THENAR_OK;
}

enum thenar_status thenar_command_decode(const uint8_t *body, size_t n_body,
                                         struct thenar_command *command)
{
    struct thenar_wire_reader reader = thenar_wire_read(body, n_body);
    command->request = thenar_wire_get_u16(&reader);
    command->code = thenar_wire_get_u8(&reader);
    command->argument = 0;
    if (reader.failed)
        return THENAR_ERR_LENGTH;
    if (!is_known(command->code))
        return THENAR_ERR_TYPE;
    if (takes_argument(command->code))
        command->argument = thenar_wire_get_u32(&reader);
    return reader.failed || reader.n_left ? THENAR_ERR_LENGTH : THENAR_OK;
}

enum thenar_status thenar_reply_encode(const struct thenar_reply *reply, uint8_t *body,
                                       size_t n_space, size_t *n_body)
{
    *n_body = 0;
    if (reply->n_findings > THENAR_MAX_FINDINGS)
        return THENAR_ERR_VALUE;
    struct thenar_wire_writer writer = thenar_wire_write(body, n_space);
    thenar_wire_put_u16(&writer, reply->request);
    thenar_wire_put_u8(&writer, reply->code);
    thenar_wire_put_u8(&writer, reply->result);
    thenar_wire_put_u32(&writer, reply->value);
    thenar_wire_put_u8(&writer, reply->n_findings);
    for (size_t i = 0; i < reply->n_findings; i++) {
        thenar_wire_put_u8(&writer, reply->findings[i].kind);
        thenar_wire_put_u16(&writer, reply->findings[i].index);
        thenar_wire_put_u16(&writer, reply->findings[i].counts);
    }
    if (writer.failed)
        return THENAR_ERR_SPACE;
    *n_body = n_space - writer.n_left;
    return THENAR_OK;
}

enum thenar_status thenar_reply_decode(const uint8_t *body, size_t n_body,
                                       struct thenar_reply *reply)
{
    struct thenar_wire_reader reader = thenar_wire_read(body, n_body);
    *reply = (struct thenar_reply){0};
    reply->request = thenar_wire_get_u16(&reader);
    reply->code = thenar_wire_get_u8(&reader);
    reply->result = thenar_wire_get_u8(&reader);
    reply->value = thenar_wire_get_u32(&reader);
    uint8_t n_findings = thenar_wire_get_u8(&reader);
    if (reader.failed)
        return THENAR_ERR_LENGTH;
    if (n_findings > THENAR_MAX_FINDINGS)
        return THENAR_ERR_VALUE;
    for (size_t i = 0; i < n_findings; i++) {
        reply->findings[i].kind = thenar_wire_get_u8(&reader);
        reply->findings[i].index = thenar_wire_get_u16(&reader);
        reply->findings[i].counts = thenar_wire_get_u16(&reader);
    }
    reply->n_findings = n_findings;
    return reader.failed ? THENAR_ERR_LENGTH : THENAR_OK;
}
