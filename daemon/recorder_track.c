/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder_track.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "log.h"
#include "session/session_convert.h"
#include "session/session_crc.h"

static const int64_t FLUSH_NS = 400LL * NS_PER_MS; /* rows of tables, and frames that stopped */
static const int64_t SYNC_NS = 700LL * NS_PER_MS;  /* with a flush of 0.4 s: below a second */
static const double FREE_S = 0.25, HELD_S = 0.02;  /* so long, and nothing or a hand is believed */
static const int64_t RETRY_NS = 1000LL * NS_PER_MS;

/* ---- trouble ---- */

static enum track_news set_full(struct recorder_track *t)
{
    t->state = TRACK_FULL;
    t->tried_ns = moment_monotonic_ns();
    (void)snprintf(t->reason, sizeof t->reason,
                   "the disk is full: frames are not recorded until there is room again");
    log_say(LOG_LEVEL_ERROR, t->device, "session: %s", t->reason);
    return TRACK_TROUBLE;
}

static enum track_news set_failed(struct recorder_track *t, const char *why)
{
    t->state = TRACK_FAILED;
    (void)snprintf(t->reason, sizeof t->reason, "%.200s; frames are not recorded any more", why);
    log_say(LOG_LEVEL_ERROR, t->device, "session: %s", t->reason);
    return TRACK_TROUBLE;
}

/* The device's file is not where it was made: what would be written is written for nobody. */
static enum track_news set_gone(struct recorder_track *t)
{
    struct thenar_error error = {0};
    struct session_summary *summary = &t->entry.summary;
    bool is_removed = session_file_place(t->file) == SESSION_FILE_REMOVED;
    (void)!session_file_close(t->file, summary, &error);
    t->file = NULL;
    if (is_removed) {
        summary->lost_disk += summary->n_frames;
        summary->n_frames = summary->n_gaps = summary->n_strokes = summary->n_episodes = 0;
    }
    return set_failed(t, error.text);
}

static enum track_news check_written(struct recorder_track *t, enum thenar_status status)
{
    if (status >= 0)
        return TRACK_NOTHING;
    return set_failed(t, "the file cannot be written");
}

/* ---- frames that the disk has no room for ---- */

static void note_lost(struct recorder_track *t, const struct session_frame_row *row)
{
    struct session_gap_row *hole = &t->hole;
    if (hole->n_frames == 0) {
        memset(hole, 0, sizeof *hole);
        hole->frame = session_file_n_frames(t->file);
        hole->t = t->has_last ? t->last.t_device : row->t_device;
        hole->from_sequence = t->has_last ? t->last.sequence : row->sequence - 1;
        session_convert_text(hole->side, sizeof hole->side, "disk");
    }
    hole->n_frames++;
    hole->to_sequence = row->sequence + 1;
    hole->lost_s = row->t_device - hole->t;
    t->entry.summary.lost_disk++;
}

/* Gaps of other sides while nothing is written: their frames are missing in the same hole, which
 * the one after it must explain. */
static enum thenar_status tell_hole(struct recorder_track *t)
{
    if (t->hole.n_frames == 0)
        return THENAR_OK;
    struct session_gap_row row = t->hole;
    t->hole.n_frames = 0;
    t->entry.summary.n_gaps++;
    return session_file_add(t->file, SESSION_GAPS, &row);
}

/* ---- begin and end ---- */

/* Who and why is the session's; the plan is that which was named, else the one in force. The papers
 * that were there before go on when memory is short. */
static void take_papers(struct session_head *head, const struct recorder_papers *papers)
{
    char plan[SESSION_PLAN_BYTES];
    memcpy(plan, head->about.plan, sizeof plan);
    head->about = *papers->about;
    if (papers->about->plan[0] == '\0')
        memcpy(head->about.plan, plan, sizeof plan);
    else if (strcmp(plan, papers->about->plan) != 0)
        (void)!session_documents_join(&head->documents, papers->documents);
    head->settings = calloc(papers->n_settings + 1, sizeof *head->settings);
    if (!head->settings)
        return;
    memcpy(head->settings, papers->settings, papers->n_settings * sizeof *papers->settings);
    head->n_settings = papers->n_settings;
}

