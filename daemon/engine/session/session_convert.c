/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/session_convert.h"

#include <stdio.h>
#include <string.h>

/* Relative values as on the feed: 0..1, and over cm2. */
static const float REL_A_KPA = 1.0F / RELATIVE_FULL_SCALE;
static const float REL_CM2_A_N = 10.0F / RELATIVE_FULL_SCALE; /* 1 N = 1 kPa over 10 cm2 */

void session_convert_text(char *field, size_t n_bytes, const char *text)
{
    size_t n = strlen(text);
    if (n > n_bytes - 1) {
        n = n_bytes - 1;
        while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80)
            n--; /* not within a character */
    }
    memset(field, 0, n_bytes); /* the rest too: the same text is the same octets in the file */
    (void)snprintf(field, n_bytes, "%.*s", (int)n, text);
}

static float kpa(const struct session_place *place, float value)
{
    return place->is_relative ? value * REL_A_KPA : value;
}

static float newton(const struct session_place *place, float value)
{
    return place->is_relative ? value * REL_CM2_A_N : value;
}

static double host_time(const struct session_place *place, double device_s)
{
    return place->t_device + (device_s - place->device_s);
}

void session_convert_metrics(const struct session_place *place,
                             const struct pipeline_output *output, struct session_metrics_row *row)
{
    const struct frame_features *f = &output->features;
    const struct technique_state *t = &output->technique;
    const struct mat_reading *mat = &output->mat;
    *row = (struct session_metrics_row){
        .frame = place->frame,
        .device_s = place->device_s,
        .t_device = place->t_device,
        .force = newton(place, f->force_n),
        .peak = kpa(place, f->peak_kpa),
        .peak_raw = kpa(place, f->peak_raw_kpa),
        .mean = kpa(place, f->mean_kpa),
        .contact_cm2 = f->contact_cm2,
        .cop_x_mm = f->cop_x_mm,
        .cop_y_mm = f->cop_y_mm,
        .speed_mm_s = t->speed_mm_s,
        .pace_cpm = t->pace_cpm,
        .pace_confidence = t->pace_confidence,
        .regularity_pct = t->regularity_pct,
        .technique_confidence = t->confidence,
        .n_contacts = (uint16_t)t->n_contacts,
        .n_saturated = (uint16_t)f->n_saturated,
        .n_touched = f->n_touched,
        .pace_hand_cpm = t->pace_hand_cpm,
        .phase = t->phase,
        .phase_confidence = t->phase_confidence,
        .load_change = newton(place, mat->load_change_n),
        .breath_cpm = mat->breath_cpm,
        .breath_confidence = mat->breath_confidence,
        .shift = newton(place, mat->shift_n),
        .shift_age_s = mat->shift_age_s,
    };
    session_convert_text(row->technique, sizeof row->technique, technique_name(t->technique));
}

void session_convert_stroke(const struct session_place *place, const struct stroke *stroke,
                            struct session_stroke_row *row)
{
    *row = (struct session_stroke_row){
        .frame = place->frame,
        .start_s = stroke->start_s,
        .end_s = stroke->end_s,
        .t_start = host_time(place, stroke->start_s),
        .t_end = host_time(place, stroke->end_s),
        .peak = kpa(place, stroke->peak_kpa),
        .mean = kpa(place, stroke->mean_kpa),
        .mean_force = newton(place, stroke->mean_force_n),
        .impulse = newton(place, stroke->impulse_n_s),
        .path_mm = stroke->path_mm,
        .direction_deg = stroke->direction_deg,
        .speed_mm_s = stroke->speed_mm_s,
        .contact_cm2 = stroke->contact_cm2,
        .evenness_pct = stroke->evenness_pct,
        .interval_s = stroke->interval_s,
        .hand = stroke->hand,
    };
    session_convert_text(row->technique, sizeof row->technique, technique_name(stroke->technique));
}

void session_convert_episode(const struct session_place *place, const struct episode *episode,
                             struct session_episode_row *row)
{
    *row = (struct session_episode_row){
        .frame = place->frame,
        .start_s = episode->start_s,
        .end_s = episode->end_s,
        .t_start = host_time(place, episode->start_s),
        .t_end = host_time(place, episode->end_s),
        .confidence = episode->confidence,
        .pace_cpm = episode->pace_cpm,
        .regularity_pct = episode->regularity_pct,
        .peak = kpa(place, episode->peak_kpa),
        .mean = kpa(place, episode->mean_kpa),
        .mean_force = newton(place, episode->mean_force_n),
        .contact_cm2 = episode->contact_cm2,
        .n_strokes = episode->n_strokes,
        .pace_hand_cpm = episode->pace_hand_cpm,
    };
    session_convert_text(row->technique, sizeof row->technique, technique_name(episode->technique));
}
