/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "usb_opening.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "device_holder.h"
#include "link/usb_identity.h"

enum { CONTROL_MS = 500, HOST_TYPE = LIBUSB_REQUEST_TYPE_VENDOR | LIBUSB_RECIPIENT_INTERFACE };

/* Which of those that are plugged in is meant. */
static enum thenar_status choose(struct usb_opening *opening, libusb_context *context,
                                 const char *wanted, struct thenar_error *error)
{
    struct usb_found found[USB_FOUND_MAX];
    char others[160] = "";
    size_t n = usb_discover(context, found), n_fit = 0, used = 0;
    for (size_t i = 0; i < n; i++) {
        if (!found[i].node[0])
            continue;
        if (wanted[0] == '\0' || strcmp(wanted, found[i].serial) == 0) {
            opening->found = found[i];
            n_fit++;
        }
        if (used < sizeof others)
            used += (size_t)snprintf(others + used, sizeof others - used, "%s%s", used ? ", " : "",
                                     found[i].serial);
    }
    if (n_fit == 1)
        return THENAR_OK;
    if (n_fit > 1)
        return thenar_fail(error, THENAR_ERR_BUSY,
                           "usb:%s: there are %zu such devices (%s); say which: usb:SERIAL", wanted,
                           n_fit, others);
    return thenar_fail(error, THENAR_ERR_ABSENT, "usb:%s: not plugged in%s%s", wanted,
                       others[0] ? "; there is " : "", others);
}

/* The vendor-specific interface that has one bulk endpoint each way. */
static bool find_endpoints(struct usb_opening *opening, libusb_device *device)
{
    struct libusb_config_descriptor *config;
    bool found = false;
    if (libusb_get_active_config_descriptor(device, &config) != 0)
        return false;
    for (uint8_t i = 0; i < config->bNumInterfaces && !found; i++) {
        const struct libusb_interface_descriptor *interface = config->interface[i].altsetting;
        opening->endpoint_in = opening->endpoint_out = 0;
        if (interface->bInterfaceClass != LIBUSB_CLASS_VENDOR_SPEC)
            continue;
        for (uint8_t k = 0; k < interface->bNumEndpoints; k++) {
            const struct libusb_endpoint_descriptor *endpoint = &interface->endpoint[k];
            if ((endpoint->bmAttributes & LIBUSB_TRANSFER_TYPE_MASK) != LIBUSB_TRANSFER_TYPE_BULK)
                continue;
            if (endpoint->bEndpointAddress & LIBUSB_ENDPOINT_IN)
                opening->endpoint_in = endpoint->bEndpointAddress;
            else
                opening->endpoint_out = endpoint->bEndpointAddress;
        }
        opening->interface = interface->bInterfaceNumber;
        found = opening->endpoint_in && opening->endpoint_out;
    }
    libusb_free_config_descriptor(config);
    return found;
}

static libusb_device *find_device(const struct usb_opening *opening, libusb_context *context)
{
    libusb_device **devices, *device = NULL;
    ssize_t n = libusb_get_device_list(context, &devices);
    for (ssize_t i = 0; i < n && !device; i++)
        if (libusb_get_bus_number(devices[i]) == opening->found.bus &&
            libusb_get_device_address(devices[i]) == opening->found.address)
            device = libusb_ref_device(devices[i]);
    if (n >= 0)
        libusb_free_device_list(devices, 1);
    return device;
}

static enum thenar_status explain(const struct usb_opening *opening, int result,
                                  struct thenar_error *error)
{
    const char *serial = opening->found.serial;
    char holder[DEVICE_HOLDER_BYTES];
    if (result == LIBUSB_ERROR_ACCESS)
        return thenar_fail(error, THENAR_ERR_DENIED, "usb:%s: no permission to open %s; %s", serial,
                           opening->found.node, USB_RULE_CURE);
    if (result == LIBUSB_ERROR_NO_DEVICE || result == LIBUSB_ERROR_NOT_FOUND)
        return thenar_fail(error, THENAR_ERR_ABSENT, "usb:%s: unplugged just now", serial);
    if (result != LIBUSB_ERROR_BUSY)
        return thenar_fail(error, THENAR_ERR_OS, "usb:%s: cannot be opened: %s", serial,
                           libusb_strerror(result));
    if (!device_holder_find(opening->found.node, holder))
        (void)snprintf(holder, sizeof holder, "another program");
    return thenar_fail(error, THENAR_ERR_BUSY, "usb:%s: busy: %s has it open; close that first",
                       serial, holder);
}

/* Claim the interface and say that a host is there (LINK.md, 1.1); firmware that does not know the
 * request stalls it, and takes the first octet for the same. */
static int claim(const struct usb_opening *opening)
{
    int result = libusb_claim_interface(opening->handle, opening->interface);
    if (result != 0)
        return result;
    result = libusb_control_transfer(opening->handle, HOST_TYPE, THENAR_USB_REQUEST_HOST, 1,
                                     opening->interface, NULL, 0, CONTROL_MS);
    return result == LIBUSB_ERROR_PIPE || result > 0 ? 0 : result;
}

enum thenar_status usb_opening_open(struct usb_opening *opening, libusb_context *context,
                                    const char *wanted, struct thenar_error *error)
{
    enum thenar_status status = choose(opening, context, wanted, error);
    if (status != THENAR_OK)
        return status;
    libusb_device *device = find_device(opening, context);
    int result = device ? libusb_open(device, &opening->handle) : LIBUSB_ERROR_NO_DEVICE;
    bool has_endpoints = result == 0 && find_endpoints(opening, device);
    if (device)
        libusb_unref_device(device);
    if (result == 0)
        result = has_endpoints ? claim(opening) : LIBUSB_ERROR_NOT_SUPPORTED;
    if (result == 0)
        return THENAR_OK;
    usb_opening_close(opening);
    return explain(opening, result, error);
}

void usb_opening_say_bye(const struct usb_opening *opening)
{
    (void)libusb_control_transfer(opening->handle, HOST_TYPE, THENAR_USB_REQUEST_HOST, 0,
                                  opening->interface, NULL, 0, CONTROL_MS);
}

void usb_opening_close(struct usb_opening *opening)
{
    if (opening->handle)
        libusb_close(opening->handle);
    opening->handle = NULL;
}
