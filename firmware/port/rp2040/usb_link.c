/* SPDX-License-Identifier: MIT */
#include "usb_link.h"

#include "hardware/timer.h"
#include "tusb.h"

#include "chip.h"
#include "core/turn_away.h"
#include "port/port.h"
#include "usb_descriptors.h"
#include "usb_ids.h"

enum way { WAY_CDC = 0, WAY_BULK = 1, N_WAYS = 2, WAY_NONE = N_WAYS };

enum {
    PACKET_BYTES = 64,
    LEAVE_US = 100000,
    LAST_WORDS_US = 100000,
    STALE_US = 3000000 /* a host that takes nothing for so long has died, if another one comes */
};

static struct {
    bool present[N_WAYS]; /* a host is there */
    bool bulk_sleeps;     /* there was one when the bus went to sleep */
    enum way owner;
    bool parted;              /* the core has still to see the link closed */
    uint64_t moved_ticks;     /* when the owner last took something, or had nothing to take */
    struct turn_away refusal; /* to whoever is present and not the owner */
} link;

/* --- both ways alike -------------------------------------------------------------------------- */

static uint32_t read_way(enum way way, uint8_t *bytes, uint32_t n_space)
{
    return way == WAY_CDC ? tud_cdc_read(bytes, n_space) : tud_vendor_read(bytes, n_space);
}

static uint32_t write_cdc(const uint8_t *bytes, uint32_t n_bytes)
{
    uint32_t n_room = tud_cdc_write_available();
    uint32_t n = tud_cdc_write(bytes, n_bytes < n_room ? n_bytes : n_room);
    (void)tud_cdc_write_flush();
    return n;
}

/* One transfer. It must not end on a full packet: the host would wait for what comes after. */
static uint32_t write_bulk(const uint8_t *bytes, uint32_t n_bytes)
{
    uint32_t n_room = tud_vendor_n_write_available(0); /* all or nothing */
    uint32_t n = n_bytes < n_room ? n_bytes : n_room;
    if (n > 0 && n % PACKET_BYTES == 0)
        n--;
    return n > 0 ? tud_vendor_write(bytes, n) : 0;
}

static uint32_t write_way(enum way way, const uint8_t *bytes, uint32_t n_bytes)
{
    if (n_bytes == 0)
        return 0;
    return way == WAY_CDC ? write_cdc(bytes, n_bytes) : write_bulk(bytes, n_bytes);
}

static bool has_sent_all(enum way way)
{
    return way == WAY_CDC ? tud_cdc_write_available() >= CFG_TUD_CDC_TX_BUFSIZE
                          : tud_vendor_n_write_available(0) > 0;
}

static void forget_received(enum way way)
{
    if (way == WAY_CDC)
        tud_cdc_read_flush();
    else
        tud_vendor_read_flush();
}

static void set_present(enum way way, bool present)
{
    if (link.present[way] == present)
        return;
    link.present[way] = present;
    if (!present)
        forget_received(way);
    if (!present && way == WAY_CDC)
        tud_cdc_write_clear();
    chip_wake();
}

/* --- TinyUSB's callbacks ---------------------------------------------------------------------- */

void tud_event_hook_cb(uint8_t rhport, uint32_t event, bool in_isr)
{
    (void)rhport, (void)event, (void)in_isr;
    chip_wake();
}

void tud_cdc_line_state_cb(uint8_t interface, bool dtr, bool rts)
{
    (void)interface, (void)rts;
    set_present(WAY_CDC, dtr);
}

void tud_cdc_tx_complete_cb(uint8_t interface)
{
    (void)interface;
    if (link.owner == WAY_CDC)
        link.moved_ticks = time_us_64();
}

void tud_vendor_tx_cb(uint8_t interface, uint32_t n_sent)
{
    (void)interface, (void)n_sent;
    if (link.owner == WAY_BULK)
        link.moved_ticks = time_us_64();
}

/* A host that speaks is there, though it has not said so. */
void tud_vendor_rx_cb(uint8_t interface, const uint8_t *bytes, uint16_t n_bytes)
{
    (void)interface, (void)bytes, (void)n_bytes;
    link.present[WAY_BULK] = true;
}

static void leave_all(void)
{
    set_present(WAY_CDC, false);
    set_present(WAY_BULK, false);
}

static void forget_all(void)
{
    link.bulk_sleeps = false;
    leave_all();
}

void tud_umount_cb(void)
{
    forget_all();
}

/* After a reset of the bus, of which TinyUSB says nothing else. */
void tud_mount_cb(void)
{
    forget_all();
}

void tud_suspend_cb(bool remote_wakeup)
{
    (void)remote_wakeup;
    link.bulk_sleeps = link.bulk_sleeps || link.present[WAY_BULK];
    leave_all();
}

