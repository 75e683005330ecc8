/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "auto_devices.h"

#include <stdlib.h>
#include <string.h>

#include "device_name.h"
#include "moment.h"
#include "source/usb_arrivals.h"

struct auto_devices {
    struct usb_arrivals *arrivals;
    bool has_complained;
};

static const char *const later_origin = "auto";

static bool is_auto(const struct conf_device *device)
{
    return !device->is_named &&
           (strcmp(device->uri, "auto") == 0 || strcmp(device->uri, "auto:") == 0);
}

static bool is_configured(const struct conf *config, const struct usb_found *found)
{
    for (size_t i = 0; i < config->n_devices; i++) {
        const char *uri = config->devices[i].uri, *path = strchr(uri, ':');
        bool by_serial = strncmp(uri, "usb:", 4) == 0 || strncmp(uri, "auto:", 5) == 0;
        bool by_port = strncmp(uri, "serial:", 7) == 0;
        if ((by_serial && found->serial[0] && strcmp(path + 1, found->serial) == 0) ||
            (by_port && found->tty[0] && strcmp(path + 1, found->tty) == 0))
            return true;
    }
    return false;
}

/* A device without a serial number is known by its port alone. */
static enum thenar_status add_found(struct conf *config, const struct usb_found *found,
                                    const char *origin, struct thenar_error *error)
{
    char uri[2 * USB_NAME_BYTES], label[2 * USB_NAME_BYTES], name[THENAR_TOPIC_NAME_BYTES];
    size_t n_serial = strlen(found->serial);
    (void)snprintf(uri, sizeof uri, "%s%s",
                   n_serial ? "auto:" : "serial:", n_serial ? found->serial : found->tty);
    /* The model, and as much of the serial as tells two of a kind apart, and stays the same. */
    (void)snprintf(label, sizeof label, "%s-%s", found->model,
                   n_serial > 4 ? found->serial + n_serial - 4 : found->serial);
    device_name_make(label, name, sizeof name);
    struct thenar_error taken;
    if (conf_add_named(config, name, uri, origin, &taken) == THENAR_OK)
        return THENAR_OK;
    return conf_add_named(config, NULL, uri, origin, error);
}

enum thenar_status auto_devices_expand(struct conf *config, struct thenar_error *error)
{
    char origin[CONF_ORIGIN_BYTES];
    size_t n_kept = 0;
    for (size_t i = 0; i < config->n_devices; i++) {
        if (!is_auto(&config->devices[i])) {
            config->devices[n_kept++] = config->devices[i];
            continue;
        }
        config->takes_new = true;
        memcpy(origin, config->devices[i].origin, sizeof origin);
    }
    config->n_devices = n_kept;
    if (!config->takes_new)
        return THENAR_OK;
    struct usb_found found[USB_FOUND_MAX];
    size_t n_found = usb_discover(NULL, found);
    for (size_t i = 0; i < n_found; i++) {
        if (is_configured(config, &found[i]))
            continue;
        enum thenar_status status = add_found(config, &found[i], origin, error);
        if (status != THENAR_OK)
            return status;
    }
    return THENAR_OK;
}

enum thenar_status auto_devices_create(struct auto_devices **out, struct thenar_error *error)
{
    struct auto_devices *devices = calloc(1, sizeof *devices);
    if (!devices)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for the devices to come");
    enum thenar_status status = usb_arrivals_create(&devices->arrivals, error);
    if (status != THENAR_OK) {
        free(devices);
        return status;
    }
    *out = devices;
    return THENAR_OK;
}

void auto_devices_destroy(struct auto_devices *devices)
{
    if (!devices)
        return;
    usb_arrivals_destroy(devices->arrivals);
    free(devices);
}

static void complain(struct auto_devices *devices, const char *sentence)
{
    if (!devices->has_complained)
        log_say(LOG_LEVEL_ERROR, NULL, "%s", sentence);
    devices->has_complained = true;
}

size_t auto_devices_add(struct auto_devices *devices, struct conf *config, size_t n_most)
{
    struct usb_found found[USB_FOUND_MAX];
    struct thenar_error error;
    size_t n_before = config->n_devices;
    size_t n_found = usb_arrivals_look(devices->arrivals, moment_monotonic_ns(), found);
    for (size_t i = 0; i < n_before && n_found > 0; i++)
        config->devices[i].is_named = true; /* it is known by this name by now */
    for (size_t i = 0; i < n_found; i++) {
        bool can_be_known = found[i].serial[0] || found[i].tty[0];
        if (!can_be_known || is_configured(config, &found[i]))
            continue;
        if (config->n_devices == n_most)
            complain(devices, "more devices were plugged in than this daemon has room for; the "
                              "rest is passed over until it is started anew");
        else if (add_found(config, &found[i], later_origin, &error) != THENAR_OK)
            complain(devices, error.text);
    }
    return config->n_devices - n_before;
}
