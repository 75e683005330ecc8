/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch_panel.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "watch_letters.h"

enum { SHIFT_SHOWN_S = 30 };
enum { CUE_S = 8 };      /* how long a cue is shown */
enum { FAST_CPM = 150 }; /* a swinging dot cannot be followed above 2.5 Hz */

/* A place to write that moves down. */
struct panel {
    const struct watch_screen *screen;
    int row, col, end_row, n_cols;
    bool airy; /* room for an empty row between the bars */
};

static void gap(struct panel *panel)
{
    panel->row++;
}

__attribute__((format(printf, 3, 4))) static void line(struct panel *panel, enum watch_style style,
                                                       const char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (panel->row < panel->end_row)
        (void)watch_screen_text(panel->screen, panel->row, panel->col, panel->n_cols, style, text);
    panel->row++;
}

/* "myofascial_release" word by word. @return the next word's begin, NULL at the end */
static const char *next_word(const char *name, int *n_letters)
{
    *n_letters = (int)strcspn(name, "_");
    return name[*n_letters] ? name + *n_letters + 1 : NULL;
}

static bool fits_big(const struct panel *panel, const char *name)
{
    int n_letters, n_words = 0;
    if (!panel->screen->utf8)
        return false;
    for (const char *word = name; word; n_words++) {
        const char *next = next_word(word, &n_letters);
        if (n_letters * LETTER_STEP - 1 > panel->n_cols)
            return false;
        word = next;
    }
    return n_words * 3 + 14 <= panel->end_row - panel->row;
}

static void big_word(struct panel *panel, const char *word, int n_letters)
{
    for (int y = 0; y < LETTER_HEIGHT; y += 2)
        for (int x = 0; x < n_letters * LETTER_STEP; x++) {
            char letter = word[x / LETTER_STEP];
            int inside = x % LETTER_STEP;
            watch_screen_halves(panel->screen, panel->row + y / 2, panel->col + x,
                                watch_letter_point(letter, inside, y),
                                watch_letter_point(letter, inside, y + 1), STYLE_BIG);
        }
    panel->row += 3;
}

/* "myofascial release" */
static void plain_name(const char *name, char plain[THENAR_WORD_BYTES])
{
    (void)snprintf(plain, THENAR_WORD_BYTES, "%s", name);
    for (char *c = plain; *c; c++)
        *c = *c == '_' ? ' ' : *c;
}

static void technique(struct panel *panel, const struct thenar_feed_metrics *metrics)
{
    char plain[THENAR_WORD_BYTES];
    char sure[24] = ""; /* nothing to be sure of: unknown */
    plain_name(metrics->technique, plain);
    if (!isnan(metrics->technique_confidence))
        (void)snprintf(sure, sizeof sure, "%.0f %% sure",
                       100.0 * (double)metrics->technique_confidence);
    if (fits_big(panel, metrics->technique)) {
        int n_letters;
        for (const char *word = metrics->technique; word;) {
            const char *next = next_word(word, &n_letters);
            big_word(panel, word, n_letters);
            word = next;
        }
        /* Once more in text, for screen readers and whoever copies it. */
        line(panel, STYLE_DIM, "%s%s%s", plain, sure[0] ? ", " : "", sure);
    } else {
        line(panel, STYLE_BIG, "%s", plain);
        line(panel, STYLE_DIM, "%s", sure);
    }
}

/* Title, bar, number. */
static void bar(struct panel *panel, const char *title, float value, float end, const char *number)
{
    enum { TITLE_COLS = 7, NUMBER_COLS = 11 };
    int width = panel->n_cols - TITLE_COLS - NUMBER_COLS;
    if (panel->row < panel->end_row) {
        (void)watch_screen_text(panel->screen, panel->row, panel->col, TITLE_COLS, STYLE_PLAIN,
                                title);
        watch_screen_bar(panel->screen, panel->row, panel->col + TITLE_COLS, width, value / end,
                         STYLE_ACCENT);
        (void)watch_screen_print(panel->screen, panel->row,
                                 panel->col + panel->n_cols - NUMBER_COLS, NUMBER_COLS, STYLE_TITLE,
                                 "%*s", NUMBER_COLS, number);
    }
    panel->row++;
}

/* What a mat can say instead. */
static void mat(struct panel *panel, const struct thenar_feed_metrics *metrics)
{
    if (isnan(metrics->load_change_n))
        line(panel, STYLE_DIM, "load   waits for quiet");
    else
        line(panel, STYLE_TITLE, "load   %+.1f N", (double)metrics->load_change_n);
    if (isnan(metrics->breath_cpm))
        line(panel, STYLE_DIM, "breath not seen");
    else
        line(panel, STYLE_PLAIN, "breath %.0f /min", (double)metrics->breath_cpm);
    if (metrics->shift_age_s < SHIFT_SHOWN_S)
        line(panel, STYLE_ACCENT, "shifted %.0f s ago", (double)metrics->shift_age_s);
}

