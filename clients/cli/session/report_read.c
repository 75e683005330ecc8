/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "session_report.h"
#include "session/session_verify.h"
#include "technique/coach.h"

/* Pressure maps look at about so many frames: an hour at 200 a second then takes a second. */
enum { MAP_FRAMES = 60000 };

static enum thenar_status read_pain(struct report *report, struct session_reader *reader,
                                    struct thenar_error *error)
{
    struct session_command_row *rows = NULL;
    size_t n_rows = 0;
    enum thenar_status status =
        session_reader_all(reader, SESSION_COMMANDS, (void **)&rows, &n_rows, error);
    for (size_t i = 0; status == THENAR_OK && i < n_rows; i++)
        if (rows[i].is_done && strncmp(rows[i].command, "comfort", sizeof rows[i].command) == 0 &&
            !(rows[i].value < (double)COACH_PAIN)) /* NaN: the button, or an old file */
            report->has_pain = true;
    free(rows);
    return status;
}

enum thenar_status report_read(struct report *report, struct session_reader *reader,
                               struct thenar_error *error)
{
    memset(report, 0, sizeof *report);
    report->head = session_reader_head(reader);
    report->is_relative = !array_layout_is_kpa(&report->head->layout);
    report->pressure_scale = report->is_relative ? 100 : 1;
    report->pressure_unit = report->is_relative ? "% of full scale" : "kPa";
    enum thenar_status status = session_verify_summarize(reader, &report->losses, error);
    if (status == THENAR_OK)
        status = session_digest_read(&report->digest, reader, error);
    if (status == THENAR_OK)
        status = session_series_read(report->spans, REPORT_SPANS, report->losses.first_s,
                                     report->losses.last_s, reader, error);
    if (status == THENAR_OK)
        status = session_reader_all(reader, SESSION_EPISODES, (void **)&report->episodes,
                                    &report->n_episodes, error);
    if (status == THENAR_OK)
        status = session_reader_all(reader, SESSION_NOTES, (void **)&report->notes,
                                    &report->n_notes, error);
    if (status == THENAR_OK)
        status = read_pain(report, reader, error);
    if (status == THENAR_OK)
        status = session_map_read(&report->map, reader, REPORT_PARTS, MAP_FRAMES, error);
    if (status == THENAR_OK &&
        session_map_quarter_share(&report->map, &report->quarter_share) != THENAR_OK)
        status = thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    return status;
}

void report_finish(struct report *report)
{
    session_map_finish(&report->map);
    free(report->episodes);
    free(report->notes);
    free(report->steps);
    report->episodes = NULL;
    report->notes = NULL;
    report->steps = NULL;
}
