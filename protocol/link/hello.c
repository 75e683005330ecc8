/* SPDX-License-Identifier: MIT */
#include "link/hello.h"

#include <string.h>

#include "link/utf8.h"
#include "link/wire.h"

enum { FLAG_ZERO_POTENTIAL = 1 << 0, FLAG_TAXEL_PAGES = 1 << 1 };

static enum thenar_status check_numbers(const struct thenar_hello *hello)
{
    if (hello->version_major != THENAR_LINK_VERSION_MAJOR)
        return THENAR_ERR_VERSION;
    size_t n_taxels = (size_t)hello->n_rows * hello->n_cols;
    bool good = hello->mount <= THENAR_MOUNT_GLOVE && hello->adc_bits >= 1 &&
                hello->adc_bits <= THENAR_MAX_ADC_BITS && hello->n_rows <= THENAR_MAX_SIDE &&
                hello->n_cols <= THENAR_MAX_SIDE && n_taxels >= 1 &&
                n_taxels <= THENAR_MAX_TAXELS && hello->tick_hz >= 1 && hello->rate_min_mhz >= 1 &&
                hello->rate_min_mhz <= hello->rate_mhz && hello->rate_mhz <= hello->rate_max_mhz &&
                hello->pitch_x_um >= 1 && hello->pitch_y_um >= 1 && hello->sensing_um2 >= 1 &&
                hello->front_end <= THENAR_FRONT_END_TRANSIMPEDANCE &&
                hello->calibration <= THENAR_CALIBRATION_FACTORY;
    if (good && hello->calibration == THENAR_CALIBRATION_FACTORY)
        good = hello->conductance_100kpa_ns >= 1 && hello->exponent_e4 >= 1 &&
               hello->reference_ohm >= 1;
    return good ? THENAR_OK : THENAR_ERR_VALUE;
}

static enum thenar_status check_aux(const struct thenar_hello *hello)
{
    if (hello->n_aux > THENAR_MAX_AUX)
        return THENAR_ERR_VALUE;
    for (size_t i = 0; i < hello->n_aux; i++) {
        if (hello->aux[i].n_values == 0 || hello->aux[i].n_values > THENAR_MAX_AUX_VALUES)
            return THENAR_ERR_VALUE;
        for (size_t j = 0; j < i; j++)
            if (hello->aux[j].id == hello->aux[i].id)
                return THENAR_ERR_VALUE;
    }
    return THENAR_OK;
}

/* One length-prefixed text of a struct's field [THENAR_NAME_BYTES]. */
static enum thenar_status put_text(struct thenar_wire_writer *writer, const char *text)
{
    const char *end = memchr(text, '\0', THENAR_NAME_BYTES);
    if (!end)
        return THENAR_ERR_VALUE;
    size_t n_text = (size_t)(end - text);
    if (!thenar_utf8_is_printable((const uint8_t *)text, n_text))
        return THENAR_ERR_VALUE;
    thenar_wire_put_u8(writer, (uint8_t)n_text);
    uint8_t *room = thenar_wire_reserve(writer, n_text);
    if (room)
        memcpy(room, text, n_text);
    return THENAR_OK;
}

static enum thenar_status get_text(struct thenar_wire_reader *reader, char *text)
{
    memset(text, 0, THENAR_NAME_BYTES);
    size_t n_text = thenar_wire_get_u8(reader);
    if (n_text >= THENAR_NAME_BYTES)
        return THENAR_ERR_VALUE;
    const uint8_t *octets = thenar_wire_take(reader, n_text);
    if (!octets)
        return THENAR_ERR_LENGTH;
    if (!thenar_utf8_is_printable(octets, n_text))
        return THENAR_ERR_VALUE;
    memcpy(text, octets, n_text);
    return THENAR_OK;
}

