/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "golden/link_text.h"

#include <inttypes.h>

#include "link/command.h"
#include "link/frame.h"
#include "link/hello.h"
#include "link/report.h"

static void say(FILE *out, const char *name, int64_t value)
{
    (void)fprintf(out, "%s = %" PRId64 "\n", name, value);
}

static void say_ticks(FILE *out, uint64_t ticks)
{
    (void)fprintf(out, "ticks = %" PRIu64 "\n", ticks);
}

void link_text_write_error(enum thenar_status status, FILE *out)
{
    const char *reason = status == THENAR_ERR_COBS      ? "COBS"
                         : status == THENAR_ERR_CRC     ? "CRC"
                         : status == THENAR_ERR_LENGTH  ? "LENGTH"
                         : status == THENAR_ERR_VALUE   ? "VALUE"
                         : status == THENAR_ERR_TYPE    ? "TYPE"
                         : status == THENAR_ERR_VERSION ? "VERSION"
                                                        : "?";
    (void)fprintf(out, "error: %s\n", reason);
}

static void write_hello_numbers(const struct thenar_hello *hello, FILE *out)
{
    say(out, "version_major", hello->version_major);
    say(out, "version_minor", hello->version_minor);
    say(out, "mount", hello->mount);
    say(out, "adc_bits", hello->adc_bits);
    say(out, "n_rows", hello->n_rows);
    say(out, "n_cols", hello->n_cols);
    say(out, "tick_hz", hello->tick_hz);
    say(out, "rate_mhz", hello->rate_mhz);
    say(out, "rate_min_mhz", hello->rate_min_mhz);
    say(out, "rate_max_mhz", hello->rate_max_mhz);
    say(out, "pitch_x_um", hello->pitch_x_um);
    say(out, "pitch_y_um", hello->pitch_y_um);
    say(out, "sensing_um2", hello->sensing_um2);
    say(out, "front_end", hello->front_end);
    say(out, "zero_potential", hello->zero_potential);
    say(out, "has_taxel_pages", hello->has_taxel_pages);
    say(out, "reference_ohm", hello->reference_ohm);
    say(out, "settle_ns", hello->settle_ns);
    say(out, "gate_counts", hello->gate_counts);
    say(out, "calibration", hello->calibration);
    say(out, "conductance_100kpa_ns", hello->conductance_100kpa_ns);
    say(out, "exponent_e4", hello->exponent_e4);
    say(out, "uncertainty_e4", hello->uncertainty_e4);
    say(out, "calibration_days", hello->calibration_days);
}

static enum thenar_status write_hello(const uint8_t *body, size_t n_body, FILE *out)
{
    static struct thenar_hello hello;
    enum thenar_status status = thenar_hello_decode(body, n_body, &hello);
    if (status)
        return status;
    (void)fputs("HELLO\n", out);
    write_hello_numbers(&hello, out);
    (void)fprintf(out, "calibration_reference = \"%s\"\nmodel = \"%s\"\n",
                  hello.calibration_reference, hello.model);
    (void)fprintf(out, "serial = \"%s\"\nfirmware = \"%s\"\n", hello.serial, hello.firmware);
    say(out, "n_aux", hello.n_aux);
    for (size_t i = 0; i < hello.n_aux; i++)
        (void)fprintf(out, "aux = %u %u %u %" PRIu32 " %" PRIu32 "\n", hello.aux[i].id,
                      hello.aux[i].kind, hello.aux[i].n_values, hello.aux[i].rate_mhz,
                      hello.aux[i].scale_nano);
    (void)fputs("exists =", out);
    for (size_t i = 0; i < ((size_t)hello.n_rows * hello.n_cols + 7) / 8; i++)
        (void)fprintf(out, " %02x", hello.exists[i]);
    (void)fputs("\n", out);
    return THENAR_OK;
}

static enum thenar_status write_taxels(const uint8_t *body, size_t n_body, FILE *out)
{
    struct thenar_taxel_page page;
    enum thenar_status status = thenar_taxels_decode(body, n_body, &page);
    if (status)
        return status;
    (void)fputs("TAXELS\n", out);
    say(out, "first", page.first);
    say(out, "n_taxels", page.n_taxels);
    for (size_t i = 0; i < page.n_taxels; i++)
        (void)fprintf(out, "taxel = %" PRId32 " %" PRId32 " %" PRIu32 " %u\n", page.taxels[i].x_um,
                      page.taxels[i].y_um, page.taxels[i].sensing_um2, page.taxels[i].gain_q14);
    return THENAR_OK;
}

