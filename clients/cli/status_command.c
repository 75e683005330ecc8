/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli_options.h"
#include "cli_command.h"
#include "daemon_link.h"
#include "session_print.h"

static void print_span(float seconds)
{
    unsigned long whole = (unsigned long)seconds;
    if (whole >= 86400)
        printf("%lu d ", whole / 86400);
    if (whole >= 3600)
        printf("%lu h ", whole / 3600 % 24);
    if (whole >= 60)
        printf("%lu min ", whole / 60 % 60);
    printf("%lu s", whole % 60);
}

static void print_daemon(const struct thenar_control_daemon *daemon, size_t n_devices)
{
    printf("thenard %s, station %s, up ", daemon->version, daemon->station);
    print_span(daemon->uptime_s);
    printf(", %zu device%s\n", n_devices, n_devices == 1 ? "" : "s");
    printf("  feed      %s\n  control   %s\n", daemon->feed, daemon->control);
    printf("  process   %" PRIu32 ", %.1f MiB\n", daemon->pid,
           (double)daemon->memory_bytes / (1024.0 * 1024.0));
    printf("  messages  %" PRIu64 " published, %" PRIu64 " dropped\n", daemon->messages,
           daemon->dropped);
    if (daemon->refused > 0)
        printf("  keys      %" PRIu64 " connections refused: their keys are not allowed\n",
               daemon->refused);
}

static void print_rates(const struct thenar_feed_status *device)
{
    printf("  array     %ux%u taxels, %g x %g mm apart, mount %s", device->n_rows, device->n_cols,
           (double)device->pitch_x_mm, (double)device->pitch_y_mm,
           device->mount[0] ? device->mount : "unknown");
    if (device->dead_taxels)
        printf(", %u dead", device->dead_taxels);
    printf("\n  rate      %g frames/s", (double)device->rate_hz);
    if (!isnan(device->measured_rate_hz))
        printf(" (measured %.2f)", (double)device->measured_rate_hz);
    printf(", published: metrics %g/s, frames %g/s\n", (double)device->metrics_rate_hz,
           (double)device->frame_rate_hz);
}

static void print_losses(const struct thenar_feed_status *device)
{
    uint64_t lost = device->lost_device + device->lost_link + device->lost_host;
    printf("  frames    %" PRIu64 " received, %" PRIu64 " lost", device->frames, lost);
    if (lost)
        printf(" (device %" PRIu64 ", link %" PRIu64 ", host %" PRIu64 "; %" PRIu64 " gaps)",
               device->lost_device, device->lost_link, device->lost_host, device->gaps);
    else if (device->gaps)
        printf("; %" PRIu64 " gap%s whose frames nobody can count", device->gaps,
               device->gaps == 1 ? "" : "s");
    printf("\n");
    if (device->lost_events)
        printf("  events    %" PRIu64
               " strokes, episodes or gaps lost: the daemon was too slow to publish them\n",
               device->lost_events);
    if (device->bad_messages || device->late_scans || device->reconnects)
        printf("            %" PRIu64 " damaged messages, %" PRIu64
               " late scan steps, came back %" PRIu64 " times\n",
               device->bad_messages, device->late_scans, device->reconnects);
}

/* "  43 us", " 5.0 ms" */
static void print_span_us(float span_us)
{
    if (span_us < 1000)
        printf("%6.0f us", (double)span_us);
    else
        printf("%6.1f ms", (double)span_us / 1000);
}

static void print_stage(const char *title, float p50_us, float p99_us, float p999_us,
                        const char *meaning)
{
    if (isnan(p50_us))
        return;
    printf("            %-9s", title);
    print_span_us(p50_us);
    print_span_us(p99_us);
    print_span_us(p999_us);
    printf("  %s\n", meaning);
}

static void print_latency(const struct thenar_feed_status *d)
{
    if (isnan(d->latency_pipeline_p50_us))
        return;
    printf("  latency   %-9s%9s%9s%9s  of the last minute\n", "stage", "p50", "p99", "p99.9");
    print_stage("device", d->latency_device_p50_us, d->latency_device_p99_us,
                d->latency_device_p999_us, "the scan");
    print_stage("link", d->latency_link_p50_us, d->latency_link_p99_us, d->latency_link_p999_us,
                "to arrival, over the quickest");
    print_stage("pipeline", d->latency_pipeline_p50_us, d->latency_pipeline_p99_us,
                d->latency_pipeline_p999_us, "from arrival");
    print_stage("publish", d->latency_publish_p50_us, d->latency_publish_p99_us,
                d->latency_publish_p999_us, "from arrival to the feed");
    print_stage("total", d->latency_total_p50_us, d->latency_total_p99_us, d->latency_total_p999_us,
                "from the scan's begin to the feed");
}