static void force_and_peak(struct panel *panel, const struct watch_device *device)
{
    const struct thenar_feed_metrics *metrics = &device->metrics;
    char number[24];
    bool no_force = !metrics->uncalibrated && isnan(metrics->force_n); /* before its status came */
    if (no_force || strcmp(device->status.mount, "mat") == 0) {
        mat(panel, metrics);
    } else if (metrics->uncalibrated) {
        (void)snprintf(number, sizeof number, "%.2f rel", (double)metrics->force_rel);
        bar(panel, "force", metrics->force_rel, device->force.end, number);
        panel->row += panel->airy;
        (void)snprintf(number, sizeof number, "%.1f %%", 100.0 * (double)metrics->peak_rel);
        bar(panel, "peak", metrics->peak_rel, device->peak.end, number);
    } else {
        (void)snprintf(number, sizeof number, "%.1f N", (double)metrics->force_n);
        bar(panel, "force", metrics->force_n, device->force.end, number);
        panel->row += panel->airy;
        (void)snprintf(number, sizeof number, "%.1f kPa", (double)metrics->peak_kpa);
        bar(panel, "peak", metrics->peak_kpa, device->peak.end, number);
        if (panel->airy && metrics->contact_cm2 > 0 && !isnan(metrics->force_u_n))
            line(panel, STYLE_DIM, "give or take %.1f N, %.1f kPa", (double)metrics->force_u_n,
                 (double)metrics->peak_u_kpa);
    }
}

/* A dot that swings to and fro with the pace; above what an eye can follow, a steady mark. */
static void beat(const struct panel *panel, const struct watch_device *device, int row, int col)
{
    enum { SWING = 9 };
    const char *dot = panel->screen->utf8 ? "\u25cf" : "o";
    const char *rest = panel->screen->utf8 ? "\u00b7" : ".";
    bool fast = device->metrics.pace_cpm > FAST_CPM;
    int place = (int)lround((SWING - 1) * (0.5 - 0.5 * cos(2.0 * 3.14159265 * device->beat)));
    for (int i = 0; i < SWING; i++)
        (void)watch_screen_text(panel->screen, row, col + i, 1,
                                fast || i == place ? STYLE_ACCENT : STYLE_DIM,
                                i == place && !fast ? dot
                                : fast              ? "="
                                                    : rest);
}

static void pace(struct panel *panel, const struct watch_device *device)
{
    const struct thenar_feed_metrics *metrics = &device->metrics;
    if (isnan(metrics->pace_cpm)) {
        line(panel, STYLE_DIM, "pace   none");
        line(panel, STYLE_DIM, " ");
        return;
    }
    if (panel->row < panel->end_row) {
        int used = watch_screen_print(panel->screen, panel->row, panel->col, panel->n_cols,
                                      STYLE_PLAIN, "pace   ");
        used +=
            watch_screen_print(panel->screen, panel->row, panel->col + used, panel->n_cols - used,
                               STYLE_TITLE, "%.0f /min ", (double)metrics->pace_cpm);
        if (panel->n_cols - used >= 10)
            beat(panel, device, panel->row, panel->col + (used > 16 ? used + 1 : 17));
    }
    panel->row++;
    char hand[40] = "";
    if (!isnan(metrics->pace_hand_cpm))
        (void)snprintf(hand, sizeof hand, "each hand %.0f", (double)metrics->pace_hand_cpm);
    if (isnan(metrics->regularity_pct))
        line(panel, STYLE_DIM, "       %s", hand);
    else
        line(panel, STYLE_DIM, "       varies by %.0f %%%s%s", (double)metrics->regularity_pct,
             hand[0] ? ", " : "", hand);
}

/* What is to be done, and what the coach said of it. */
static void plan(struct panel *panel, const struct watch_device *device)
{
    const struct thenar_feed_plan *step = &device->plan;
    char plain[THENAR_WORD_BYTES];
    if (!step->plan[0])
        return;
    if (!step->technique[0]) {
        line(panel, STYLE_TITLE, "plan %s: %s", step->plan, step->state);
    } else {
        int left_s = (int)step->left_s;
        plain_name(step->technique, plain);
        line(panel, STYLE_TITLE, "step %" PRIu32 "/%" PRIu32 ": %s", step->step, step->n_steps,
             plain);
        line(panel, step->on_step ? STYLE_PLAIN : STYLE_DIM, "%s, %d:%02d left%s", step->region,
             left_s / 60, left_s % 60, strcmp(step->state, "running") == 0 ? "" : ", waiting");
    }
    if (device->cue.cue[0] && device->ticked_s - device->cue_s < CUE_S)
        line(panel, strcmp(device->cue.cue, "stop") == 0 ? STYLE_BAD : STYLE_BIG, "%s",
             device->cue.text);
    else
        gap(panel);
    if (!isnan(step->practice_score))
        line(panel, STYLE_DIM, "practice score %.0f", (double)step->practice_score);
    gap(panel);
}

