/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "auto_devices.h"

#include <stdlib.h>
#include <string.h>

#include "device_name.h"
#include "source/usb_discovery.h"

static bool is_auto(const struct conf_device *device)
{
    return !device->is_named &&
           (strcmp(device->uri, "auto") == 0 || strcmp(device->uri, "auto:") == 0);
}

static bool is_configured(const struct conf_device *devices, size_t n_devices,
                          const struct usb_found *found)
{
    for (size_t i = 0; i < n_devices; i++) {
        const char *uri = devices[i].uri, *path = strchr(uri, ':');
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
    size_t at = 0, n_devices = config->n_devices;
    while (at < n_devices && !is_auto(&config->devices[at]))
        at++;
    if (at == n_devices)
        return THENAR_OK;
    struct usb_found found[USB_FOUND_MAX];
    size_t n_found = usb_discover(NULL, found);
    struct conf_device wildcard = config->devices[at];
    config->n_devices--;
    memmove(&config->devices[at], &config->devices[at + 1],
            (config->n_devices - at) * sizeof *config->devices);
    size_t n_before = config->n_devices;
    for (size_t i = 0; i < n_found; i++) {
        if (is_configured(config->devices, config->n_devices, &found[i]))
            continue;
        enum thenar_status status = add_found(config, &found[i], wildcard.origin, error);
        if (status != THENAR_OK)
            return status;
    }
    if (config->n_devices == n_before)
        config->devices[config->n_devices++] = wildcard;
    return THENAR_OK;
}