static void print_clock(const struct thenar_feed_status *device)
{
    if (isnan(device->clock_uncertainty_ms))
        return;
    printf("  clock     %+.1f ppm against the host's, times within %.3f ms",
           (double)device->clock_drift_ppm, (double)device->clock_uncertainty_ms);
    if (device->clock_restarts)
        printf(", begun anew %" PRIu32 " times", device->clock_restarts);
    printf("\n");
}

static void print_signal(const struct thenar_feed_status *device)
{
    if (device->uncalibrated)
        printf("  units     relative, 0 to 1 of full scale: uncalibrated (thenar calibrate)\n");
    else if (device->calibration_date[0])
        printf("  units     kPa (calibrated %s, %s %s; standard uncertainty %.1f %%)\n",
               device->calibration_date,
               strcmp(device->calibration, "expired") == 0 ? "EXPIRED" : "until",
               device->calibration_expires, (double)device->calibration_uncertainty_pct);
    else if (isnan(device->calibration_uncertainty_pct))
        printf("  units     kPa (calibration: %s)\n", device->calibration);
    else
        printf("  units     kPa (calibration: %s, standard uncertainty %g %%)\n",
               device->calibration, (double)device->calibration_uncertainty_pct);
    if (device->calibration_problem[0])
        printf("            its calibration is not used: %s\n", device->calibration_problem);
    if (device->filter_form[0])
        printf("  filter    %s, %u taps, passes to %g Hz, stops from %g Hz, %.1f ms late\n",
               device->filter_form, device->filter_taps, (double)device->filter_pass_hz,
               (double)device->filter_stop_hz, (double)device->filter_delay_ms);
    printf("  names by  %s\n", device->technique_model);
    if (!isnan(device->temperature_c) || !isnan(device->supply_v)) {
        printf("  health   ");
        if (!isnan(device->temperature_c))
            printf(" %.1f degC", (double)device->temperature_c);
        if (!isnan(device->supply_v))
            printf(" %.2f V", (double)device->supply_v);
        printf("\n");
    }
}

static void print_device(const struct thenar_feed_status *device)
{
    printf("\n%s.%s: %s", device->station, device->device, device->state);
    if (device->model[0])
        printf(", %s, serial %s, firmware %s", device->model, device->serial,
               device->firmware[0] ? device->firmware : "unknown");
    printf("\n  from      %s\n", device->uri);
    if (device->reason[0])
        printf("  why       %s\n", device->reason);
    if (device->n_rows == 0)
        return; /* never seen: there is no more to say */
    print_rates(device);
    print_losses(device);
    print_clock(device);
    print_latency(device);
    print_signal(device);
    if (device->plan[0])
        printf("  plan      %s\n", device->plan);
}

/* A daemon that knows no sessions is passed over. */
static void print_session(const char *control)
{
    struct thenar_control_request request;
    struct thenar_control_reply reply;
    thenar_control_request_clear(&request);
    request.command = THENAR_CONTROL_SESSION;
    if (daemon_request("status", control, &request, DAEMON_TIMEOUT_MS, &reply, NULL) != EXIT_DONE ||
        !reply.ok || reply.session[0] == '\0')
        return;
    printf("\nsession ");
    session_print_reply(&reply);
}

int status_command(int argc, char **argv)
{
    bool json = false;
    const struct option_row rows[] = {
        {"json", OPTION_FLAG, &json, NULL, "the daemon's reply as it came, one JSON object", 0, 0},
    };
    const struct option_table table = {
        "status", "", "The daemon and its devices: rates, losses, latency, units, filter.",
        rows,     1,  OPTION_CONTROL};
    struct options_result options;
    int code = options_read(&table, argc, argv, &options);
    if (code >= 0)
        return code;
    struct daemon_answer answer;
    code = daemon_ask("status", options.control, &answer);
    if (code == EXIT_DONE && json) {
        printf("%s\n", answer.json);
    } else if (code == EXIT_DONE) {
        print_daemon(&answer.daemon, answer.n_devices);
        print_session(options.control);
        for (size_t i = 0; i < answer.n_devices; i++)
            print_device(&answer.devices[i]);
    }
    daemon_answer_finish(&answer);
    return code;
}
