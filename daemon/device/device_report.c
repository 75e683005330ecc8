/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device_report.h"

#include <math.h>
#include <string.h>

static const int64_t PERIOD_NS = 1000 * (int64_t)NS_PER_MS;

void device_report_init(struct device_report *report, const char *uri)
{
    memset(report, 0, sizeof *report);
    device_state_init(&report->state, uri);
    report->is_due = true;
}

void device_report_set(struct device_report *report, const char *word, const char *reason)
{
    device_state_set(&report->state, word, reason);
    report->is_due = true;
}

bool device_report_is_streaming(const struct device_report *report)
{
    return strcmp(report->state.state, "streaming") == 0;
}

static void measure_rate(struct device_report *report, uint64_t n_frames, int64_t now_ns)
{
    double span_s = (double)(now_ns - report->rate_ns) * 1e-9;
    if (span_s < 0.9)
        return;
    report->state.measured_rate_hz =
        device_report_is_streaming(report) && report->rate_ns > 0
            ? (float)((double)(n_frames - report->rate_n_frames) / span_s)
            : NAN;
    report->rate_ns = now_ns;
    report->rate_n_frames = n_frames;
}

static void tell_clock(struct thenar_feed_status *state, const struct device_clock *clock,
                       const struct device_times *times)
{
    double uncertainty_s = device_clock_uncertainty_s(clock);
    state->clock_offset_s = isnan(uncertainty_s) ? (double)NAN : times->t_device - times->device_s;
    state->clock_drift_ppm = (float)device_clock_drift_ppm(clock);
    state->clock_uncertainty_ms = (float)(uncertainty_s * 1e3);
    state->clock_restarts = clock->n_restarts;
}

void device_report_push(struct device_report *report, struct device_outbox *outbox,
                        const struct frame_ledger *ledger, const struct device_clock *clock,
                        uint64_t n_bad_messages, size_t n_dead, int64_t now_ns)
{
    struct thenar_feed_status *state = &report->state;
    state->frames = ledger->n_frames;
    state->lost_device = ledger->lost[LOSS_DEVICE];
    state->lost_link = ledger->lost[LOSS_LINK] + ledger->lost[LOSS_SOURCE];
    state->lost_host = ledger->lost[LOSS_HOST];
    state->gaps = ledger->n_holes;
    state->lost_events = outbox->n_events_lost;
    state->late_scans = ledger->n_late_scans;
    state->bad_messages = n_bad_messages;
    state->dead_taxels = (uint32_t)n_dead;
    tell_clock(state, clock, &outbox->times);
    measure_rate(report, ledger->n_frames, now_ns);
    if (!device_outbox_state(outbox, state))
        return;
    report->is_due = false;
    report->describes_frames = true;
    report->pushed_ns = now_ns;
}

bool device_report_is_old(const struct device_report *report, int64_t now_ns)
{
    return now_ns - report->pushed_ns >= PERIOD_NS;
}

int device_report_patience_ms(const struct device_report *report, int64_t now_ns)
{
    if (report->is_due)
        return 1; /* there was no room a moment ago */
    int64_t left_ns = report->pushed_ns + PERIOD_NS - now_ns;
    return left_ns < 0 ? 0 : (int)(left_ns / NS_PER_MS) + 1;
}
