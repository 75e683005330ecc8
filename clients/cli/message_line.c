/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message_line.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <time.h>

void message_line_clock(double time_s, char text[16])
{
    time_t whole = (time_t)time_s;
    unsigned milli = (unsigned)((time_s - (double)whole) * 1000.0);
    struct tm local;
    if (!localtime_r(&whole, &local))
        local = (struct tm){0};
    (void)snprintf(text, 16, "%02d:%02d:%02d.%03u", local.tm_hour % 100, local.tm_min % 100,
                   local.tm_sec % 100, milli % 1000);
}

/* ", title value unit"; nothing when the value is absent. */
static void put(FILE *out, const char *title, float value, int n_decimals, const char *unit)
{
    if (!isnan(value))
        (void)fprintf(out, ", %s %.*f%s", title, n_decimals, (double)value, unit);
}

/* "effleurage (87 %)"; "unknown", which claims nothing. */
static void put_name(FILE *out, const char *technique, float confidence)
{
    (void)fprintf(out, "%s", technique);
    if (!isnan(confidence))
        (void)fprintf(out, " (%.0f %%)", 100.0 * (double)confidence);
}

static void put_metrics(FILE *out, const struct thenar_feed_metrics *m)
{
    put_name(out, m->technique, m->technique_confidence);
    put(out, "force", m->force_n, 1, " N");
    put(out, "peak", m->peak_kpa, 1, " kPa");
    put(out, "force", m->force_rel, 2, " cm2 rel");
    put(out, "peak", m->peak_rel, 3, " rel");
    put(out, "area", m->contact_cm2, 1, " cm2");
    put(out, "pace", m->pace_cpm, 1, "/min");
    put(out, "regularity", m->regularity_pct, 0, " %");
    put(out, "load change", m->load_change_n, 1, " N");
    put(out, "breath", m->breath_cpm, 1, "/min");
    put(out, "shifted", m->shift_age_s, 0, " s ago");
    if (m->saturated_taxels)
        (void)fprintf(out, ", %" PRIu32 " saturated", m->saturated_taxels);
}

static void put_contact(FILE *out, const struct thenar_feed_contact *c)
{
    (void)fprintf(out, "no. %" PRIu32 " at (%.0f, %.0f) mm", c->contact_id, (double)c->cop_x_mm,
                  (double)c->cop_y_mm);
    put(out, "force", c->force_n, 1, " N");
    put(out, "peak", c->peak_kpa, 1, " kPa");
    put(out, "force", c->force_rel, 2, " cm2 rel");
    put(out, "peak", c->peak_rel, 3, " rel");
    put(out, "area", c->contact_cm2, 1, " cm2");
    put(out, "speed", hypotf(c->velocity_x_mm_s, c->velocity_y_mm_s), 0, " mm/s");
}

static void put_stroke(FILE *out, const struct thenar_feed_stroke *s)
{
    (void)fprintf(out, "%s, %.2f s", s->technique, (double)s->duration_s);
    put(out, "peak", s->peak_kpa, 1, " kPa");
    put(out, "mean", s->mean_force_n, 1, " N");
    put(out, "peak", s->peak_rel, 3, " rel");
    put(out, "path", s->path_mm, 0, " mm");
    put(out, "after", s->interval_s, 2, " s");
}

static void put_episode(FILE *out, const struct thenar_feed_episode *e)
{
    put_name(out, e->technique, e->confidence);
    (void)fprintf(out, ", %.1f s, %" PRIu32 " strokes", (double)e->duration_s, e->strokes);
    put(out, "pace", e->pace_cpm, 1, "/min");
    put(out, "peak", e->peak_kpa, 1, " kPa");
    put(out, "mean", e->mean_force_n, 1, " N");
    put(out, "peak", e->peak_rel, 3, " rel");
}

static void put_frame(FILE *out, const struct thenar_feed_message *message)
{
    const struct thenar_feed_frame *frame = &message->payload.frame;
    float largest = 0;
    for (size_t i = 0; i < message->n_matrix; i++)
        if (message->matrix[i] > largest)
            largest = message->matrix[i];
    (void)fprintf(out, "no. %" PRIu32 ", %" PRIu32 "x%" PRIu32 " %s", frame->frame_seq,
                  frame->n_rows, frame->n_cols, frame->unit);
    put(out, "largest", largest, 2, "");
}

static void put_gap(FILE *out, const struct thenar_feed_gap *gap)
{
    if (gap->frames_lost)
        (void)fprintf(out, "%" PRIu32 " frames lost (%s), %.3f s: %s", gap->frames_lost, gap->side,
                      (double)gap->lost_s, gap->reason);
    else
        (void)fprintf(out, "%.3f s without frames (%s): %s", (double)gap->lost_s, gap->side,
                      gap->reason);
}

static void put_motion(FILE *out, const struct thenar_feed_motion *m)
{
    (void)fprintf(out, "acceleration");
    put(out, "x", m->acceleration_x_m_s2, 2, "");
    put(out, "y", m->acceleration_y_m_s2, 2, "");
    put(out, "z", m->acceleration_z_m_s2, 2, " m/s2; turning");
    put(out, "x", m->angular_rate_x_rad_s, 2, "");
    put(out, "y", m->angular_rate_y_rad_s, 2, "");
    put(out, "z", m->angular_rate_z_rad_s, 2, " rad/s");
}