static enum track_news begin(struct recorder_track *t, struct session_head *head,
                             const char *folder, const struct recorder_papers *papers)
{
    struct thenar_error error = {0};
    if (strcmp(t->session, papers->about->id) != 0)
        memset(&t->ended, 0, sizeof t->ended);
    memcpy(t->session, papers->about->id, sizeof t->session);
    t->has_part = true;
    memset(&t->entry, 0, sizeof t->entry);
    memset(&t->hole, 0, sizeof t->hole);
    t->has_last = t->was_free = t->was_touched = false;
    t->n_free = t->n_held = 0;
    t->reason[0] = '\0';
    if (!folder)
        return set_failed(t, "no session goes on");
    take_papers(head, papers);
    struct session_manifest_device *entry = &t->entry;
    if (head->part > 1)
        (void)snprintf(entry->file, sizeof entry->file, "%.64s-%u.h5", t->device, head->part);
    else
        (void)snprintf(entry->file, sizeof entry->file, "%.64s.h5", t->device);
    memcpy(entry->device, head->device, sizeof entry->device);
    memcpy(entry->model, head->model, sizeof entry->model);
    memcpy(entry->serial, head->serial, sizeof entry->serial);
    entry->part = head->part;
    entry->summary.first_s = entry->summary.last_s = entry->summary.end_unix_s = (double)NAN;
    session_summary_clear_score(&entry->summary);
    (void)snprintf(t->path, sizeof t->path, "%.4000s/%s", folder, entry->file);
    t->rate_hz = (double)head->layout.rate_hz;
    t->frame_ns = t->flushed_ns = t->synced_ns = moment_monotonic_ns();
    t->has_unflushed = t->has_unsynced = false;
    if (session_file_create(&t->file, t->path, head, SESSION_PACK_BEST, &error) != THENAR_OK)
        return set_failed(t, error.text);
    t->state = TRACK_RECORDING;
    return TRACK_BEGUN;
}

static struct recorder_totals totals_of_part(const struct recorder_track *t)
{
    const struct session_summary *s = &t->entry.summary;
    return (struct recorder_totals){
        .n_frames = t->file ? session_file_n_frames(t->file) : s->n_frames,
        .lost_device = s->lost_device,
        .lost_link = s->lost_link,
        .lost_host = s->lost_host,
        .lost_disk = s->lost_disk,
        .n_gaps = s->n_gaps + (t->hole.n_frames > 0),
        .size_bytes = t->file ? session_file_size_bytes(t->file) : t->entry.size_bytes,
    };
}

struct recorder_totals recorder_track_totals(const struct recorder_track *track,
                                             const char *session)
{
    if (strcmp(track->session, session) != 0)
        return (struct recorder_totals){0};
    if (!track->has_part)
        return track->ended;
    struct recorder_totals part = totals_of_part(track), all = track->ended;
    all.n_frames += part.n_frames;
    all.lost_device += part.lost_device;
    all.lost_link += part.lost_link;
    all.lost_host += part.lost_host;
    all.lost_disk += part.lost_disk;
    all.n_gaps += part.n_gaps;
    all.size_bytes += part.size_bytes;
    return all;
}

static void close_file(struct recorder_track *t)
{
    struct thenar_error error = {0};
    struct session_summary *summary = &t->entry.summary;
    enum thenar_status status = tell_hole(t);
    summary->state = SESSION_CLOSED;
    summary->end_unix_s = moment_unix_s(moment_now());
    enum thenar_status closed = session_file_close(t->file, summary, &error);
    t->file = NULL;
    struct stat facts;
    t->entry.size_bytes = stat(t->path, &facts) == 0 ? (uint64_t)facts.st_size : 0;
    if (status == THENAR_OK && closed == THENAR_OK) {
        t->reason[0] = '\0';
        return;
    }
    summary->state = SESSION_RECORDING;
    (void)set_failed(t, closed != THENAR_OK ? error.text : "the file cannot be written");
    if (closed != THENAR_ERR_ABSENT)
        log_say(LOG_LEVEL_ERROR, t->device, "session: `thenar session repair` makes it readable");
}