static void put_numbers(struct thenar_wire_writer *writer, const struct thenar_hello *hello)
{
    thenar_wire_put_u8(writer, hello->version_major);
    thenar_wire_put_u8(writer, hello->version_minor);
    thenar_wire_put_u8(writer, hello->mount);
    thenar_wire_put_u8(writer, hello->adc_bits);
    thenar_wire_put_u16(writer, hello->n_rows);
    thenar_wire_put_u16(writer, hello->n_cols);
    thenar_wire_put_u32(writer, hello->tick_hz);
    thenar_wire_put_u32(writer, hello->rate_mhz);
    thenar_wire_put_u32(writer, hello->rate_min_mhz);
    thenar_wire_put_u32(writer, hello->rate_max_mhz);
    thenar_wire_put_u32(writer, hello->pitch_x_um);
    thenar_wire_put_u32(writer, hello->pitch_y_um);
    thenar_wire_put_u32(writer, hello->sensing_um2);
    thenar_wire_put_u8(writer, hello->front_end);
    thenar_wire_put_u8(writer, (uint8_t)((hello->zero_potential ? FLAG_ZERO_POTENTIAL : 0) |
                                         (hello->has_taxel_pages ? FLAG_TAXEL_PAGES : 0)));
    thenar_wire_put_u32(writer, hello->reference_ohm);
    thenar_wire_put_u32(writer, hello->settle_ns);
    thenar_wire_put_u16(writer, hello->gate_counts);
    thenar_wire_put_u8(writer, hello->calibration);
    thenar_wire_put_u32(writer, hello->conductance_100kpa_ns);
    thenar_wire_put_u16(writer, hello->exponent_e4);
    thenar_wire_put_u16(writer, hello->uncertainty_e4);
    thenar_wire_put_u16(writer, hello->calibration_days);
}

static void get_numbers(struct thenar_wire_reader *reader, struct thenar_hello *hello)
{
    hello->version_major = thenar_wire_get_u8(reader);
    hello->version_minor = thenar_wire_get_u8(reader);
    hello->mount = thenar_wire_get_u8(reader);
    hello->adc_bits = thenar_wire_get_u8(reader);
    hello->n_rows = thenar_wire_get_u16(reader);
    hello->n_cols = thenar_wire_get_u16(reader);
    hello->tick_hz = thenar_wire_get_u32(reader);
    hello->rate_mhz = thenar_wire_get_u32(reader);
    hello->rate_min_mhz = thenar_wire_get_u32(reader);
    hello->rate_max_mhz = thenar_wire_get_u32(reader);
    hello->pitch_x_um = thenar_wire_get_u32(reader);
    hello->pitch_y_um = thenar_wire_get_u32(reader);
    hello->sensing_um2 = thenar_wire_get_u32(reader);
    hello->front_end = thenar_wire_get_u8(reader);
    uint8_t flags = thenar_wire_get_u8(reader);
    hello->zero_potential = flags & FLAG_ZERO_POTENTIAL;
    hello->has_taxel_pages = flags & FLAG_TAXEL_PAGES;
    hello->reference_ohm = thenar_wire_get_u32(reader);
    hello->settle_ns = thenar_wire_get_u32(reader);
    hello->gate_counts = thenar_wire_get_u16(reader);
    hello->calibration = thenar_wire_get_u8(reader);
    hello->conductance_100kpa_ns = thenar_wire_get_u32(reader);
    hello->exponent_e4 = thenar_wire_get_u16(reader);
    hello->uncertainty_e4 = thenar_wire_get_u16(reader);
    hello->calibration_days = thenar_wire_get_u16(reader);
}

static void put_aux(struct thenar_wire_writer *writer, const struct thenar_hello *hello)
{
    thenar_wire_put_u8(writer, hello->n_aux);
    for (size_t i = 0; i < hello->n_aux; i++) {
        thenar_wire_put_u8(writer, hello->aux[i].id);
        thenar_wire_put_u8(writer, hello->aux[i].kind);
        thenar_wire_put_u8(writer, hello->aux[i].n_values);
        thenar_wire_put_u32(writer, hello->aux[i].rate_mhz);
        thenar_wire_put_u32(writer, hello->aux[i].scale_nano);
    }
}