/* Who was there when the bus went to sleep is there still, and may not say so again: neither DTR,
 * which a serial driver keeps set, nor HOST. That the stream has stopped, STATUS tells. */
void tud_resume_cb(void)
{
    set_present(WAY_CDC, tud_cdc_connected());
    if (link.bulk_sleeps)
        set_present(WAY_BULK, true);
    link.bulk_sleeps = false;
}

bool tud_vendor_control_xfer_cb(uint8_t rhport, uint8_t stage,
                                const tusb_control_request_t *request)
{
    if (stage != CONTROL_STAGE_SETUP)
        return true;
    if (request->bmRequestType_bit.type != TUSB_REQ_TYPE_VENDOR)
        return false;
    if (request->bRequest == USB_REQUEST_MS_OS && request->wIndex == USB_MS_OS_INDEX) {
        uint16_t n_bytes;
        const uint8_t *bytes = usb_descriptors_ms_os(&n_bytes);
        return tud_control_xfer(rhport, request, (void *)(uintptr_t)bytes, n_bytes);
    }
    if (request->bRequest == USB_REQUEST_HOST && request->wIndex == USB_INTERFACE_BULK &&
        request->wValue <= 1) {
        set_present(WAY_BULK, request->wValue == 1);
        return tud_control_status(rhport, request);
    }
    return false;
}

/* --- whose the link is ------------------------------------------------------------------------ */

static bool is_stale(enum way way, uint64_t now)
{
    if (has_sent_all(way))
        link.moved_ticks = now;
    return now - link.moved_ticks > STALE_US;
}

static void choose_owner(void)
{
    uint64_t now = time_us_64();
    if (link.owner != WAY_NONE) {
        enum way other = link.owner == WAY_CDC ? WAY_BULK : WAY_CDC;
        if (is_stale(link.owner, now) && link.present[other])
            set_present(link.owner, false);
        if (link.present[link.owner])
            return;
        link.owner = WAY_NONE;
        link.parted = true;
    }
    for (enum way way = WAY_CDC; way < N_WAYS && link.owner == WAY_NONE; way++)
        if (link.present[way])
            link.owner = way;
    link.moved_ticks = now;
}

static void refuse_other(void)
{
    enum way other = link.owner == WAY_CDC ? WAY_BULK : WAY_CDC;
    if (link.owner == WAY_NONE || !link.present[other]) {
        turn_away_reset(&link.refusal);
        return;
    }
    for (;;) {
        size_t n_answer;
        const uint8_t *answer = turn_away_answer(&link.refusal, &n_answer);
        turn_away_sent(&link.refusal, write_way(other, answer, (uint32_t)n_answer));
        uint8_t byte;
        if (!turn_away_is_ready(&link.refusal) || read_way(other, &byte, 1) == 0)
            return;
        turn_away_receive(&link.refusal, byte);
    }
}

void usb_link_init(const char *model, const char *serial)
{
    link.owner = WAY_NONE;
    turn_away_init(&link.refusal);
    usb_descriptors_init(model, serial);
    tusb_init();
}

void usb_link_poll(void)
{
    tud_task();
    choose_owner();
    refuse_other();
}

/* --- the port's contract ---------------------------------------------------------------------- */

bool port_link_is_open(void)
{
    bool is_open = link.owner != WAY_NONE && !link.parted;
    link.parted = false;
    return is_open;
}

size_t port_link_read(uint8_t *bytes, size_t n_space)
{
    return link.owner == WAY_NONE ? 0 : read_way(link.owner, bytes, (uint32_t)n_space);
}

size_t port_link_write(const uint8_t *bytes, size_t n_bytes)
{
    return link.owner == WAY_NONE ? 0 : write_way(link.owner, bytes, (uint32_t)n_bytes);
}

/* --- farewells -------------------------------------------------------------------------------- */

static void drain(enum way way, uint32_t longest_us)
{
    uint32_t began = timer_hw->timerawl;
    while (!has_sent_all(way) && timer_hw->timerawl - began < longest_us)
        tud_task();
}

void usb_link_leave(void)
{
    enum { PACKET_US = 5000 }; /* the last one is still on the wire */
    if (link.owner != WAY_NONE)
        drain(link.owner, LEAVE_US);
    uint32_t began = timer_hw->timerawl;
    while (timer_hw->timerawl - began < PACKET_US)
        tud_task();
    tud_disconnect();
}

void usb_link_last_words(const uint8_t *bytes, size_t n_bytes)
{
    if (link.owner == WAY_NONE)
        return;
    uint32_t began = timer_hw->timerawl;
    while (n_bytes > 0 && timer_hw->timerawl - began < LAST_WORDS_US) {
        uint32_t n = write_way(link.owner, bytes, (uint32_t)n_bytes);
        bytes += n;
        n_bytes -= n;
        tud_task();
    }
    drain(link.owner, LAST_WORDS_US);
}
