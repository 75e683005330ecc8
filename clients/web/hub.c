/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub.h"

#include <stdlib.h>
#include <string.h>

static void device_destroy(struct hub_device *device)
{
    for (size_t i = 0; i < THENAR_N_TOPIC_KINDS; i++)
        free(device->newest[i].text);
    for (size_t i = 0; i < HUB_EVENTS; i++)
        free(device->events[i].payload.text);
    free(device->map.matrix);
    free(device);
}

void hub_finish(struct hub *hub)
{
    for (size_t i = 0; i < hub->n_devices; i++)
        device_destroy(hub->devices[i]);
    memset(hub, 0, sizeof *hub);
}

bool hub_is_event(enum thenar_topic_kind kind)
{
    return kind == THENAR_TOPIC_STROKE || kind == THENAR_TOPIC_EPISODE ||
           kind == THENAR_TOPIC_CUE || kind == THENAR_TOPIC_GAP || kind == THENAR_TOPIC_COMFORT;
}

static struct hub_device *find(const struct hub *hub, const char *station, const char *name)
{
    for (size_t i = 0; i < hub->n_devices; i++) {
        struct hub_device *device = hub->devices[i];
        if (strcmp(device->station, station) == 0 && (!name || strcmp(device->name, name) == 0))
            return device;
    }
    return NULL;
}

const struct hub_device *hub_find(const struct hub *hub, const char *station, const char *name)
{
    return find(hub, station, name);
}

const struct hub_device *hub_find_station(const struct hub *hub, const char *station)
{
    return find(hub, station, NULL);
}

static struct hub_device *add(struct hub *hub, unsigned daemon, const struct thenar_topic *topic)
{
    struct hub_device *device = calloc(1, sizeof *device);
    if (!device)
        return NULL;
    memcpy(device->station, topic->station, sizeof device->station);
    memcpy(device->name, topic->device, sizeof device->name);
    device->daemon = daemon;
    hub->devices[hub->n_devices++] = device;
    return device;
}

static enum thenar_status keep_text(struct hub *hub, struct hub_text *kept, const char *text,
                                    size_t n_bytes)
{
    if (n_bytes + 1 > kept->n_space) {
        char *larger = realloc(kept->text, n_bytes + 1);
        if (!larger)
            return THENAR_ERR_MEMORY;
        kept->text = larger;
        kept->n_space = n_bytes + 1;
    }
    memcpy(kept->text, text, n_bytes);
    kept->text[n_bytes] = '\0';
    kept->n_bytes = n_bytes;
    kept->version = ++hub->version;
    return THENAR_OK;
}

static enum thenar_status keep_event(struct hub *hub, struct hub_device *device,
                                     const struct thenar_feed_message *message)
{
    struct hub_event *event = &device->events[device->n_events % HUB_EVENTS];
    enum thenar_status status = keep_text(hub, &event->payload, message->json, message->n_json);
    if (status != THENAR_OK)
        return status;
    event->kind = message->topic.kind;
    device->n_events++;
    return THENAR_OK;
}

static enum thenar_status keep_map(struct hub *hub, struct hub_map *map,
                                   const struct thenar_feed_message *message)
{
    if (map->n_matrix != message->n_matrix) {
        float *matrix = malloc(message->n_matrix * sizeof *matrix);
        if (!matrix)
            return THENAR_ERR_MEMORY;
        free(map->matrix);
        map->matrix = matrix;
        map->n_matrix = message->n_matrix;
    }
    memcpy(map->matrix, message->matrix, map->n_matrix * sizeof *map->matrix);
    map->frame = message->payload.frame;
    map->version = ++hub->version;
    return THENAR_OK;
}

enum thenar_status hub_take(struct hub *hub, unsigned daemon,
                            const struct thenar_feed_message *message)
{
    enum thenar_topic_kind kind = message->topic.kind;
    struct hub_device *device = find(hub, message->topic.station, message->topic.device);
    if (!device && hub->n_devices == HUB_DEVICES_MAX) {
        hub->n_unheld++;
        return THENAR_OK;
    }
    if (!device && !(device = add(hub, daemon, &message->topic)))
        return THENAR_ERR_MEMORY;
    hub->n_messages++;
    device->daemon = daemon;
    if (kind == THENAR_TOPIC_FRAME)
        return message->matrix ? keep_map(hub, &device->map, message) : THENAR_OK;
    if (hub_is_event(kind))
        return keep_event(hub, device, message);
    if (kind == THENAR_TOPIC_STATUS)
        device->status = message->payload.status;
    else if (kind == THENAR_TOPIC_METRICS)
        device->metrics = message->payload.metrics;
    return keep_text(hub, &device->newest[kind], message->json, message->n_json);
}
