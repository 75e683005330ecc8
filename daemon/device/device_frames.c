/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device_frames.h"

#include <math.h>
#include <string.h>

void device_frames_init(struct device_frames *frames)
{
    memset(frames, 0, sizeof *frames);
    frame_ledger_init(&frames->ledger);
    device_clock_init(&frames->clock);
}

void device_frames_forget(struct device_frames *frames, struct device_outbox *outbox)
{
    frames->ledger.has_last = false;
    device_clock_init(&frames->clock);
    outbox->times.has_frame = false;
}

static struct device_times tell_times(struct device_clock *clock, const struct source_event *event,
                                      bool has_own_time)
{
    struct device_times times = {.has_frame = true,
                                 .arrival = event->arrival,
                                 .device_s = event->frame.device_s,
                                 .uncertainty_s = (double)NAN,
                                 .scan_s = has_own_time ? (double)NAN : event->frame.scan_s};
    if (!has_own_time) {
        double arrival_s = (double)event->arrival.monotonic_ns * 1e-9;
        double unix_less_host_s =
            (double)(event->arrival.unix_ns - event->arrival.monotonic_ns) * 1e-9;
        times.t_device =
            device_clock_update(clock, event->frame.device_s, arrival_s - times.scan_s) +
            unix_less_host_s;
        times.uncertainty_s = device_clock_uncertainty_s(clock);
        return times;
    }
    /* A recording is not measured now, nor is what runs as fast as it can: its own intervals count
     * from the moment it was started. */
    if (!clock->has_time)
        (void)device_clock_update(clock, event->frame.device_s, moment_unix_s(event->arrival));
    times.t_device = device_clock_host_s(clock, event->frame.device_s);
    return times;
}

static void note_lost_on_host(struct device_frames *frames, uint32_t sequence, double interval_s)
{
    struct frame_hole *hole = &frames->host_hole;
    if (hole->n_frames == 0)
        hole->from = sequence - 1;
    hole->side = LOSS_HOST;
    hole->n_frames++;
    hole->lost_s += interval_s;
    frames->ledger.lost[LOSS_HOST]++;
}

static void report_lost_on_host(struct device_frames *frames, uint32_t sequence,
                                struct device_outbox *outbox)
{
    struct frame_hole *hole = &frames->host_hole;
    hole->to = sequence;
    frames->ledger.n_holes++;
    device_outbox_hole(outbox, hole);
    memset(hole, 0, sizeof *hole);
}

/* Through the pipeline into a slot of the outbox; without one it goes through all the same. */
static void process(struct device_frames *frames, const struct source_frame *frame,
                    struct device_array *array, const struct device_report *report,
                    struct device_outbox *outbox, struct device_tape *tape)
{
    struct device_record *slot = report->describes_frames ? device_outbox_frame(outbox) : NULL;
    struct device_record *record = slot ? slot : outbox->scratch;
    struct pipeline_input input = {.sequence = frame->sequence,
                                   .device_s = frame->device_s,
                                   .counts = frame->counts,
                                   .samples = frame->samples,
                                   .motion = frames->motion.samples,
                                   .n_motion = frames->motion.n_samples};
    device_array_execute(array, &input, record);
    device_motion_clear(&frames->motion);
    record->trigger = frame->trigger;
    if (frames->coach)
        device_coach_look(frames->coach, &array->layout, &record->output);
    device_tape_frame(tape, frame, &outbox->times, &record->output);
    if (slot) {
        device_outbox_commit_frame(outbox, slot);
    } else {
        note_lost_on_host(frames, frame->sequence, 1 / (double)array->layout.rate_hz);
        device_outbox_events(outbox, &record->output);
    }
    if (frames->coach)
        device_coach_speak(frames->coach, outbox, tape);
}

void device_frames_enter(struct device_frames *frames, const struct source *source,
                         const struct source_event *event, struct device_array *array,
                         struct device_report *report, struct device_outbox *outbox,
                         struct device_tape *tape)
{
    if (!array->pipeline)
        return;
    const struct source_frame *frame = &event->frame;
    const uint64_t n_bad_messages = source->damage.n_bad_messages;
    struct frame_hole holes[HOLES_MAX];
    unsigned n_holes;
    enum frame_verdict verdict = frame_ledger_enter(
        &frames->ledger, frame, 1 / (double)array->layout.rate_hz, n_bad_messages,
        event->arrival.monotonic_ns, source->is_recording, holes, &n_holes);
    if (verdict == FRAME_REPEATED)
        return;
    if (verdict == FRAME_RESTART) {
        device_array_restart(array, report, outbox, tape);
        device_clock_restart(&frames->clock);
        if (!array->pipeline)
            return;
    }
    outbox->times = tell_times(&frames->clock, event, source->can_wait);
    for (unsigned i = 0; i < n_holes; i++) {
        device_outbox_hole(outbox, &holes[i]);
        device_tape_hole(tape, &holes[i]);
    }
    if (frames->host_hole.n_frames > 0 && device_outbox_has_room(outbox))
        report_lost_on_host(frames, frame->sequence, outbox);
    if (report->is_due && !report->describes_frames)
        device_report_push(report, outbox, &frames->ledger, &frames->clock, n_bad_messages,
                           device_array_n_dead(array), event->arrival.monotonic_ns);
    process(frames, frame, array, report, outbox, tape);
}

/* Between two frames: the clock that they are fitted by gives its time too. */
void device_frames_enter_aux(struct device_frames *frames, const struct source_event *event,
                             const struct device_report *report, struct device_outbox *outbox)
{
    struct motion_sample sample;
    if (!device_motion_take(&frames->motion, &event->aux, &sample) || !outbox->times.has_frame ||
        !report->describes_frames)
        return;
    double arrival_s = (double)event->arrival.monotonic_ns * 1e-9;
    double unix_less_host_s = (double)(event->arrival.unix_ns - event->arrival.monotonic_ns) * 1e-9;
    double host_s = device_clock_host_s(&frames->clock, sample.device_s);
    struct device_times times = {.has_frame = true,
                                 .arrival = event->arrival,
                                 .device_s = sample.device_s,
                                 .t_device = outbox->can_wait /* a time of its own: in Unix time */
                                                 ? host_s
                                                 : fmin(host_s, arrival_s) + unix_less_host_s};
    device_outbox_motion(outbox, &sample, &times);
}
