/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "usb_discovery.h"

#include <libserialport.h>
#include <libusb-1.0/libusb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "device_holder.h"
#include "link/usb_identity.h"

enum { PORTS_MAX = 7 }; /* as deep as hubs may be nested (USB 2.0, 4.1.1) */

static void copy(char *to, const char *from)
{
    (void)snprintf(to, USB_NAME_BYTES, "%s", from ? from : "");
}

/* One line of a file in sysfs; "" when it is not there. */
static void read_attribute(const char *port, const char *name, char *text)
{
    char path[160];
    (void)snprintf(path, sizeof path, "/sys/bus/usb/devices/%s/%s", port, name);
    text[0] = '\0';
    FILE *file = fopen(path, "re");
    if (!file)
        return;
    if (!fgets(text, USB_NAME_BYTES, file))
        text[0] = '\0';
    text[strcspn(text, "\n")] = '\0';
    fclose(file);
}

static bool name_port(libusb_device *device, char *port)
{
    uint8_t numbers[PORTS_MAX];
    int n = libusb_get_port_numbers(device, numbers, PORTS_MAX);
    int used = snprintf(port, USB_NAME_BYTES, "%u-", libusb_get_bus_number(device));
    for (int i = 0; i < n; i++)
        used += snprintf(port + used, (size_t)(USB_NAME_BYTES - used), "%s%u", i ? "." : "",
                         numbers[i]);
    return n > 0; /* a root hub has no port */
}

/* The numbers are those of anybody's prototype: the manufacturer's name decides. */
static bool take_usb(libusb_device *device, struct usb_found *found)
{
    struct libusb_device_descriptor descriptor;
    char manufacturer[USB_NAME_BYTES];
    memset(found, 0, sizeof *found);
    if (libusb_get_device_descriptor(device, &descriptor) != 0 ||
        descriptor.idVendor != THENAR_USB_VENDOR_ID ||
        descriptor.idProduct != THENAR_USB_PRODUCT_ID || !name_port(device, found->port))
        return false;
    read_attribute(found->port, "manufacturer", manufacturer);
    read_attribute(found->port, "product", found->model);
    read_attribute(found->port, "serial", found->serial);
    found->bus = libusb_get_bus_number(device);
    found->address = libusb_get_device_address(device);
    (void)snprintf(found->node, sizeof found->node, "/dev/bus/usb/%03u/%03u", found->bus,
                   found->address);
    return strcmp(manufacturer, THENAR_USB_MANUFACTURER) == 0;
}

static size_t discover_usb(libusb_context *context, struct usb_found *found)
{
    libusb_device **devices;
    size_t n = 0;
    ssize_t n_devices = libusb_get_device_list(context, &devices);
    for (ssize_t i = 0; i < n_devices && n < USB_FOUND_MAX; i++)
        n += take_usb(devices[i], &found[n]);
    if (n_devices >= 0)
        libusb_free_device_list(devices, 1);
    return n;
}

/* A serial port that belongs to no device of libusb's list; only if it is one of ours. */
static bool take_tty(const struct sp_port *port, unsigned bus, unsigned address,
                     struct usb_found *found)
{
    int vendor = 0, product = 0;
    const char *manufacturer = sp_get_port_usb_manufacturer(port);
    if (sp_get_port_usb_vid_pid(port, &vendor, &product) != SP_OK ||
        vendor != THENAR_USB_VENDOR_ID || product != THENAR_USB_PRODUCT_ID || !manufacturer ||
        strcmp(manufacturer, THENAR_USB_MANUFACTURER) != 0)
        return false;
    memset(found, 0, sizeof *found);
    found->bus = bus;
    found->address = address;
    copy(found->serial, sp_get_port_usb_serial(port));
    copy(found->model, sp_get_port_usb_product(port));
    return true;
}

static size_t add_ttys(struct usb_found *found, size_t n)
{
    struct sp_port **ports;
    if (sp_list_ports(&ports) != SP_OK)
        return n;
    for (size_t i = 0; ports[i]; i++) {
        int bus, address;
        size_t at = 0;
        if (sp_get_port_transport(ports[i]) != SP_TRANSPORT_USB ||
            sp_get_port_usb_bus_address(ports[i], &bus, &address) != SP_OK)
            continue;
        while (at < n && (found[at].bus != (unsigned)bus || found[at].address != (unsigned)address))
            at++;
        if (at == n && n < USB_FOUND_MAX &&
            take_tty(ports[i], (unsigned)bus, (unsigned)address, &found[n]))
            n++;
        if (at < n)
            copy(found[at].tty, sp_get_port_name(ports[i]));
    }
    sp_free_port_list(ports);
    return n;
}

static int by_serial(const void *a, const void *b)
{
    return strcmp(((const struct usb_found *)a)->serial, ((const struct usb_found *)b)->serial);
}

size_t usb_discover(libusb_context *context, struct usb_found *found)
{
    libusb_context *own = NULL;
    size_t n = 0;
    if (context || libusb_init(&own) == 0)
        n = discover_usb(context ? context : own, found);
    if (own)
        libusb_exit(own);
    n = add_ttys(found, n);
    qsort(found, n, sizeof *found, by_serial);
    return n;
}

void usb_found_problem(const struct usb_found *found, char *problem)
{
    char holder[DEVICE_HOLDER_BYTES];
    const char *paths[] = {found->node, found->tty};
    problem[0] = '\0';
    for (size_t i = 0; i < 2; i++)
        if (paths[i][0] && device_holder_find(paths[i], holder)) {
            (void)snprintf(problem, USB_PROBLEM_BYTES, "%s has %s open", holder, paths[i]);
            return;
        }
    if (found->node[0] && access(found->node, R_OK | W_OK) == 0)
        return;
    (void)snprintf(problem, USB_PROBLEM_BYTES, "%s: no permission; " USB_RULE_CURE,
                   found->node[0] ? found->node : found->tty);
}
