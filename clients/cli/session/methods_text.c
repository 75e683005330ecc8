/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "methods_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "session/session_verify.h"

static void put_device(FILE *out, const struct session_head *head)
{
    static const char *const mounts[N_MOUNTS] = {"a pad", "a pad on a form of the torso",
                                                 "a mat under the lying person", "a glove"};
    const struct array_layout *layout = &head->layout;
    size_t n_taxels = 0;
    double sensing_mm2 = 0;
    for (size_t k = 0; k < layout->n_taxels; k++)
        if (layout->exists[k]) {
            n_taxels++;
            sensing_mm2 += (double)layout->sensing_mm2[k];
        }
    (void)fprintf(out,
                  "Pressure was measured with an array of %zu force-sensing resistors (%u x %u, "
                  "%g x %g mm apart, mean sensing area %.0f mm2) mounted as %s (model %s, serial "
                  "%s, firmware %s), scanned %g times a second",
                  n_taxels, layout->n_rows, layout->n_cols, (double)layout->pitch_x_mm,
                  (double)layout->pitch_y_mm, n_taxels ? sensing_mm2 / (double)n_taxels : 0,
                  mounts[layout->mount], head->model[0] ? head->model : "not told",
                  head->serial[0] ? head->serial : "not told",
                  head->firmware[0] ? head->firmware : "not told", (double)layout->rate_hz);
    if (head->gate_counts > 0)
        (void)fprintf(out, "; readings of %" PRIu32 " counts and below were left out by the device",
                      head->gate_counts);
    (void)fputs(". ", out);
}

static void put_calibration(FILE *out, const struct session_head *head)
{
    const struct sensor_law *law = &head->layout.sensor;
    if (law->unit != UNIT_COUNTS) {
        (void)fprintf(out,
                      "Samples came from the source as %s; its calibration is not known to "
                      "Thenar. ",
                      law->unit == UNIT_KPA ? "pressure (kPa)" : "force (N)");
        return;
    }
    if (!law->calibrated) {
        (void)fputs("The device carried no calibration: pressures are given as a share of its full "
                    "scale and are no physical unit. ",
                    out);
        return;
    }
    (void)fprintf(out, "Counts became kPa by calibration (%s; %s)",
                  head->calibration[0] ? head->calibration : "the device's own",
                  law->spline.n_knots > 0 ? "a monotone spline from conductance to pressure"
                                          : "a power law of conductance");
    if (law->uncertainty_pct > 0)
        (void)fprintf(out, ", standard uncertainty %g %% of the reading (k = 1)",
                      (double)law->uncertainty_pct);
    else
        (void)fputs(", whose uncertainty was not stated", out);
    const struct sensor_uncertainty *u = &law->uncertainty;
    if (u->repeatability_pct > 0 || u->hysteresis_pct > 0)
        (void)fprintf(out,
                      " (repeatability %g %%, hysteresis %g %%, creep %g %%, fit residual "
                      "%g %%, reference %g %%; 0: not known apart)",
                      (double)u->repeatability_pct, (double)u->hysteresis_pct, (double)u->creep_pct,
                      (double)u->fit_pct, (double)u->reference_pct);
    (void)fputs(". ", out);
}

static void put_processing(FILE *out, const struct session_head *head)
{
    (void)fprintf(out,
                  "Each sensor was low-pass filtered (minimum-phase FIR of %" PRIu32
                  " taps, pass-band to %g Hz, stop-band from %g Hz, group delay %.1f ms, computed "
                  "as %s). %s were derived by %s (techniques named by the model %s), the rhythm "
                  "being given in cycles a minute. ",
                  head->filter_taps, (double)head->filter_pass_hz, (double)head->filter_stop_hz,
                  (double)head->filter_delay_ms,
                  head->filter_form[0] ? head->filter_form : "direct",
                  head->layout.mount == MOUNT_MAT ? "Changes of load, pace and breath"
                                                  : "Contacts, strokes, techniques and pace",
                  head->about.software[0] ? head->about.software : "Thenar",
                  head->technique_model[0] ? head->technique_model : "not told");
    if (isnan(head->gate_kpa))
        (void)fputs(
            "A sensor counted as touched above a threshold set from the array's own noise. ", out);
    else
        (void)fprintf(out, "A sensor counted as touched above %g kPa. ", (double)head->gate_kpa);
    if (head->layout.mount == MOUNT_MAT)
        (void)fputs("A mat feels the lying body and what is done to it together: its pressures are "
                    "not those of the hands, and it names no technique. ",
                    out);
}