static void warnings(struct panel *panel, const struct watch_device *device)
{
    const struct thenar_feed_metrics *metrics = &device->metrics;
    if (metrics->saturated_taxels)
        line(panel, STYLE_BAD, "%" PRIu32 " saturated: more than is shown",
             metrics->saturated_taxels);
    if (metrics->dead_taxels)
        line(panel, STYLE_BAD, "%" PRIu32 " dead taxels", metrics->dead_taxels);
    if (metrics->ghost_taxels)
        line(panel, STYLE_BAD, "%" PRIu32 " ghosts: not to be trusted", metrics->ghost_taxels);
    if (metrics->uncalibrated)
        line(panel, STYLE_DIM, "uncalibrated: no kPa, no N");
    if (strcmp(device->status.calibration, "expired") == 0)
        line(panel, STYLE_BAD, "calibration expired %s", device->status.calibration_expires);
    if (device->status.calibration_problem[0])
        line(panel, STYLE_BAD, "its calibration file is not used");
}

/* What is recorded; nothing once it is over. */
static void recording(struct panel *panel, const struct thenar_feed_session *session)
{
    uint64_t lost = session->lost_device + session->lost_link + session->lost_host;
    if (!session->session[0] || strcmp(session->state, "closed") == 0 ||
        strcmp(session->state, "dropped") == 0)
        return;
    bool is_bad = strcmp(session->state, "full") == 0 || strcmp(session->state, "failed") == 0;
    line(panel, is_bad || session->lost_disk ? STYLE_BAD : STYLE_DIM,
         "%s %.0f s, %.1f MB, %" PRIu64 " frames, %" PRIu64 " lost", session->state,
         (double)session->length_s, (double)session->size_bytes * 1e-6, session->frames,
         lost + session->lost_disk);
}

static void link_state(struct panel *panel, const struct thenar_feed_status *status)
{
    if (!status->state[0])
        return;
    uint64_t lost = status->lost_device + status->lost_link + status->lost_host;
    if (!isnan(status->measured_rate_hz))
        line(panel, STYLE_DIM, "%.1f frames/s", (double)status->measured_rate_hz);
    if (status->gaps && !lost)
        line(panel, STYLE_BAD, "%" PRIu64 " gap%s, frames not counted", status->gaps,
             status->gaps == 1 ? "" : "s");
    else
        line(panel, lost ? STYLE_BAD : STYLE_DIM, "%" PRIu64 " frames lost", lost);
    if (status->lost_events)
        line(panel, STYLE_BAD, "%" PRIu64 " events lost", status->lost_events);
    if (!isnan(status->latency_publish_p99_us))
        line(panel, STYLE_DIM, "latency %.2f ms (p99)",
             (double)status->latency_publish_p99_us / 1000.0);
}

void watch_panel_draw(const struct watch_screen *screen, const struct watch_device *device, int row,
                      int col, int n_rows, int n_cols)
{
    struct panel panel = {screen, row, col, row + n_rows, n_cols, n_rows >= 22};
    const struct thenar_feed_metrics *metrics = &device->metrics;
    if (!metrics->technique[0]) {
        line(&panel, STYLE_DIM, "no metrics yet");
        gap(&panel);
    } else {
        technique(&panel, metrics);
        gap(&panel);
        plan(&panel, device);
        force_and_peak(&panel, device);
        panel.row += panel.airy;
        line(&panel, STYLE_PLAIN, "area   %.0f %s, %" PRIu32 " contact%s",
             (double)metrics->contact_cm2, screen->utf8 ? "cm\u00b2" : "cm2", metrics->contacts,
             metrics->contacts == 1 ? "" : "s");
        gap(&panel);
        pace(&panel, device);
        gap(&panel);
        warnings(&panel, device);
    }
    link_state(&panel, &device->status);
    recording(&panel, &device->session);
}

int watch_panel_draw_short(const struct watch_screen *screen, const struct watch_device *device,
                           int row, int col, int n_rows, int n_cols)
{
    struct panel panel = {screen, row, col, row + n_rows, n_cols, false};
    const struct thenar_feed_metrics *metrics = &device->metrics;
    if (!metrics->technique[0]) {
        line(&panel, STYLE_DIM, "no metrics yet");
        return panel.row - row;
    }
    char pace_text[24] = "", sure[16] = "";
    if (!isnan(metrics->technique_confidence))
        (void)snprintf(sure, sizeof sure, "  %.0f %%",
                       100.0 * (double)metrics->technique_confidence);
    if (!isnan(metrics->pace_cpm))
        (void)snprintf(pace_text, sizeof pace_text, "  %.0f/min", (double)metrics->pace_cpm);
    char plain[THENAR_WORD_BYTES];
    plain_name(metrics->technique, plain);
    line(&panel, STYLE_BIG, "%s%s%s", plain, sure, pace_text);
    force_and_peak(&panel, device);
    if (n_rows >= 10 && (metrics->saturated_taxels || metrics->dead_taxels))
        warnings(&panel, device);
    return panel.row - row;
}