static void put_cue(FILE *out, const struct thenar_feed_cue *cue)
{
    (void)fprintf(out, "%s: %s", cue->cue, cue->text);
    if (cue->mark[0])
        (void)fprintf(out, " (%s)", cue->mark);
}

static void put_plan(FILE *out, const struct thenar_feed_plan *plan)
{
    if (!plan->plan[0]) {
        (void)fprintf(out, "no plan");
    } else {
        (void)fprintf(out, "%s, %s", plan->plan, plan->state);
        if (plan->technique[0])
            (void)fprintf(out, ", step %" PRIu32 " of %" PRIu32 ": %s, %s", plan->step,
                          plan->n_steps, plan->technique, plan->region);
        put(out, "left", plan->left_s, 0, " s");
        put(out, "practice score", plan->practice_score, 0, "");
    }
    if (plan->declared[0])
        (void)fprintf(out, ", declared %s", plan->declared);
    if (plan->holds || plan->holding)
        (void)fprintf(out, ", %" PRIu32 " holds", plan->holds);
    put(out, plan->holding ? "holding" : "last", plan->hold_s, 0, " s");
    put(out, "at", plan->lock_kpa, 0, " kPa");
}

static void put_session(FILE *out, const struct thenar_feed_session *s)
{
    uint64_t n_lost = s->lost_device + s->lost_link + s->lost_host + s->lost_disk;
    (void)fprintf(out, "%s %s, %.0f s, %" PRIu64 " frames, %" PRIu64 " lost", s->session, s->state,
                  (double)s->length_s, s->frames, n_lost);
    if (s->reason[0])
        (void)fprintf(out, "; %s", s->reason);
}

static void put_comfort(FILE *out, const struct thenar_feed_comfort *comfort)
{
    if (comfort->button)
        (void)fprintf(out, "the receiver pressed the button: it hurts");
    else
        (void)fprintf(out, "the receiver says %.0f of 10 (0 no pain, 10 the worst)",
                      (double)comfort->pain);
}

static void put_status(FILE *out, const struct thenar_feed_status *s)
{
    (void)fprintf(out, "%s", s->state);
    if (s->reason[0])
        (void)fprintf(out, ": %s", s->reason);
    put(out, "rate", s->measured_rate_hz, 1, " Hz");
    (void)fprintf(out, ", %" PRIu64 " frames, %" PRIu64 " lost", s->frames,
                  s->lost_device + s->lost_link + s->lost_host);
    if (s->gaps)
        (void)fprintf(out, " in %" PRIu64 " gaps", s->gaps);
    if (s->lost_events)
        (void)fprintf(out, ", %" PRIu64 " events lost", s->lost_events);
    put(out, "latency p99", s->latency_publish_p99_us, 0, " us");
}

void message_line_print(FILE *out, const struct thenar_feed_message *message)
{
    char clock[16];
    message_line_clock(message->time_s, clock);
    const union thenar_payload *payload = &message->payload;
    (void)fprintf(out, "%s  %-7s %s.%s  ", clock, thenar_topic_kind_name(message->topic.kind),
                  message->topic.station, message->topic.device);
    switch (message->topic.kind) {
    case THENAR_TOPIC_METRICS:
        put_metrics(out, &payload->metrics);
        break;
    case THENAR_TOPIC_CONTACT:
        put_contact(out, &payload->contact);
        break;
    case THENAR_TOPIC_STROKE:
        put_stroke(out, &payload->stroke);
        break;
    case THENAR_TOPIC_EPISODE:
        put_episode(out, &payload->episode);
        break;
    case THENAR_TOPIC_FRAME:
        put_frame(out, message);
        break;
    case THENAR_TOPIC_GAP:
        put_gap(out, &payload->gap);
        break;
    case THENAR_TOPIC_MOTION:
        put_motion(out, &payload->motion);
        break;
    case THENAR_TOPIC_STATUS:
        put_status(out, &payload->status);
        break;
    case THENAR_TOPIC_CUE:
        put_cue(out, &payload->cue);
        break;
    case THENAR_TOPIC_PLAN:
        put_plan(out, &payload->plan);
        break;
    case THENAR_TOPIC_COMFORT:
        put_comfort(out, &payload->comfort);
        break;
    case THENAR_TOPIC_SESSION:
        put_session(out, &payload->session);
        break;
    case THENAR_N_TOPIC_KINDS:
        break;
    }
    (void)fputc('\n', out);
}

void message_line_print_json(FILE *out, const struct thenar_feed_message *message)
{
    const char *members = strchr(message->json, '{');
    members = members ? members + 1 : "}";
    bool empty = members[strspn(members, " \t\r\n")] == '}';
    (void)fprintf(out, "{\"topic\":\"%s\",\"time\":%.6f", message->name, message->time_s);
    if (message->matrix) {
        (void)fprintf(out, ",\"matrix\":[");
        for (size_t i = 0; i < message->n_matrix; i++)
            if (isfinite(message->matrix[i]))
                (void)fprintf(out, "%s%.5g", i ? "," : "", (double)message->matrix[i]);
            else
                (void)fprintf(out, "%snull", i ? "," : "");
        (void)fputc(']', out);
    }
    (void)fprintf(out, "%s%s\n", empty ? "" : ",", members);
}