/* When, and with what zero. */
static void put_occasion(FILE *out, const struct session_head *head, struct session_reader *reader)
{
    struct session_command_row *rows = NULL;
    struct thenar_error error;
    struct tm parts;
    char day[64];
    size_t n_rows = 0, n_tares = 0;
    time_t start = (time_t)head->about.start_unix_s;
    if (gmtime_r(&start, &parts) && strftime(day, sizeof day, "%d %B %Y, %H:%M UTC", &parts) > 0)
        (void)fprintf(out, "The recording began on %s. ", day);
    if (session_reader_all(reader, SESSION_COMMANDS, (void **)&rows, &n_rows, &error) == THENAR_OK)
        for (size_t i = 0; i < n_rows; i++)
            n_tares +=
                rows[i].is_done && strncmp(rows[i].command, "tare", sizeof rows[i].command) == 0;
    free(rows);
    if (n_tares > 0)
        (void)fprintf(out, "The array was zeroed %zu time%s during it%s. ", n_tares,
                      n_tares == 1 ? "" : "s", head->zero_is_loaded ? ", first under load" : "");
}

static void put_plan(FILE *out, const struct session_summary *s)
{
    if (s->score_plan[0] == '\0')
        return;
    (void)fprintf(out, "The treatment plan %s (kept in the file) was followed", s->score_plan);
    if (!isnan(s->score.practice_score))
        (void)fprintf(out, ", with a practice score of %.0f of 100",
                      (double)s->score.practice_score);
    (void)fputs(". ", out);
}

static void put_losses(FILE *out, const struct session_summary *s,
                       const struct session_verdict *verdict)
{
    uint64_t n_lost = s->lost_device + s->lost_link + s->lost_host + s->lost_disk;
    (void)fprintf(out, "The recording lasts %.1f s and holds %" PRIu64 " frames as received. ",
                  s->last_s > s->first_s ? s->last_s - s->first_s : 0, s->n_frames);
    if (n_lost == 0 && s->n_gaps == 0)
        (void)fputs("No frame was lost. ", out);
    else if (n_lost > 0)
        (void)fprintf(out,
                      "Of %" PRIu64 " expected frames %" PRIu64 " (%.3g %%) were lost in %" PRIu64
                      " gap%s: %" PRIu64 " by the device, %" PRIu64 " on the link, %" PRIu64
                      " by the host and %" PRIu64 " at the disk. ",
                      n_lost + s->n_frames, n_lost,
                      100 * (double)n_lost / (double)(n_lost + s->n_frames),
                      s->n_gaps - verdict->n_away, s->n_gaps - verdict->n_away == 1 ? "" : "s",
                      s->lost_device, s->lost_link, s->lost_host, s->lost_disk);
    if (verdict->n_away > 0)
        (void)fprintf(out,
                      "The device sent nothing during %" PRIu64
                      " interruption%s of %.1f s in all, whose frames cannot be counted. ",
                      verdict->n_away, verdict->n_away == 1 ? "" : "s", verdict->away_s);
    if (s->state == SESSION_REPAIRED)
        (void)fputs(
            "The recording was cut off and repaired; up to its last second may be missing. ", out);
}

static void put_clock(FILE *out, struct session_reader *reader)
{
    struct session_frame_row row;
    struct thenar_error error;
    uint64_t n = session_reader_n_frames(reader);
    (void)fputs("Times are those of the device's own clock, mapped to the host's by a running "
                "robust fit",
                out);
    if (n > 0 && session_reader_rows(reader, SESSION_FRAMES, n - 1, 1, &row, &error) == THENAR_OK &&
        isfinite(row.uncertainty_s) && row.uncertainty_s > 0)
        (void)fprintf(out, " (standard uncertainty %.2g ms at the end)",
                      1e3 * (double)row.uncertainty_s);
    (void)fputs(". ", out);
}

enum thenar_status methods_text_write(FILE *out, struct session_reader *reader,
                                      struct thenar_error *error)
{
    struct session_summary summary = {0};
    struct session_verdict verdict;
    const struct session_head *head = session_reader_head(reader);
    enum thenar_status status = session_verify_summarize(reader, &summary, error);
    if (status == THENAR_OK)
        status = session_verify_tables(reader, &verdict, error);
    if (status != THENAR_OK)
        return status;
    summary.state = session_reader_summary(reader)->state;
    put_device(out, head);
    put_calibration(out, head);
    put_processing(out, head);
    put_clock(out, reader);
    put_occasion(out, head, reader);
    put_plan(out, &summary);
    put_losses(out, &summary, &verdict);
    (void)fprintf(
        out,
        "Raw samples, times, losses and settings are kept in an HDF5 session file (format "
        "%u, session %s), from which every value can be computed again.\n",
        head->format_version, head->about.id);
    return THENAR_OK;
}