static enum thenar_status get_aux(struct thenar_wire_reader *reader, struct thenar_hello *hello)
{
    hello->n_aux = thenar_wire_get_u8(reader);
    if (hello->n_aux > THENAR_MAX_AUX)
        return THENAR_ERR_VALUE;
    for (size_t i = 0; i < hello->n_aux; i++) {
        hello->aux[i].id = thenar_wire_get_u8(reader);
        hello->aux[i].kind = thenar_wire_get_u8(reader);
        hello->aux[i].n_values = thenar_wire_get_u8(reader);
        hello->aux[i].rate_mhz = thenar_wire_get_u32(reader);
        hello->aux[i].scale_nano = thenar_wire_get_u32(reader);
    }
    return reader->failed ? THENAR_ERR_LENGTH : check_aux(hello);
}

/* The bits of the last octet that stand for taxels. */
static uint8_t last_octet_mask(size_t n_taxels)
{
    return (uint8_t)(0xFFu >> (8 - n_taxels % 8) % 8);
}

enum thenar_status thenar_hello_encode(const struct thenar_hello *hello, uint8_t *body,
                                       size_t n_space, size_t *n_body)
{
    *n_body = 0;
    enum thenar_status status = check_numbers(hello);
    if (!status)
        status = check_aux(hello);
    if (!status && hello->serial[0] == '\0')
        status = THENAR_ERR_VALUE;
    if (status)
        return status;

    struct thenar_wire_writer writer = thenar_wire_write(body, n_space);
    put_numbers(&writer, hello);
    const char *const texts[] = {hello->calibration_reference, hello->model, hello->serial,
                                 hello->firmware};
    for (size_t i = 0; i < sizeof texts / sizeof *texts && !status; i++)
        status = put_text(&writer, texts[i]);
    if (status)
        return status;
    put_aux(&writer, hello);

    size_t n_taxels = (size_t)hello->n_rows * hello->n_cols;
    size_t n_bitmap = (n_taxels + 7) / 8;
    uint8_t *bitmap = thenar_wire_reserve(&writer, n_bitmap);
    if (!bitmap)
        return THENAR_ERR_SPACE;
    memcpy(bitmap, hello->exists, n_bitmap);
    bitmap[n_bitmap - 1] &= last_octet_mask(n_taxels);
    *n_body = n_space - writer.n_left;
    return THENAR_OK;
}

enum thenar_status thenar_hello_decode(const uint8_t *body, size_t n_body,
                                       struct thenar_hello *hello)
{
    struct thenar_wire_reader reader = thenar_wire_read(body, n_body);
    memset(hello, 0, sizeof *hello);
    /* The version first: of another major version, nothing else can be trusted. */
    if (n_body >= 1 && body[0] != THENAR_LINK_VERSION_MAJOR)
        return THENAR_ERR_VERSION;
    get_numbers(&reader, hello);
    if (reader.failed)
        return THENAR_ERR_LENGTH;
    enum thenar_status status = check_numbers(hello);
    char *const texts[] = {hello->calibration_reference, hello->model, hello->serial,
                           hello->firmware};
    for (size_t i = 0; i < sizeof texts / sizeof *texts && !status; i++)
        status = get_text(&reader, texts[i]);
    if (!status && hello->serial[0] == '\0')
        status = THENAR_ERR_VALUE;
    if (!status)
        status = get_aux(&reader, hello);
    if (status)
        return status;

    size_t n_taxels = (size_t)hello->n_rows * hello->n_cols;
    size_t n_bitmap = (n_taxels + 7) / 8;
    const uint8_t *bitmap = thenar_wire_take(&reader, n_bitmap);
    if (!bitmap)
        return THENAR_ERR_LENGTH;
    memcpy(hello->exists, bitmap, n_bitmap);
    hello->exists[n_bitmap - 1] &= last_octet_mask(n_taxels);
    return THENAR_OK;
}
