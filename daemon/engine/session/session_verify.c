/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/session_verify.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "session/session_crc.h"

/* What a recording that was killed lacks at most: chunks are written every 0.4 s. */
static const double CUT_S = 1;

/* What stands between two frames, walked along with them. */
struct walk {
    const struct session_gap_row *gaps;
    size_t n_gaps, next_gap;
    bool has_last;
    struct session_frame_row last;
};

static void note_bad(struct session_frames_check *check, uint64_t index)
{
    if (check->n_bad++ == 0)
        check->first_bad = index;
    check->last_bad = index;
}

/* A hole is explained when the gaps before this frame count as many, or one that nobody can count
 * is among them. */
static void check_sequence(struct walk *walk, const struct session_frame_row *row, uint64_t index,
                           struct session_frames_check *check)
{
    uint64_t n_told = 0;
    bool is_away = false;
    while (walk->next_gap < walk->n_gaps && walk->gaps[walk->next_gap].frame < index)
        walk->next_gap++;
    for (; walk->next_gap < walk->n_gaps && walk->gaps[walk->next_gap].frame == index;
         walk->next_gap++) {
        n_told += walk->gaps[walk->next_gap].n_frames;
        is_away |= walk->gaps[walk->next_gap].n_frames == 0;
    }
    if (!walk->has_last || is_away || (row->flags & SESSION_FRAME_ANEW))
        return;
    uint64_t n_missing = (uint32_t)(row->sequence - walk->last.sequence - 1);
    if (n_missing == n_told)
        return;
    if (check->n_unexplained == 0)
        check->first_unexplained = index;
    check->n_unexplained += n_missing > n_told ? n_missing - n_told : n_told - n_missing;
}

static void check_frame(struct walk *walk, const struct session_frame *frame, size_t n_bytes,
                        struct session_frames_check *check)
{
    const struct session_frame_row *row = frame->row;
    const void *samples = frame->counts ? (const void *)frame->counts : frame->samples;
    uint32_t before = walk->has_last ? walk->last.crc32 : 0;
    if (session_crc_of_frame(before, row, samples, n_bytes) != row->crc32) {
        note_bad(check, frame->index);
    } else {
        check_sequence(walk, row, frame->index, check);
        if (walk->has_last && !(row->t_device > walk->last.t_device))
            check->n_back++;
    }
    walk->last = *row;
    walk->has_last = true;
    check->n_frames++;
}

/* A chunk that does not decode is bad as a whole; the walk goes on behind it. */
static uint64_t skip_chunk(struct session_reader *reader, struct walk *walk, uint64_t at,
                           uint64_t end, struct session_frames_check *check)
{
    unsigned chunk = session_reader_chunk_frames(reader);
    uint64_t next = at - at % chunk + chunk;
    next = next < end ? next : end;
    for (; at < next; at++) {
        note_bad(check, at);
        check->n_frames++;
    }
    struct thenar_error ignored;
    walk->has_last = session_reader_rows(reader, SESSION_FRAMES, next - 1, 1, &walk->last,
                                         &ignored) == THENAR_OK;
    return next;
}

enum thenar_status session_verify_frames(struct session_reader *reader, uint64_t first,
                                         uint64_t n_frames, struct session_frames_check *check,
                                         struct thenar_error *error)
{
    struct walk walk = {0};
    struct session_gap_row *gaps = NULL;
    struct thenar_error ignored;
    size_t n_bytes = session_head_frame_bytes(session_reader_head(reader));
    uint64_t n_all = session_reader_n_frames(reader), n_samples = session_reader_n_samples(reader);
    n_all = n_samples < n_all ? n_samples : n_all;
    memset(check, 0, sizeof *check);
    if (first >= n_all)
        return THENAR_OK;
    uint64_t end = n_frames < n_all - first ? first + n_frames : n_all;
    if (session_reader_all(reader, SESSION_GAPS, (void **)&gaps, &walk.n_gaps, error) ==
        THENAR_ERR_MEMORY)
        return THENAR_ERR_MEMORY;
    walk.gaps = gaps;
    if (first > 0)
        walk.has_last = session_reader_rows(reader, SESSION_FRAMES, first - 1, 1, &walk.last,
                                            &ignored) == THENAR_OK;
    for (uint64_t at = first; at < end;) {
        struct session_frame frame;
        session_reader_seek(reader, at);
        while (at < end && session_reader_next(reader, &frame, &ignored) == THENAR_OK) {
            check_frame(&walk, &frame, n_bytes, check);
            at++;
        }
        if (at < end)
            at = skip_chunk(reader, &walk, at, end, check);
    }
    free(gaps);
    return THENAR_OK;
}

