/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "usb_transfers.h"

#include <string.h>
#include <sys/time.h>

enum { SEND_MS = 500, DRAIN_MS = 200, DRAIN_STEP_MS = 10 };

enum thenar_status usb_transfers_init(struct usb_transfers *transfers)
{
    bool has_all = true;
    for (size_t i = 0; i < USB_TRANSFERS_IN; i++)
        has_all &= (transfers->in[i].transfer = libusb_alloc_transfer(0)) != NULL;
    for (size_t i = 0; i < USB_TRANSFERS_OUT; i++)
        has_all &= (transfers->out[i].transfer = libusb_alloc_transfer(0)) != NULL;
    return has_all ? THENAR_OK : THENAR_ERR_MEMORY;
}

void usb_transfers_finish(struct usb_transfers *transfers)
{
    for (size_t i = 0; i < USB_TRANSFERS_IN; i++)
        libusb_free_transfer(transfers->in[i].transfer);
    for (size_t i = 0; i < USB_TRANSFERS_OUT; i++)
        libusb_free_transfer(transfers->out[i].transfer);
}

void usb_transfers_reset(struct usb_transfers *transfers)
{
    transfers->is_gone = transfers->is_closing = false;
    transfers->trouble = LIBUSB_TRANSFER_COMPLETED;
}

static void note_trouble(struct usb_transfers *transfers, const struct libusb_transfer *transfer)
{
    if (transfer->status == LIBUSB_TRANSFER_NO_DEVICE)
        transfers->is_gone = true;
    else if (transfer->status != LIBUSB_TRANSFER_COMPLETED && !transfers->is_closing)
        transfers->trouble = transfer->status;
}

static void submit(struct usb_transfers *transfers, struct usb_slot *slot)
{
    int result = libusb_submit_transfer(slot->transfer);
    slot->is_flying = result == 0;
    if (result == LIBUSB_ERROR_NO_DEVICE)
        transfers->is_gone = true;
    else if (result != 0)
        transfers->trouble = LIBUSB_TRANSFER_ERROR;
}

static void LIBUSB_CALL on_in(struct libusb_transfer *transfer)
{
    struct usb_transfers *transfers = transfer->user_data;
    size_t at = (size_t)(transfer->buffer - transfers->in_bytes[0]) / USB_TRANSFERS_IN_BYTES;
    transfers->in[at].is_flying = false;
    transfers->in[at].is_done = true;
    transfers->in[at].n_taken = 0;
    note_trouble(transfers, transfer);
}

static void LIBUSB_CALL on_out(struct libusb_transfer *transfer)
{
    struct usb_transfers *transfers = transfer->user_data;
    size_t at = (size_t)(transfer->buffer - transfers->out_bytes[0]) / USB_TRANSFERS_OUT_BYTES;
    transfers->out[at].is_flying = false;
    note_trouble(transfers, transfer);
}

void usb_transfers_start(struct usb_transfers *transfers, libusb_device_handle *handle,
                         uint8_t endpoint_in, uint8_t endpoint_out)
{
    transfers->oldest = 0;
    for (size_t i = 0; i < USB_TRANSFERS_IN; i++) {
        struct usb_slot *slot = &transfers->in[i];
        libusb_fill_bulk_transfer(slot->transfer, handle, endpoint_in, transfers->in_bytes[i],
                                  USB_TRANSFERS_IN_BYTES, on_in, transfers, 0);
        slot->is_done = false;
        submit(transfers, slot);
    }
    for (size_t i = 0; i < USB_TRANSFERS_OUT; i++) {
        struct usb_slot *slot = &transfers->out[i];
        libusb_fill_bulk_transfer(slot->transfer, handle, endpoint_out, transfers->out_bytes[i],
                                  USB_TRANSFERS_OUT_BYTES, on_out, transfers, SEND_MS);
        slot->is_flying = false;
    }
}

size_t usb_transfers_take(struct usb_transfers *transfers, uint8_t *bytes, size_t n_space)
{
    size_t n = 0;
    while (transfers->in[transfers->oldest].is_done) {
        struct usb_slot *slot = &transfers->in[transfers->oldest];
        size_t n_left = (size_t)slot->transfer->actual_length - slot->n_taken;
        size_t n_now = n_left < n_space - n ? n_left : n_space - n;
        memcpy(bytes + n, slot->transfer->buffer + slot->n_taken, n_now);
        n += n_now;
        slot->n_taken += n_now;
        if (n_now < n_left)
            break;
        slot->is_done = false;
        if (!transfers->is_gone && transfers->trouble == LIBUSB_TRANSFER_COMPLETED)
            submit(transfers, slot);
        transfers->oldest = (transfers->oldest + 1) % USB_TRANSFERS_IN;
    }
    return n;
}

bool usb_transfers_send(struct usb_transfers *transfers, const uint8_t *bytes, size_t n_bytes)
{
    size_t at = 0;
    while (at < USB_TRANSFERS_OUT && transfers->out[at].is_flying)
        at++;
    if (at == USB_TRANSFERS_OUT || n_bytes > USB_TRANSFERS_OUT_BYTES)
        return false;
    memcpy(transfers->out_bytes[at], bytes, n_bytes);
    transfers->out[at].transfer->length = (int)n_bytes;
    submit(transfers, &transfers->out[at]);
    return transfers->out[at].is_flying;
}

static bool is_any_flying(const struct usb_slot *slots, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (slots[i].is_flying)
            return true;
    return false;
}

static void drain(const struct usb_slot *slots, size_t n, libusb_context *context)
{
    for (int left_ms = DRAIN_MS; left_ms > 0 && is_any_flying(slots, n); left_ms -= DRAIN_STEP_MS) {
        struct timeval step = {.tv_usec = DRAIN_STEP_MS * 1000};
        (void)libusb_handle_events_timeout_completed(context, &step, NULL);
    }
}

void usb_transfers_drain_out(const struct usb_transfers *transfers, libusb_context *context)
{
    drain(transfers->out, USB_TRANSFERS_OUT, context);
}

void usb_transfers_cancel_in(struct usb_transfers *transfers, libusb_context *context)
{
    for (size_t i = 0; i < USB_TRANSFERS_IN; i++)
        if (transfers->in[i].is_flying)
            (void)libusb_cancel_transfer(transfers->in[i].transfer);
    drain(transfers->in, USB_TRANSFERS_IN, context);
}