static enum track_news end(struct recorder_track *t)
{
    if (t->file && session_file_place(t->file) != SESSION_FILE_THERE)
        (void)set_gone(t);
    if (t->file)
        close_file(t);
    t->ended = recorder_track_totals(t, t->session);
    t->has_part = t->was_free = t->was_touched = false;
    t->state = TRACK_IDLE;
    return TRACK_ENDED;
}

/* ---- what is on the tape ---- */

/* Filters have begun anew, and one frame of noise is no hand. */
static void watch_touch(struct recorder_track *t, bool is_touched)
{
    t->n_free = is_touched ? 0 : t->n_free + 1;
    t->n_held = is_touched ? t->n_held + 1 : 0;
    t->was_free |= t->n_free >= FREE_S * t->rate_hz;
    t->was_touched |= t->was_free && t->n_held > 0 && t->n_held >= HELD_S * t->rate_hz;
}

static enum track_news take_frame(struct recorder_track *t, const struct tape_record *record)
{
    watch_touch(t, record->is_touched);
    if (t->state != TRACK_RECORDING) {
        if (t->state == TRACK_FULL)
            note_lost(t, &record->frame);
        else
            t->entry.summary.lost_disk++;
        return TRACK_NOTHING;
    }
    uint64_t index = session_file_n_frames(t->file);
    enum thenar_status status = session_file_add_frame(t->file, &record->frame, record->samples);
    t->last = record->frame;
    t->has_last = true;
    t->frame_ns = moment_monotonic_ns();
    t->has_unflushed = true;
    if (status >= 0 && record->has_metrics) {
        struct session_metrics_row metrics = record->metrics;
        metrics.frame = index;
        enum thenar_status added = session_file_add(t->file, SESSION_METRICS, &metrics);
        status = added < 0 ? added : status;
    }
    if (status != THENAR_PENDING)
        return check_written(t, status);
    t->flushed_ns = t->frame_ns;
    t->has_unflushed = false;
    t->has_unsynced = true;
    enum track_news news = check_written(t, session_file_flush(t->file, false));
    if (news == TRACK_NOTHING && ++t->n_chunks % 2 == 0 &&
        session_file_reserve(t->file) != THENAR_OK)
        return set_full(t);
    return news;
}

/* What is said between frames holds for the next one; strokes and episodes for the last. */
static void place_row(const struct recorder_track *t, enum session_table table, unsigned char *row)
{
    uint64_t next = session_file_n_frames(t->file), index = next;
    if (table == SESSION_HEALTH || table == SESSION_AUX)
        return;
    if (table == SESSION_STROKES || table == SESSION_EPISODES)
        index = next > 0 ? next - 1 : 0;
    memcpy(row, &index, sizeof index); /* `frame` is the first member of all these */
}

static void count_gap(struct recorder_track *t, const struct session_gap_row *gap)
{
    static const char *const sides[] = {"device", "link", "host", "disk"};
    struct session_summary *summary = &t->entry.summary;
    uint64_t *const counts[] = {&summary->lost_device, &summary->lost_link, &summary->lost_host,
                                &summary->lost_disk};
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++)
        if (strncmp(gap->side, sides[i], sizeof gap->side) == 0)
            *counts[i] += gap->n_frames;
    summary->n_gaps++;
}

