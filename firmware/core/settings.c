/* SPDX-License-Identifier: MIT */
#include "core/settings.h"

#include <string.h>

#include "link/crc32c.h"
#include "link/wire.h"
#include "port/port.h"

enum { MAGIC = 0x31534e54 /* "TNS1" */, CRC_AT = 16, RECORD_BYTES = 20 };

_Static_assert((int)RECORD_BYTES <= (int)PORT_FLASH_SLOT_BYTES, "a record fits into a slot");

struct record {
    struct settings settings;
    uint32_t sequence;
    bool valid;
};

static void encode(uint8_t bytes[RECORD_BYTES], const struct settings *settings, uint32_t sequence)
{
    struct thenar_wire_writer writer = thenar_wire_write(bytes, RECORD_BYTES);
    thenar_wire_put_u32(&writer, MAGIC);
    thenar_wire_put_u32(&writer, sequence);
    thenar_wire_put_u32(&writer, settings->rate_mhz);
    thenar_wire_put_u16(&writer, settings->gate_counts);
    thenar_wire_put_u16(&writer, 0);
    thenar_wire_put_u32(&writer, thenar_crc32c(bytes, CRC_AT));
}

/* A slot that holds no record, or a torn one, is read as not valid. */
static bool read_slot(unsigned slot, struct record *record)
{
    uint8_t bytes[RECORD_BYTES];
    memset(record, 0, sizeof *record);
    if (!port_flash_read(slot, bytes, sizeof bytes))
        return false;
    struct thenar_wire_reader reader = thenar_wire_read(bytes, sizeof bytes);
    uint32_t magic = thenar_wire_get_u32(&reader);
    record->sequence = thenar_wire_get_u32(&reader);
    record->settings.rate_mhz = thenar_wire_get_u32(&reader);
    record->settings.gate_counts = thenar_wire_get_u16(&reader);
    (void)thenar_wire_get_u16(&reader);
    record->valid = magic == MAGIC && thenar_wire_get_u32(&reader) == thenar_crc32c(bytes, CRC_AT);
    return true;
}

/* @return the slot of the newest record, or -1; records is filled. Sequence numbers may wrap. */
static int newest(struct record records[PORT_FLASH_SLOTS], bool *readable)
{
    int best = -1;
    *readable = true;
    for (unsigned slot = 0; slot < PORT_FLASH_SLOTS; slot++) {
        *readable = read_slot(slot, &records[slot]) && *readable;
        if (!records[slot].valid)
            continue;
        if (best < 0 || (int32_t)(records[slot].sequence - records[best].sequence) > 0)
            best = (int)slot;
    }
    return best;
}

void settings_default(struct settings *settings, const struct board *board)
{
    settings->rate_mhz = board->rate_mhz;
    settings->gate_counts = 0;
}

enum thenar_status settings_load(struct settings *settings, const struct board *board)
{
    struct record records[PORT_FLASH_SLOTS];
    bool readable;
    int slot = newest(records, &readable);
    if (slot < 0)
        return readable ? THENAR_ERR_ABSENT : THENAR_ERR_OS;
    const struct settings *found = &records[slot].settings;
    if (found->rate_mhz < board->rate_min_mhz || found->rate_mhz > board->rate_max_mhz ||
        found->gate_counts >> board->adc_bits != 0)
        return THENAR_ERR_ABSENT; /* another board's */
    *settings = *found;
    return THENAR_OK;
}

enum thenar_status settings_store(const struct settings *settings)
{
    struct record records[PORT_FLASH_SLOTS];
    bool readable;
    int slot = newest(records, &readable);
    unsigned target = slot < 0 ? 0 : (unsigned)(slot + 1) % PORT_FLASH_SLOTS;
    uint32_t sequence = slot < 0 ? 1 : records[slot].sequence + 1;

    uint8_t wanted[RECORD_BYTES], written[RECORD_BYTES];
    encode(wanted, settings, sequence);
    if (!port_flash_write(target, wanted, sizeof wanted) ||
        !port_flash_read(target, written, sizeof written) ||
        memcmp(wanted, written, sizeof wanted) != 0)
        return THENAR_ERR_OS;
    return THENAR_OK;
}