static enum thenar_status write_frame(const uint8_t *body, size_t n_body,
                                      struct link_text_array array, FILE *out)
{
    static uint16_t counts[THENAR_MAX_TAXELS];
    struct thenar_frame frame;
    enum thenar_status status =
        thenar_frame_decode(body, n_body, array.n_rows * array.n_cols, &frame, counts);
    if (status)
        return status;
    (void)fputs("FRAME\n", out);
    say(out, "sequence", frame.sequence);
    say_ticks(out, frame.ticks);
    say(out, "scan_ticks", frame.scan_ticks);
    say(out, "n_dropped", frame.n_dropped);
    say(out, "n_late", frame.n_late);
    say(out, "trigger", frame.trigger);
    say(out, "sparse", frame.sparse);
    for (size_t row = 0; row < array.n_rows; row++) {
        (void)fputs("row =", out);
        for (size_t col = 0; col < array.n_cols; col++)
            (void)fprintf(out, " %u", counts[row * array.n_cols + col]);
        (void)fputs("\n", out);
    }
    return THENAR_OK;
}

static enum thenar_status write_status(const uint8_t *body, size_t n_body, FILE *out)
{
    struct thenar_health health;
    enum thenar_status status = thenar_health_decode(body, n_body, &health);
    if (status)
        return status;
    (void)fputs("STATUS\n", out);
    say_ticks(out, health.ticks);
    say(out, "uptime_s", health.uptime_s);
    say(out, "streaming", health.streaming);
    say(out, "rate_mhz", health.rate_mhz);
    say(out, "gate_counts", health.gate_counts);
    say(out, "temperature_centi_c", health.temperature_centi_c);
    say(out, "supply_mv", health.supply_mv);
    say(out, "n_frames", health.n_frames);
    say(out, "n_dropped", health.n_dropped);
    say(out, "n_overruns", health.n_overruns);
    say(out, "n_link_stalls", health.n_link_stalls);
    say(out, "n_watchdog_resets", health.n_watchdog_resets);
    say(out, "n_bad_commands", health.n_bad_commands);
    say(out, "last_fault", health.last_fault);
    return THENAR_OK;
}

static enum thenar_status write_fault(const uint8_t *body, size_t n_body, FILE *out)
{
    struct thenar_fault fault;
    enum thenar_status status = thenar_fault_decode(body, n_body, &fault);
    if (status)
        return status;
    (void)fputs("FAULT\n", out);
    say_ticks(out, fault.ticks);
    say(out, "code", fault.code);
    say(out, "detail", fault.detail);
    return THENAR_OK;
}

static enum thenar_status write_reply(const uint8_t *body, size_t n_body, FILE *out)
{
    struct thenar_reply reply;
    enum thenar_status status = thenar_reply_decode(body, n_body, &reply);
    if (status)
        return status;
    (void)fputs("REPLY\n", out);
    say(out, "request", reply.request);
    say(out, "code", reply.code);
    say(out, "result", reply.result);
    say(out, "value", reply.value);
    say(out, "n_findings", reply.n_findings);
    for (size_t i = 0; i < reply.n_findings; i++)
        (void)fprintf(out, "finding = %u %u %u\n", reply.findings[i].kind, reply.findings[i].index,
                      reply.findings[i].counts);
    return THENAR_OK;
}

static enum thenar_status write_aux(const uint8_t *body, size_t n_body, FILE *out)
{
    struct thenar_aux_sample sample;
    enum thenar_status status = thenar_aux_decode(body, n_body, &sample);
    if (status)
        return status;
    (void)fputs("AUX\n", out);
    say_ticks(out, sample.ticks);
    say(out, "id", sample.id);
    say(out, "n_values", sample.n_values);
    (void)fputs("values =", out);
    for (size_t i = 0; i < sample.n_values; i++)
        (void)fprintf(out, " %" PRId32, sample.values[i]);
    (void)fputs("\n", out);
    return THENAR_OK;
}

static enum thenar_status write_command(const uint8_t *body, size_t n_body, FILE *out)
{
    struct thenar_command command;
    enum thenar_status status = thenar_command_decode(body, n_body, &command);
    if (status)
        return status;
    (void)fputs("COMMAND\n", out);
    say(out, "request", command.request);
    say(out, "code", command.code);
    say(out, "argument", command.argument);
    return THENAR_OK;
}

static enum thenar_status write_any(const struct thenar_message *message,
                                    struct link_text_array array, FILE *out)
{
    switch (message->type) {
    case THENAR_MESSAGE_HELLO:
        return write_hello(message->body, message->n_body, out);
    case THENAR_MESSAGE_TAXELS:
        return write_taxels(message->body, message->n_body, out);
    case THENAR_MESSAGE_FRAME:
        return write_frame(message->body, message->n_body, array, out);
    case THENAR_MESSAGE_STATUS:
        return write_status(message->body, message->n_body, out);
    case THENAR_MESSAGE_FAULT:
        return write_fault(message->body, message->n_body, out);
    case THENAR_MESSAGE_REPLY:
        return write_reply(message->body, message->n_body, out);
    case THENAR_MESSAGE_AUX:
        return write_aux(message->body, message->n_body, out);
    case THENAR_MESSAGE_COMMAND:
        return write_command(message->body, message->n_body, out);
    default:
        return THENAR_ERR_TYPE;
    }
}

void link_text_write(const struct thenar_message *message, struct link_text_array array, FILE *out)
{
    enum thenar_status status = write_any(message, array, out);
    if (status)
        link_text_write_error(status, out);
}
