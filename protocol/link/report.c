/* SPDX-License-Identifier: MIT */
#include "link/report.h"

#include "link/wire.h"

static enum thenar_status finish_write(const struct thenar_wire_writer *writer, size_t n_space,
                                       size_t *n_body)
{
    *n_body = writer->failed ? 0 : n_space - writer->n_left;
    return writer->failed ? THENAR_ERR_SPACE : THENAR_OK;
}

enum thenar_status thenar_health_encode(const struct thenar_health *health, uint8_t *body,
                                        size_t n_space, size_t *n_body)
{
    struct thenar_wire_writer writer = thenar_wire_write(body, n_space);
    thenar_wire_put_u64(&writer, health->ticks);
    thenar_wire_put_u32(&writer, health->uptime_s);
    thenar_wire_put_u8(&writer, health->streaming);
    thenar_wire_put_u32(&writer, health->rate_mhz);
    thenar_wire_put_u16(&writer, health->gate_counts);
    thenar_wire_put_u16(&writer, (uint16_t)health->temperature_centi_c);
    thenar_wire_put_u16(&writer, health->supply_mv);
    thenar_wire_put_u32(&writer, health->n_frames);
    thenar_wire_put_u32(&writer, health->n_dropped);
    thenar_wire_put_u32(&writer, health->n_overruns);
    thenar_wire_put_u32(&writer, health->n_link_stalls);
    thenar_wire_put_u32(&writer, health->n_watchdog_resets);
    thenar_wire_put_u32(&writer, health->n_bad_commands);
    thenar_wire_put_u16(&writer, health->last_fault);
    return finish_write(&writer, n_space, n_body);
}

enum thenar_status thenar_health_decode(const uint8_t *body, size_t n_body,
                                        struct thenar_health *health)
{
    struct thenar_wire_reader reader = thenar_wire_read(body, n_body);
    health->ticks = thenar_wire_get_u64(&reader);
    health->uptime_s = thenar_wire_get_u32(&reader);
    uint8_t streaming = thenar_wire_get_u8(&reader);
    health->streaming = streaming;
    health->rate_mhz = thenar_wire_get_u32(&reader);
    health->gate_counts = thenar_wire_get_u16(&reader);
    health->temperature_centi_c = (int16_t)thenar_wire_get_u16(&reader);
    health->supply_mv = thenar_wire_get_u16(&reader);
    health->n_frames = thenar_wire_get_u32(&reader);
    health->n_dropped = thenar_wire_get_u32(&reader);
    health->n_overruns = thenar_wire_get_u32(&reader);
    health->n_link_stalls = thenar_wire_get_u32(&reader);
    health->n_watchdog_resets = thenar_wire_get_u32(&reader);
    health->n_bad_commands = thenar_wire_get_u32(&reader);
    health->last_fault = thenar_wire_get_u16(&reader);
    if (reader.failed)
        return THENAR_ERR_LENGTH;
    return streaming > 1 ? THENAR_ERR_VALUE : THENAR_OK;
}

enum thenar_status thenar_fault_encode(const struct thenar_fault *fault, uint8_t *body,
                                       size_t n_space, size_t *n_body)
{
    struct thenar_wire_writer writer = thenar_wire_write(body, n_space);
    thenar_wire_put_u64(&writer, fault->ticks);
    thenar_wire_put_u16(&writer, fault->code);
    thenar_wire_put_u32(&writer, fault->detail);
    return finish_write(&writer, n_space, n_body);
}

enum thenar_status thenar_fault_decode(const uint8_t *body, size_t n_body,
                                       struct thenar_fault *fault)
{
    struct thenar_wire_reader reader = thenar_wire_read(body, n_body);
    fault->ticks = thenar_wire_get_u64(&reader);
    fault->code = thenar_wire_get_u16(&reader);
    fault->detail = thenar_wire_get_u32(&reader);
    return reader.failed ? THENAR_ERR_LENGTH : THENAR_OK;
}

enum thenar_status thenar_aux_encode(const struct thenar_aux_sample *sample, uint8_t *body,
                                     size_t n_space, size_t *n_body)
{
    *n_body = 0;
    if (sample->n_values == 0 || sample->n_values > THENAR_MAX_AUX_VALUES)
        return THENAR_ERR_VALUE;
    struct thenar_wire_writer writer = thenar_wire_write(body, n_space);
    thenar_wire_put_u64(&writer, sample->ticks);
    thenar_wire_put_u8(&writer, sample->id);
    thenar_wire_put_u8(&writer, sample->n_values);
    for (size_t i = 0; i < sample->n_values; i++)
        thenar_wire_put_u32(&writer, (uint32_t)sample->values[i]);
    return finish_write(&writer, n_space, n_body);
}

enum thenar_status thenar_aux_decode(const uint8_t *body, size_t n_body,
                                     struct thenar_aux_sample *sample)
{
    struct thenar_wire_reader reader = thenar_wire_read(body, n_body);
    *sample = (struct thenar_aux_sample){0};
    sample->ticks = thenar_wire_get_u64(&reader);
    sample->id = thenar_wire_get_u8(&reader);
    uint8_t n_values = thenar_wire_get_u8(&reader);
    if (reader.failed)
        return THENAR_ERR_LENGTH;
    if (n_values == 0 || n_values > THENAR_MAX_AUX_VALUES)
        return THENAR_ERR_VALUE;
    for (size_t i = 0; i < n_values; i++)
        sample->values[i] = (int32_t)thenar_wire_get_u32(&reader);
    sample->n_values = n_values;
    return reader.failed ? THENAR_ERR_LENGTH : THENAR_OK;
}
