/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "health_page.h"

#include <math.h>
#include <stdio.h>

#include "gateway_parts.h"

#define SILENT_S 5.0

bool health_page_is_well(const struct gateway *gateway)
{
    return gateway->hub.n_messages > 0 && gateway_now_s() - gateway->heard_s < SILENT_S;
}

static void put_head(FILE *page, const char *name, const char *type, const char *help)
{
    (void)fprintf(page, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void put_count(FILE *page, const char *name, const char *help, uint64_t value)
{
    put_head(page, name, "counter", help);
    (void)fprintf(page, "%s %llu\n", name, (unsigned long long)value);
}

static void put_gauge(FILE *page, const char *name, const char *help, double value)
{
    put_head(page, name, "gauge", help);
    (void)fprintf(page, "%s %.9g\n", name, value);
}

/* One family of the devices: what a row of the table below says. */
struct device_family {
    const char *name, *type, *help;
    double (*value)(const struct thenar_feed_status *status);
};

static double is_streaming(const struct thenar_feed_status *status)
{
    return strcmp(status->state, "streaming") == 0;
}
static double frames(const struct thenar_feed_status *status)
{
    return (double)status->frames;
}
static double lost(const struct thenar_feed_status *status)
{
    return (double)(status->lost_device + status->lost_link + status->lost_host);
}
static double rate(const struct thenar_feed_status *status)
{
    return (double)status->measured_rate_hz;
}
static double dead(const struct thenar_feed_status *status)
{
    return status->dead_taxels;
}
static double bad(const struct thenar_feed_status *status)
{
    return (double)status->bad_messages;
}

static const struct device_family families[] = {
    {"thenar_device_streaming", "gauge", "1 while the device streams", is_streaming},
    {"thenar_device_frames_total", "counter", "frames measured", frames},
    {"thenar_device_lost_frames_total", "counter", "frames lost on the device, link or host", lost},
    {"thenar_device_bad_messages_total", "counter", "messages of the link that were damaged", bad},
    {"thenar_device_rate_hertz", "gauge", "frames a second, measured", rate},
    {"thenar_device_dead_taxels", "gauge", "taxels that exist but do not answer", dead},
};

static void put_devices(FILE *page, const struct hub *hub)
{
    for (size_t f = 0; f < sizeof families / sizeof *families; f++) {
        put_head(page, families[f].name, families[f].type, families[f].help);
        for (size_t i = 0; i < hub->n_devices; i++) {
            const struct hub_device *device = hub->devices[i];
            double value = families[f].value(&device->status);
            if (device->newest[THENAR_TOPIC_STATUS].version > 0 && !isnan(value))
                (void)fprintf(page, "%s{station=\"%s\",device=\"%s\"} %.9g\n", families[f].name,
                              device->station, device->name, value);
        }
    }
}

char *health_page_metrics(const struct gateway *gateway)
{
    char *text = NULL;
    size_t n_text;
    FILE *page = open_memstream(&text, &n_text);
    if (!page)
        return NULL;
    const struct gateway_counts *counts = &gateway->counts;
    put_gauge(page, "thenar_web_viewers", "browsers connected now", (double)gateway->n_viewers);
    put_gauge(page, "thenar_web_daemons", "daemons subscribed to",
              (double)gateway->options->n_daemons);
    put_gauge(page, "thenar_web_devices", "devices heard of", (double)gateway->hub.n_devices);
    put_count(page, "thenar_web_feed_messages_total", "messages taken from the feeds",
              gateway->hub.n_messages);
    put_count(page, "thenar_web_dropped_messages_total", "messages dropped for want of memory",
              counts->n_dropped);
    put_count(page, "thenar_web_viewers_total", "browsers that ever connected",
              counts->n_viewers_ever);
    put_count(page, "thenar_web_requests_total", "requests for pages", counts->n_requests);
    put_count(page, "thenar_web_refused_total", "requests refused", counts->n_refused);
    put_count(page, "thenar_web_bad_messages_total", "messages of browsers that made no sense",
              counts->n_bad);
    put_count(page, "thenar_web_text_bytes_total", "octets sent as text", counts->n_text_bytes);
    put_count(page, "thenar_web_map_bytes_total", "octets sent as maps", counts->n_map_bytes);
    put_devices(page, &gateway->hub);
    return fclose(page) == 0 ? text : NULL;
}
