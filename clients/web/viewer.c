/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "viewer.h"

#include <stdio.h>
#include <string.h>

void viewer_init(struct viewer *viewer)
{
    memset(viewer, 0, sizeof *viewer);
}

void viewer_set_wish(struct viewer *viewer, const struct hub *hub, const struct viewer_wish *wish,
                     double now_s)
{
    memset(viewer->devices, 0, sizeof viewer->devices);
    for (size_t i = 0; i < hub->n_devices; i++)
        viewer->devices[i].n_events = hub->devices[i]->n_events;
    viewer->wish = *wish;
    viewer->n_listed = 0;
    viewer->must_list = true;
    viewer->state_due_s = viewer->maps_due_s = now_s;
}

static bool is_wished(const struct viewer *viewer, const struct hub_device *device)
{
    const struct viewer_wish *wish = &viewer->wish;
    return (wish->station[0] == '\0' || strcmp(wish->station, device->station) == 0) &&
           (wish->device[0] == '\0' || strcmp(wish->device, device->name) == 0);
}

static bool list_is_due(const struct viewer *viewer, const struct hub *hub)
{
    return viewer->must_list || viewer->n_listed != hub->n_devices;
}

static bool state_is_due(const struct viewer *viewer, const struct hub *hub, double now_s)
{
    if (viewer->wish.state_hz <= 0 || now_s < viewer->state_due_s)
        return false;
    for (size_t i = 0; i < hub->n_devices; i++) {
        if (!is_wished(viewer, hub->devices[i]))
            continue;
        for (size_t kind = 0; kind < THENAR_N_TOPIC_KINDS; kind++)
            if (hub->devices[i]->newest[kind].version > viewer->devices[i].state_version[kind])
                return true;
    }
    return false;
}

static bool events_are_due(const struct viewer *viewer, const struct hub *hub)
{
    if (!viewer->wish.events)
        return false;
    for (size_t i = 0; i < hub->n_devices; i++)
        if (is_wished(viewer, hub->devices[i]) &&
            hub->devices[i]->n_events > viewer->devices[i].n_events)
            return true;
    return false;
}

static bool maps_are_due(const struct viewer *viewer, const struct hub *hub, double now_s)
{
    if (viewer->wish.maps_hz <= 0 || now_s < viewer->maps_due_s)
        return false;
    for (size_t i = 0; i < hub->n_devices; i++)
        if (is_wished(viewer, hub->devices[i]) &&
            hub->devices[i]->map.version > viewer->devices[i].map_version)
            return true;
    return false;
}

bool viewer_is_due(const struct viewer *viewer, const struct hub *hub, double now_s)
{
    return list_is_due(viewer, hub) || events_are_due(viewer, hub) ||
           state_is_due(viewer, hub, now_s) || maps_are_due(viewer, hub, now_s);
}

/* The next time of a regular beat: late once does not shift it, long silence does not pile up. */
static double next_due_s(double due_s, float rate_hz, double now_s)
{
    double interval_s = 1 / (double)rate_hz;
    due_s += interval_s;
    return due_s > now_s ? due_s : now_s + interval_s;
}

/* ---- text */

/* A JSON array under construction; an item is put whole or not at all. */
struct array {
    char *text;
    size_t n_space, n_bytes;
};

static bool array_put(struct array *array, const char *topic_kind, const struct hub_device *device,
                      const char *data, size_t n_data)
{
    /* Station and device are of [a-z0-9_-], so they need no escapes. */
    char head[2 * THENAR_TOPIC_BYTES];
    int n_head =
        device ? snprintf(head, sizeof head,
                          "%c{\"topic\":\"%s.%s.%s\",\"data\":", array->n_bytes ? ',' : '[',
                          topic_kind, device->station, device->name)
               : snprintf(head, sizeof head,
                          "%c{\"topic\":\"%s\",\"data\":", array->n_bytes ? ',' : '[', topic_kind);
    if (array->n_bytes + (size_t)n_head + n_data + 2 > array->n_space)
        return false;
    char *at = array->text + array->n_bytes;
    memcpy(at, head, (size_t)n_head);
    memcpy(at + n_head, data, n_data);
    at[(size_t)n_head + n_data] = '}';
    array->n_bytes += (size_t)n_head + n_data + 1;
    return true;
}

static size_t array_close(struct array *array)
{
    if (array->n_bytes)
        array->text[array->n_bytes++] = ']';
    return array->n_bytes;
}