void session_verify_join(struct session_frames_check *check,
                         const struct session_frames_check *later)
{
    if (check->n_bad == 0)
        check->first_bad = later->first_bad;
    if (later->n_bad > 0)
        check->last_bad = later->last_bad;
    if (check->n_unexplained == 0)
        check->first_unexplained = later->first_unexplained;
    check->n_frames += later->n_frames;
    check->n_bad += later->n_bad;
    check->n_unexplained += later->n_unexplained;
    check->n_back += later->n_back;
}

/* ---- tables ---- */

static enum thenar_status check_rows(struct session_reader *reader, enum session_table table,
                                     uint64_t *n_bad, struct thenar_error *error)
{
    size_t row_bytes = session_table_form(table)->row_bytes, n_rows;
    unsigned char *rows;
    *n_bad = 0;
    enum thenar_status status = session_reader_all(reader, table, (void **)&rows, &n_rows, error);
    if (status == THENAR_ERR_MEMORY)
        return status;
    if (status != THENAR_OK)
        *n_bad = session_reader_n_rows(reader, table);
    for (size_t i = 0; i < n_rows; i++) {
        const unsigned char *row = rows + i * row_bytes;
        uint32_t crc32;
        memcpy(&crc32, row + row_bytes - sizeof crc32, sizeof crc32);
        *n_bad += session_crc_of_row(row, row_bytes) != crc32;
    }
    free(rows);
    return THENAR_OK;
}

/* @return where a gap's frames are counted; NULL: nowhere */
static uint64_t *side_of(const struct session_gap_row *gap, struct session_summary *summary)
{
    static const char *const names[] = {"device", "link", "host", "disk"};
    uint64_t *const sides[] = {&summary->lost_device, &summary->lost_link, &summary->lost_host,
                               &summary->lost_disk};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strncmp(gap->side, names[i], sizeof gap->side) == 0)
            return sides[i];
    return NULL;
}

static enum thenar_status take_score(struct session_reader *reader, struct session_summary *summary,
                                     struct thenar_error *error)
{
    struct session_score_row row = {0};
    uint64_t n = session_reader_n_rows(reader, SESSION_SCORES);
    enum thenar_status status =
        n > 0 ? session_reader_rows(reader, SESSION_SCORES, n - 1, 1, &row, error) : THENAR_OK;
    session_summary_take_score(summary, &row);
    return status;
}

enum thenar_status session_verify_summarize(struct session_reader *reader,
                                            struct session_summary *summary,
                                            struct thenar_error *error)
{
    struct session_gap_row *gaps;
    size_t n_gaps;
    enum thenar_status status =
        session_reader_all(reader, SESSION_GAPS, (void **)&gaps, &n_gaps, error);
    if (status != THENAR_OK)
        return status;
    memset(summary, 0, sizeof *summary);
    for (size_t i = 0; i < n_gaps; i++) {
        uint64_t *side = side_of(&gaps[i], summary);
        if (side)
            *side += gaps[i].n_frames;
    }
    free(gaps);
    summary->n_gaps = n_gaps;
    summary->n_frames = session_reader_n_frames(reader);
    summary->n_strokes = session_reader_n_rows(reader, SESSION_STROKES);
    summary->n_episodes = session_reader_n_rows(reader, SESSION_EPISODES);
    summary->first_s = summary->last_s = summary->end_unix_s = (double)NAN;
    status = take_score(reader, summary, error);
    if (status != THENAR_OK)
        return status;
    struct session_frame_row row;
    if (summary->n_frames == 0)
        return THENAR_OK;
    status = session_reader_rows(reader, SESSION_FRAMES, 0, 1, &row, error);
    summary->first_s = row.t_device;
    if (status == THENAR_OK)
        status = session_reader_rows(reader, SESSION_FRAMES, summary->n_frames - 1, 1, &row, error);
    summary->last_s = row.t_device;
    return status;
}