static enum track_news take_row(struct recorder_track *t, const struct tape_record *record)
{
    unsigned char row[SESSION_ROW_BYTES_MAX];
    struct session_gap_row gap;
    memcpy(row, record->row, session_table_form(record->table)->row_bytes);
    if (record->table == SESSION_GAPS) {
        memcpy(&gap, row, sizeof gap);
        count_gap(t, &gap);
    }
    /* Without room only what people said is kept: there is space in reserve for that. */
    bool is_kept = t->state == TRACK_RECORDING ||
                   (t->state == TRACK_FULL &&
                    (record->table == SESSION_NOTES || record->table == SESSION_GAPS));
    if (!is_kept)
        return TRACK_NOTHING;
    place_row(t, record->table, row);
    t->has_unflushed = true;
    return check_written(t, session_file_add(t->file, record->table, row));
}

bool recorder_track_step(struct recorder_track *track, const char *folder,
                         const struct recorder_papers *papers, enum track_news *news)
{
    const struct tape_record *record = ring_peek(track->tape);
    *news = TRACK_NOTHING;
    if (!record)
        return false;
    switch (record->kind) {
    case TAPE_BEGIN:
        *news = begin(track, record->head, folder, papers);
        session_head_finish(record->head);
        free(record->head);
        break;
    case TAPE_FRAME:
        *news = take_frame(track, record);
        break;
    case TAPE_ROW:
        *news = take_row(track, record);
        break;
    case TAPE_END:
        *news = end(track);
        break;
    }
    ring_release(track->tape);
    return true;
}

enum track_news recorder_track_mark_touch(struct recorder_track *t)
{
    struct session_event_row row = {.t = t->last.t_device};
    if (t->state != TRACK_RECORDING || !t->has_last)
        return TRACK_NOTHING;
    row.frame = session_file_n_frames(t->file) - 1;
    session_convert_text(row.event, sizeof row.event, "touched");
    session_convert_text(row.text, sizeof row.text, "the first hand; the session counts from here");
    t->has_unflushed = true;
    return check_written(t, session_file_add(t->file, SESSION_EVENTS, &row));
}

/* ---- time ---- */

static enum track_news try_again(struct recorder_track *t, int64_t now_ns)
{
    if (now_ns - t->tried_ns < RETRY_NS)
        return TRACK_NOTHING;
    t->tried_ns = now_ns;
    if (session_file_reserve(t->file) != THENAR_OK)
        return TRACK_NOTHING;
    t->state = TRACK_RECORDING;
    t->reason[0] = '\0';
    log_say(LOG_LEVEL_INFO, t->device, "session: there is room again; %u frames were not recorded",
            t->hole.n_frames);
    enum track_news news = check_written(t, tell_hole(t));
    return news == TRACK_NOTHING ? TRACK_TROUBLE : news;
}

static enum track_news flush_rest(struct recorder_track *t, int64_t now_ns)
{
    if (!t->has_unflushed || now_ns - t->flushed_ns < FLUSH_NS)
        return TRACK_NOTHING;
    bool has_stopped = now_ns - t->frame_ns >= FLUSH_NS;
    t->flushed_ns = now_ns;
    t->has_unflushed = !has_stopped;
    t->has_unsynced = true;
    return check_written(t, session_file_flush(t->file, has_stopped));
}

enum track_news recorder_track_tick(struct recorder_track *track, int64_t now_ns)
{
    struct recorder_track *t = track;
    if (t->state == TRACK_FULL)
        return try_again(t, now_ns);
    if (t->state != TRACK_RECORDING)
        return TRACK_NOTHING;
    enum track_news news = flush_rest(t, now_ns);
    if (news != TRACK_NOTHING || !t->has_unsynced || now_ns - t->synced_ns < SYNC_NS)
        return news;
    t->synced_ns = now_ns;
    t->has_unsynced = false;
    if (session_file_place(t->file) != SESSION_FILE_THERE)
        return set_gone(t);
    news = check_written(t, session_file_sync(t->file));
    if (news == TRACK_NOTHING && session_file_reserve(t->file) != THENAR_OK)
        return set_full(t);
    return news;
}