static bool put_list(struct viewer *viewer, const struct hub *hub, struct array *array)
{
    char data[HUB_DEVICES_MAX * 110 + 3];
    size_t n_data = 1;
    data[0] = '[';
    for (size_t i = 0; i < hub->n_devices; i++) {
        const struct hub_device *device = hub->devices[i];
        if (!is_wished(viewer, device))
            continue;
        n_data += (size_t)snprintf(data + n_data, sizeof data - n_data,
                                   "%s{\"number\":%zu,\"station\":\"%s\",\"device\":\"%s\"}",
                                   n_data > 1 ? "," : "", i, device->station, device->name);
    }
    data[n_data++] = ']';
    if (!array_put(array, "devices", NULL, data, n_data))
        return false;
    viewer->n_listed = hub->n_devices;
    viewer->must_list = false;
    return true;
}

static bool put_events(struct viewer *viewer, const struct hub_device *device,
                       struct viewer_device *sent, struct array *array)
{
    if (device->n_events - sent->n_events > HUB_EVENTS) {
        uint64_t n_missed = device->n_events - sent->n_events - HUB_EVENTS;
        char data[48];
        int n_data = snprintf(data, sizeof data, "{\"events\":%llu}", (unsigned long long)n_missed);
        if (!array_put(array, "missed", device, data, (size_t)n_data))
            return false;
        sent->n_events += n_missed;
    }
    for (; sent->n_events < device->n_events; sent->n_events++) {
        const struct hub_event *event = &device->events[sent->n_events % HUB_EVENTS];
        if (viewer->wish.events && !array_put(array, thenar_topic_kind_name(event->kind), device,
                                              event->payload.text, event->payload.n_bytes))
            return false;
    }
    return true;
}

static bool put_state(const struct hub_device *device, struct viewer_device *sent,
                      struct array *array)
{
    for (size_t kind = 0; kind < THENAR_N_TOPIC_KINDS; kind++) {
        const struct hub_text *newest = &device->newest[kind];
        if (newest->version <= sent->state_version[kind])
            continue;
        if (!array_put(array, thenar_topic_kind_name((enum thenar_topic_kind)kind), device,
                       newest->text, newest->n_bytes))
            return false;
        sent->state_version[kind] = newest->version;
    }
    return true;
}

size_t viewer_write_text(struct viewer *viewer, const struct hub *hub, double now_s, char *text,
                         size_t n_space)
{
    struct array array = {.n_space = n_space};
    array.text = text;
    if (list_is_due(viewer, hub) && !put_list(viewer, hub, &array))
        return array_close(&array);
    bool with_state = state_is_due(viewer, hub, now_s);
    for (size_t i = 0; i < hub->n_devices; i++) {
        if (!is_wished(viewer, hub->devices[i]))
            continue;
        if (!put_events(viewer, hub->devices[i], &viewer->devices[i], &array) ||
            (with_state && !put_state(hub->devices[i], &viewer->devices[i], &array)))
            return array_close(&array); /* the rest stays due */
    }
    if (with_state)
        viewer->state_due_s = next_due_s(viewer->state_due_s, viewer->wish.state_hz, now_s);
    return array_close(&array);
}

/* ---- maps */

size_t viewer_write_maps(struct viewer *viewer, const struct hub *hub, double now_s,
                         unsigned char *maps, size_t n_space)
{
    if (!maps_are_due(viewer, hub, now_s))
        return 0;
    size_t n_bytes = 0;
    for (size_t i = 0; i < hub->n_devices; i++) {
        const struct hub_map *map = &hub->devices[i]->map;
        struct viewer_device *sent = &viewer->devices[i];
        if (!is_wished(viewer, hub->devices[i]) || map->version <= sent->map_version)
            continue;
        unsigned n_cells_max = viewer->wish.n_cells_max;
        if (n_bytes + map_code_bytes(map->frame.n_rows, map->frame.n_cols, n_cells_max) > n_space)
            return n_bytes; /* the rest stays due */
        n_bytes +=
            map_code_encode((unsigned)i, &map->frame, map->matrix, n_cells_max, maps + n_bytes);
        sent->map_version = map->version;
    }
    viewer->maps_due_s = next_due_s(viewer->maps_due_s, viewer->wish.maps_hz, now_s);
    return n_bytes;
}