static enum thenar_status count_away(struct session_reader *reader, struct session_verdict *verdict,
                                     struct thenar_error *error)
{
    struct session_gap_row *gaps;
    size_t n_gaps;
    enum thenar_status status =
        session_reader_all(reader, SESSION_GAPS, (void **)&gaps, &n_gaps, error);
    for (size_t i = 0; i < n_gaps; i++)
        if (strncmp(gaps[i].side, "source", sizeof gaps[i].side) == 0) {
            verdict->n_away++;
            verdict->away_s += gaps[i].lost_s;
        }
    free(gaps);
    return status;
}

enum thenar_status session_verify_tables(struct session_reader *reader,
                                         struct session_verdict *verdict,
                                         struct thenar_error *error)
{
    struct session_summary summary = {0};
    enum thenar_status status = THENAR_OK;
    memset(verdict, 0, sizeof *verdict);
    for (int t = SESSION_METRICS; t < N_SESSION_TABLES && status == THENAR_OK; t++)
        status = check_rows(reader, (enum session_table)t, &verdict->n_bad_rows[t], error);
    if (status != THENAR_OK)
        return status;
    /* Gaps that cannot be read are bad rows already. */
    if (verdict->n_bad_rows[SESSION_GAPS] == 0 &&
        session_verify_summarize(reader, &summary, error) == THENAR_OK)
        status = count_away(reader, verdict, error);
    uint64_t n_rows = session_reader_n_frames(reader), n_samples = session_reader_n_samples(reader);
    verdict->n_stored = n_rows < n_samples ? n_rows : n_samples;
    verdict->n_without_samples = n_rows + n_samples - 2 * verdict->n_stored;
    verdict->lost_device = summary.lost_device;
    verdict->lost_link = summary.lost_link;
    verdict->lost_host = summary.lost_host;
    verdict->lost_disk = summary.lost_disk;
    verdict->n_gaps = session_reader_n_rows(reader, SESSION_GAPS);
    verdict->n_expected = verdict->n_stored + verdict->lost_device + verdict->lost_link +
                          verdict->lost_host + verdict->lost_disk;
    verdict->is_open = session_reader_is_open(reader);
    verdict->state = (enum session_state)session_reader_summary(reader)->state;
    if (verdict->is_open || verdict->state != SESSION_CLOSED)
        verdict->n_end_most =
            (uint64_t)lround((double)session_reader_head(reader)->layout.rate_hz * CUT_S);
    return status;
}

bool session_verdict_is_sound(const struct session_verdict *verdict)
{
    uint64_t n_bad_rows = 0;
    for (int t = 0; t < N_SESSION_TABLES; t++)
        n_bad_rows += verdict->n_bad_rows[t];
    return verdict->frames.n_bad == 0 && verdict->frames.n_unexplained == 0 &&
           verdict->frames.n_back == 0 && n_bad_rows == 0 && verdict->n_without_samples == 0;
}

bool session_verdict_is_good(const struct session_verdict *verdict)
{
    return verdict->n_stored > 0 && session_verdict_is_sound(verdict) && verdict->n_gaps == 0 &&
           !verdict->is_open && verdict->state == SESSION_CLOSED;
}
