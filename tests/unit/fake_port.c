/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake_port.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "link/command.h"

struct fake_port fake;

void fake_port_init(void)
{
    memset(&fake, 0, sizeof fake);
    memset(fake.flash, 0xff, sizeof fake.flash);
    fake.host_is_there = true;
    fake.link_room = SIZE_MAX;
    fake.cut_after = SIZE_MAX;
    fake.supply_mv = 5000;
    fake.open_row = -1;
    thenar_stream_init(&fake.stream);
}

void fake_port_reset(bool by_watchdog)
{
    fake.ticks = 0;
    fake.scan = NULL;
    fake.was_watchdog = by_watchdog;
    fake.power_failed = false;
    fake.cut_after = SIZE_MAX;
}

void fake_host_send(const uint8_t *bytes, size_t n_bytes)
{
    assert_true(fake.n_from_host + n_bytes <= sizeof fake.from_host);
    memcpy(fake.from_host + fake.n_from_host, bytes, n_bytes);
    fake.n_from_host += n_bytes;
}

void fake_host_message(uint8_t type, const uint8_t *body, size_t n_body)
{
    uint8_t message[256], wire[300];
    size_t n_wire;
    assert_true(n_body + 5 <= sizeof message);
    if (n_body > 0)
        memcpy(message + 1, body, n_body);
    assert_int_equal(thenar_stream_wrap(type, message, n_body, wire, sizeof wire, &n_wire),
                     THENAR_OK);
    fake_host_send(wire, n_wire);
}

void fake_host_command(uint16_t request, uint8_t code, uint32_t argument)
{
    uint8_t body[16];
    size_t n_body;
    struct thenar_command command = {.request = request, .code = code, .argument = argument};
    assert_int_equal(thenar_command_encode(&command, body, sizeof body, &n_body), THENAR_OK);
    fake_host_message(THENAR_MESSAGE_COMMAND, body, n_body);
}

bool fake_host_receive(struct thenar_message *message)
{
    size_t n_used;
    enum thenar_status status =
        thenar_stream_next(&fake.stream, fake.to_host + fake.n_to_host_read,
                           fake.n_to_host - fake.n_to_host_read, &n_used, message);
    fake.n_to_host_read += n_used;
    assert_true(status == THENAR_OK || status == THENAR_PENDING);
    if (fake.n_to_host_read == fake.n_to_host)
        fake.n_to_host = fake.n_to_host_read = 0;
    return status == THENAR_OK;
}

struct thenar_reply fake_host_reply(void)
{
    struct thenar_message message;
    struct thenar_reply reply;
    do
        assert_true(fake_host_receive(&message));
    while (message.type != THENAR_MESSAGE_REPLY);
    assert_int_equal(thenar_reply_decode(message.body, message.n_body, &reply), THENAR_OK);
    return reply;
}

struct thenar_reply fake_host_call(struct device *device, uint8_t code, uint32_t argument)
{
    static uint16_t request = 100;
    fake_host_command(++request, code, argument);
    for (int i = 0; i < 4; i++)
        device_poll(device);
    struct thenar_reply reply = fake_host_reply();
    assert_int_equal(reply.request, request);
    assert_int_equal(reply.code, code);
    return reply;
}

void fake_scan(uint16_t counts, const uint16_t *samples)
{
    struct scan *scan = fake.scan;
    assert_non_null(scan);
    uint64_t start_ticks = scan->pace.due_ticks;
    if (fake.ticks < start_ticks)
        fake.ticks = start_ticks;
    scan_begin(scan, start_ticks, false);
    for (uint16_t step = 0; step < scan->n_steps; step++) {
        struct scan_place place = scan_place(scan);
        size_t i = (size_t)place.row * scan->n_cols + place.col;
        scan_put(scan, samples ? samples[i] : counts,
                 start_ticks + ((step + 1U) * scan->step_ticks_q8 >> 8));
    }
    scan_end(scan, start_ticks + (scan->n_steps * scan->step_ticks_q8 >> 8));
}

uint32_t port_tick_hz(void)
{
    return FAKE_TICK_HZ;
}

uint64_t port_ticks(void)
{
    return fake.ticks;
}

void port_scan_start(struct scan *scan)
{
    assert_null(fake.scan);
    fake.scan = scan;
}

void port_scan_stop(void)
{
    fake.scan = NULL;
}

uint16_t port_row_check(uint16_t row)
{
    assert_null(fake.scan);
    return row == fake.open_row ? 3 : 2040;
}

bool port_link_is_open(void)
{
    return fake.host_is_there;
}

size_t port_link_read(uint8_t *bytes, size_t n_space)
{
    size_t n = fake.n_from_host - fake.n_from_host_read;
    n = n < n_space ? n : n_space;
    memcpy(bytes, fake.from_host + fake.n_from_host_read, n);
    fake.n_from_host_read += n;
    if (fake.n_from_host_read == fake.n_from_host)
        fake.n_from_host = fake.n_from_host_read = 0;
    return n;
}

size_t port_link_write(const uint8_t *bytes, size_t n_bytes)
{
    size_t n = n_bytes < fake.link_room ? n_bytes : fake.link_room;
    assert_true(fake.n_to_host + n <= sizeof fake.to_host);
    memcpy(fake.to_host + fake.n_to_host, bytes, n);
    fake.n_to_host += n;
    if (fake.link_room != SIZE_MAX)
        fake.link_room -= n;
    return n;
}

bool port_flash_read(unsigned slot, uint8_t *bytes, size_t n_bytes)
{
    assert_true(slot < PORT_FLASH_SLOTS && n_bytes <= PORT_FLASH_SLOT_BYTES);
    memcpy(bytes, fake.flash[slot], n_bytes);
    return !fake.flash_is_broken;
}

/* Power may fail while the slot is erased, or behind any octet written. */
bool port_flash_write(unsigned slot, const uint8_t *bytes, size_t n_bytes)
{
    assert_true(slot < PORT_FLASH_SLOTS && n_bytes <= PORT_FLASH_SLOT_BYTES);
    assert_null(fake.scan);
    if (fake.flash_is_broken)
        return false;
    size_t n = n_bytes < fake.cut_after ? n_bytes : fake.cut_after;
    fake.power_failed = n < n_bytes;
    memset(fake.flash[slot], 0xff, PORT_FLASH_SLOT_BYTES);
    memcpy(fake.flash[slot], bytes, n);
    return !fake.power_failed;
}

uint32_t port_word_read(enum port_word word)
{
    return fake.words[word];
}

void port_word_write(enum port_word word, uint32_t value)
{
    fake.words[word] = value;
}

bool port_was_watchdog_reset(void)
{
    return fake.was_watchdog;
}

void port_watchdog_feed(void)
{
    fake.n_fed++;
}

int16_t port_temperature_centi_c(void)
{
    return INT16_MIN;
}

uint16_t port_supply_mv(void)
{
    return fake.supply_mv;
}

void port_identify(bool on)
{
    fake.identifying = on;
}

bool port_bootloader(void)
{
    fake.in_bootloader = true;
    return true;
}

uint8_t port_aux_channels(struct thenar_aux_channel channels[THENAR_MAX_AUX])
{
    memcpy(channels, fake.aux, fake.n_aux * sizeof *channels);
    return fake.n_aux;
}

bool port_aux_read(struct thenar_aux_sample *sample)
{
    if (fake.n_aux_samples == 0)
        return false;
    *sample = (struct thenar_aux_sample){.ticks = fake.ticks,
                                         .id = fake.aux[0].id,
                                         .n_values = 1,
                                         .values = {(int32_t)fake.n_aux_samples--}};
    return true;
}
