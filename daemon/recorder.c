/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recorder.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "recorder_folder.h"
#include "recorder_settings.h"
#include "recorder_track.h"
#include "session/session_disk.h"
#include "session/session_folder.h"
#include "session/session_pseudonym.h"
#include "thenar_version.h"

enum {
    LOOK_MS = 20,  /* at the tapes, while a session goes on */
    SHOW_MS = 250, /* counts to whoever asks */
    BURST = 64,    /* records of one device before the next has its turn */
    STACK_BYTES = 512 * 1024
};
static const uint64_t ROOM_BYTES = 8ULL << 20; /* less is not worth beginning */

/* What others may see; its own lock is never held while the disk is asked for anything, so that
 * whoever looks, the publisher above all, waits for no disk. */
struct shown {
    pthread_mutex_t lock;
    struct recorder_state state;
    struct thenar_feed_session *devices; /* [n_most] */
    int64_t *until_ns;                   /* [n_most] how long a device's last words are said */
};

struct recorder {
    struct recorder_options options;
    struct waker waker; /* a session begins or ends, or the thread does */
    pthread_t thread;
    bool has_thread;
    atomic_bool is_stopping;
    atomic_size_t n_tracks;
    struct recorder_track *tracks; /* [n_most] */

    struct shown shown;
    pthread_mutex_t lock; /* of all below, but for the recorder's own */
    bool is_recording, is_ending;
    struct session_about about;
    char folder[SESSION_PATH_BYTES]; /* of the session */
    int folder_lock;
    int64_t begin_ns;
    int64_t wait_ns;  /* for the first touch; 0: there was one, or none is needed */
    bool was_dropped; /* the last one: nobody touched */

    /* The recorder's own. */
    struct session_manifest manifest;
    struct session_setting_row *settings;
    size_t n_settings;
    struct session_documents documents; /* of the session; changed while none goes on */
    unsigned n_begun, n_failed;
    int64_t shown_ns;
};

/* ---- the manifest ---- */

static void write_manifest(struct recorder *r)
{
    struct thenar_error error;
    if (session_manifest_write(&r->manifest, r->folder, &error) != THENAR_OK)
        log_say(LOG_LEVEL_ERROR, "session", "%s", error.text);
}

static void enter_manifest(struct recorder *r, const struct session_manifest_device *entry)
{
    struct session_manifest *m = &r->manifest;
    size_t i = 0;
    while (i < m->n_devices && strcmp(m->devices[i].file, entry->file) != 0)
        i++;
    if (i == m->n_devices) {
        struct session_manifest_device *more =
            realloc(m->devices, (m->n_devices + 1) * sizeof *m->devices);
        if (!more)
            return; /* repair finds the file all the same */
        m->devices = more;
        m->n_devices++;
    }
    m->devices[i] = *entry;
    write_manifest(r);
}

/* ---- what is shown ---- */

static const char *word_of(const struct recorder_track *track)
{
    static const char *const words[] = {[TRACK_IDLE] = "waiting",
                                        [TRACK_RECORDING] = "recording",
                                        [TRACK_FULL] = "full",
                                        [TRACK_FAILED] = "failed"};
    return words[track->state];
}

/* What is wrong with a device's recording in this session, or was in the end; "": nothing. */
static const char *reason_of(const struct recorder *r, const struct recorder_track *track)
{
    return strcmp(track->session, r->about.id) == 0 ? track->reason : "";
}

static bool is_armed(const struct recorder *r)
{
    return r->is_recording && r->wait_ns > 0;
}

static void show_device(struct recorder *r, const struct recorder_track *track,
                        struct thenar_feed_session *to, double length_s, uint64_t free_bytes)
{
    const struct recorder_totals all = recorder_track_totals(track, r->about.id);
    thenar_payload_clear(THENAR_TOPIC_SESSION, to);
    (void)snprintf(to->session, sizeof to->session, "%s", r->about.id);
    const char *word = r->is_recording ? word_of(track) : r->was_dropped ? "dropped" : "closed";
    if (is_armed(r) && track->state == TRACK_RECORDING)
        word = "armed";
    (void)snprintf(to->state, sizeof to->state, "%s", word);
    (void)snprintf(to->reason, sizeof to->reason, "%s", reason_of(r, track));
    (void)snprintf(to->participant, sizeof to->participant, "%s", r->about.participant);
    (void)snprintf(to->operator_id, sizeof to->operator_id, "%s", r->about.operator_id);
    (void)snprintf(to->plan, sizeof to->plan, "%s", r->about.plan);
    (void)snprintf(to->file, sizeof to->file, "%.255s", track->path);
    to->length_s = (float)length_s;
    to->free_bytes = free_bytes;
    to->frames = all.n_frames;
    to->size_bytes = all.size_bytes;
    to->lost_device = all.lost_device;
    to->lost_link = all.lost_link;
    to->lost_host = all.lost_host;
    to->lost_disk = all.lost_disk;
    to->gaps = all.n_gaps;
}

static void add_up(const struct recorder *r, struct recorder_state *state)
{
    size_t n_tracks = atomic_load(&r->n_tracks);
    state->n_frames = state->n_lost = state->n_lost_disk = state->n_gaps = state->size_bytes = 0;
    state->n_files_open = 0;
    for (size_t i = 0; i < n_tracks; i++) {
        const struct thenar_feed_session *device = &r->shown.devices[i];
        state->n_frames += device->frames;
        state->n_lost_disk += device->lost_disk;
        state->n_lost +=
            device->lost_device + device->lost_link + device->lost_host + device->lost_disk;
        state->n_gaps += device->gaps;
        state->size_bytes += device->size_bytes;
        state->n_files_open += r->tracks[i].file != NULL;
    }
}

static void put_state(struct recorder *r, struct recorder_state *state)
{
    const char *word = is_armed(r)       ? "armed"
                       : r->is_recording ? "recording"
                       : r->was_dropped  ? "dropped"
                       : state->id[0]    ? "closed"
                                         : "idle";
    const char *reason = "";
    for (size_t i = 0; i < atomic_load(&r->n_tracks); i++)
        if (reason_of(r, &r->tracks[i])[0]) {
            word = r->is_recording ? word_of(&r->tracks[i]) : word;
            reason = r->tracks[i].reason;
        }
    (void)snprintf(state->state, sizeof state->state, "%s", word);
    (void)snprintf(state->reason, sizeof state->reason, "%s", reason);
}

/* Under the recorder's lock, and in its thread, or before that has anything open. */
static void show(struct recorder *r, int64_t now_ns)
{
    struct recorder_state *state = &r->shown.state;
    uint64_t free_bytes = session_disk_free_bytes(r->options.config->sessions);
    r->shown_ns = now_ns;
    pthread_mutex_lock(&r->shown.lock);
    if (r->is_recording) {
        state->about = r->about;
        memcpy(state->id, r->about.id, sizeof state->id);
        (void)snprintf(state->folder, sizeof state->folder, "%.1023s", r->folder);
        state->length_s = is_armed(r) ? 0 : (double)(now_ns - r->begin_ns) * 1e-9;
    }
    state->is_overdue = is_armed(r) && now_ns - r->begin_ns > r->wait_ns;
    state->is_recording = r->is_recording;
    state->is_ending = r->is_ending;
    state->n_files_begun = r->n_begun;
    state->n_files_failed = r->n_failed;
    state->free_bytes = free_bytes;
    for (size_t i = 0; i < atomic_load(&r->n_tracks) && state->id[0]; i++) {
        show_device(r, &r->tracks[i], &r->shown.devices[i], state->length_s, state->free_bytes);
        r->shown.until_ns[i] = now_ns + (r->is_recording ? 3600LL * NS_PER_S : 2LL * NS_PER_S);
    }
    add_up(r, state);
    put_state(r, state);
    pthread_mutex_unlock(&r->shown.lock);
}

/* ---- the thread ---- */

static bool is_all_idle(const struct recorder *r)
{
    for (size_t i = 0; i < atomic_load(&r->n_tracks); i++)
        if (r->tracks[i].state != TRACK_IDLE || ring_peek(r->tracks[i].tape))
            return false;
    return true;
}

static void close_folder(struct recorder *r)
{
    (void)close(r->folder_lock);
    r->folder_lock = -1;
    r->is_recording = r->is_ending = false;
    show(r, moment_monotonic_ns());
}

/* Under the lock: nobody touched, nothing is kept. */
static void drop(struct recorder *r)
{
    struct thenar_error error;
    r->was_dropped = true;
    if (recorder_folder_remove(r->folder, &error) != THENAR_OK)
        log_say(LOG_LEVEL_ERROR, "session", "%s", error.text);
    close_folder(r);
    log_say(LOG_LEVEL_INFO, "session", "%s dropped: nothing touched", r->about.id);
    waker_wake(r->options.changed);
}

/* Under the lock. */
static void conclude(struct recorder *r)
{
    if (is_armed(r)) {
        drop(r);
        return;
    }
    r->manifest.state = SESSION_CLOSED;
    for (size_t i = 0; i < r->manifest.n_devices; i++)
        if (r->manifest.devices[i].summary.state != SESSION_CLOSED)
            r->manifest.state = SESSION_RECORDING;
    r->manifest.end_unix_s = moment_unix_s(moment_now());
    write_manifest(r);
    close_folder(r);
    const struct recorder_state *state = &r->shown.state;
    log_say(LOG_LEVEL_INFO, "session", "%s ended: %u file%s, %llu frames, %llu lost", r->about.id,
            r->n_begun, r->n_begun == 1 ? "" : "s", (unsigned long long)state->n_frames,
            (unsigned long long)state->n_lost);
    waker_wake(r->options.changed);
}

static void take_news(struct recorder *r, struct recorder_track *track, enum track_news news)
{
    if (news == TRACK_NOTHING)
        return;
    pthread_mutex_lock(&r->lock);
    if (news == TRACK_BEGUN)
        r->n_begun++;
    if (news == TRACK_TROUBLE && !track->file)
        r->n_failed++;
    if ((news == TRACK_BEGUN || news == TRACK_ENDED) && r->is_recording && track->entry.file[0])
        enter_manifest(r, &track->entry);
    show(r, moment_monotonic_ns());
    pthread_mutex_unlock(&r->lock);
    waker_wake(r->options.changed);
}

/* An armed session counts from the first touch. */
static void look_for_touch(struct recorder *r)
{
    bool is_touched = false;
    const size_t n_tracks = atomic_load(&r->n_tracks);
    for (size_t i = 0; i < n_tracks; i++)
        is_touched |= r->tracks[i].was_touched;
    pthread_mutex_lock(&r->lock);
    is_touched &= is_armed(r);
    if (is_touched) {
        r->wait_ns = 0;
        r->begin_ns = moment_monotonic_ns();
        show(r, r->begin_ns);
    }
    pthread_mutex_unlock(&r->lock);
    if (!is_touched)
        return;
    for (size_t i = 0; i < n_tracks; i++)
        take_news(r, &r->tracks[i], recorder_track_mark_touch(&r->tracks[i]));
    log_say(LOG_LEVEL_INFO, "session", "%s: touched, it counts from here", r->about.id);
}

static bool goes_on(struct recorder *r)
{
    pthread_mutex_lock(&r->lock);
    bool is_recording = r->is_recording;
    pthread_mutex_unlock(&r->lock);
    return is_recording;
}

/* Where a file that begins now goes; only then is it asked. */
static const char *folder_for(struct recorder *r, const struct recorder_track *track)
{
    const struct tape_record *record = ring_peek(track->tape);
    if (!record || record->kind != TAPE_BEGIN)
        return NULL;
    return goes_on(r) ? r->folder : NULL;
}

/* Returns whether there was anything to do. */
static bool drain(struct recorder *r)
{
    bool any = false;
    const struct recorder_papers papers = {.about = &r->about,
                                           .settings = r->settings,
                                           .n_settings = r->n_settings,
                                           .documents = &r->documents};
    for (size_t i = 0; i < atomic_load(&r->n_tracks); i++) {
        struct recorder_track *track = &r->tracks[i];
        enum track_news news;
        for (int n = 0;
             n < BURST && recorder_track_step(track, folder_for(r, track), &papers, &news); n++) {
            take_news(r, track, news);
            any = true;
        }
        take_news(r, track, recorder_track_tick(track, moment_monotonic_ns()));
    }
    look_for_touch(r);
    return any;
}

static void rest(struct recorder *r)
{
    int64_t now_ns = moment_monotonic_ns();
    pthread_mutex_lock(&r->lock);
    if (r->is_recording && r->is_ending && is_all_idle(r))
        conclude(r);
    else if (now_ns - r->shown_ns >= (int64_t)SHOW_MS * NS_PER_MS)
        show(r, now_ns);
    bool is_overdue = r->shown.state.is_overdue && !r->is_ending;
    pthread_mutex_unlock(&r->lock);
    if (is_overdue) /* only devices can end it, and who speaks with them is told */
        waker_wake(r->options.changed);
    waker_prepare(&r->waker);
    bool is_recording = goes_on(r); /* one that began just now must not be slept through */
    if (!atomic_load(&r->is_stopping)) {
        struct pollfd fd = {.fd = r->waker.fd, .events = POLLIN};
        (void)poll(&fd, 1, is_recording ? LOOK_MS : -1);
    }
    waker_finish_sleep(&r->waker);
}

static void *run(void *argument)
{
    struct recorder *r = argument;
    (void)prctl(PR_SET_NAME, "recorder");
    for (;;) {
        bool is_last = atomic_load(&r->is_stopping);
        if (drain(r))
            continue;
        if (is_last)
            break;
        rest(r);
    }
    pthread_mutex_lock(&r->lock);
    if (r->is_recording)
        conclude(r);
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

/* ---- beginning and ending ---- */

static enum thenar_status check_folder(const char *folder, struct thenar_error *error)
{
    if (folder[0] == '\0')
        return thenar_fail(error, THENAR_ERR_ABSENT,
                           "no folder for sessions: start thenard with --sessions DIR, or set "
                           "sessions in thenard.conf");
    enum thenar_status status = session_folder_prepare(folder, error);
    if (status != THENAR_OK)
        return status;
    const char *network = session_disk_network(folder);
    if (network)
        return thenar_fail(error, THENAR_ERR_UNSUPPORTED,
                           "%.200s is on %s: files that are read while they are written (SWMR) "
                           "need a local disk; set another folder, and copy sessions afterwards",
                           folder, network);
    uint64_t free_bytes = session_disk_free_bytes(folder);
    if (free_bytes < ROOM_BYTES)
        return thenar_fail(error, THENAR_ERR_SPACE,
                           "%.200s has only %.1f MB free; free some, or set another folder", folder,
                           (double)free_bytes * 1e-6);
    return THENAR_OK;
}

static enum thenar_status begin(struct recorder *r, struct session_about *about,
                                struct thenar_error *error)
{
    char id[SESSION_ID_BYTES];
    const struct conf *config = r->options.config;
    if (r->is_recording)
        return thenar_fail(error, THENAR_ERR_BUSY,
                           r->is_ending ? "session %s is being closed; try again in a moment"
                                        : "session %s goes on; stop it first",
                           r->about.id);
    about->start_unix_s = moment_unix_s(moment_now());
    (void)snprintf(about->station, sizeof about->station, "%s", config->station);
    (void)snprintf(about->software, sizeof about->software, "thenard %s", THENAR_VERSION);
    session_folder_name(about->start_unix_s, config->station, id, sizeof id - 4);
    enum thenar_status status = session_folder_make(
        config->sessions, id, about->id, sizeof about->id, r->folder, &r->folder_lock, error);
    if (status != THENAR_OK)
        return status;
    session_manifest_finish(&r->manifest);
    r->manifest = (struct session_manifest){
        .about = *about, .state = SESSION_RECORDING, .end_unix_s = (double)NAN};
    status = session_manifest_write(&r->manifest, r->folder, error);
    if (status != THENAR_OK) {
        (void)rmdir(r->folder);
        (void)close(r->folder_lock);
        r->folder_lock = -1;
        return status;
    }
    r->about = *about;
    r->n_begun = r->n_failed = 0;
    r->was_dropped = false;
    r->begin_ns = moment_monotonic_ns();
    r->is_ending = false;
    r->is_recording = true;
    pthread_mutex_lock(&r->shown.lock);
    for (size_t i = 0; i < r->options.n_most; i++)
        thenar_payload_clear(THENAR_TOPIC_SESSION, &r->shown.devices[i]);
    pthread_mutex_unlock(&r->shown.lock);
    return THENAR_OK;
}

/* Under the lock. */
static void take_plan(struct recorder *r, const char *plan_text)
{
    session_documents_finish(&r->documents);
    if (plan_text)
        (void)!session_documents_add(&r->documents, SESSION_DOCUMENT_PLAN, r->about.plan, plan_text,
                                     r->about.start_unix_s);
}

enum thenar_status recorder_begin(struct recorder *recorder, struct session_about *about,
                                  const char *plan_text, double wait_s, struct thenar_error *error)
{
    struct recorder *r = recorder;
    enum thenar_status status = session_pseudonym_check("participant", about->participant, error);
    if (status == THENAR_OK)
        status = session_pseudonym_check("operator", about->operator_id, error);
    if (status == THENAR_OK)
        status = check_folder(r->options.config->sessions, error);
    if (status != THENAR_OK)
        return status;
    pthread_mutex_lock(&r->lock);
    status = begin(r, about, error);
    if (status == THENAR_OK) {
        take_plan(r, plan_text);
        r->wait_ns = (int64_t)(wait_s * NS_PER_S);
        show(r, r->begin_ns);
    }
    pthread_mutex_unlock(&r->lock);
    if (status != THENAR_OK)
        return status;
    log_say(LOG_LEVEL_INFO, "session",
            wait_s > 0 ? "%s waits for a touch in %s" : "%s begins in %s", about->id, r->folder);
    waker_wake(&r->waker);
    return THENAR_OK;
}

void recorder_end(struct recorder *recorder)
{
    pthread_mutex_lock(&recorder->lock);
    recorder->is_ending = recorder->is_recording;
    /* No more is shown from here: files are open in the recorder's thread, which closes them. */
    pthread_mutex_lock(&recorder->shown.lock);
    recorder->shown.state.is_ending = recorder->is_ending;
    pthread_mutex_unlock(&recorder->shown.lock);
    pthread_mutex_unlock(&recorder->lock);
    waker_wake(&recorder->waker);
}

/* ---- from outside ---- */

const char *recorder_folder(const struct recorder *recorder)
{
    return recorder->options.config->sessions;
}

void recorder_state(struct recorder *recorder, struct recorder_state *state)
{
    pthread_mutex_lock(&recorder->shown.lock);
    *state = recorder->shown.state;
    pthread_mutex_unlock(&recorder->shown.lock);
}

bool recorder_device_state(struct recorder *recorder, size_t device,
                           struct thenar_feed_session *session)
{
    pthread_mutex_lock(&recorder->shown.lock);
    *session = recorder->shown.devices[device];
    bool is_said =
        session->session[0] && (recorder->shown.state.is_recording ||
                                moment_monotonic_ns() < recorder->shown.until_ns[device]);
    pthread_mutex_unlock(&recorder->shown.lock);
    return is_said;
}

void recorder_add_device(struct recorder *recorder, const char *name, struct ring *tape)
{
    size_t n = atomic_load(&recorder->n_tracks);
    recorder->tracks[n].device = name;
    recorder->tracks[n].tape = tape;
    atomic_store(&recorder->n_tracks, n + 1);
}

enum thenar_status recorder_create(struct recorder **out, const struct recorder_options *options,
                                   struct thenar_error *error)
{
    struct recorder *r = calloc(1, sizeof *r);
    if (!r)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for the recorder");
    r->options = *options;
    r->waker.fd = -1;
    r->folder_lock = -1;
    pthread_mutex_init(&r->lock, NULL);
    pthread_mutex_init(&r->shown.lock, NULL);
    atomic_init(&r->is_stopping, false);
    atomic_init(&r->n_tracks, 0);
    r->tracks = calloc(options->n_most + 1, sizeof *r->tracks);
    r->shown.devices = calloc(options->n_most + 1, sizeof *r->shown.devices);
    r->shown.until_ns = calloc(options->n_most + 1, sizeof *r->shown.until_ns);
    if (!r->tracks || !r->shown.devices || !r->shown.until_ns ||
        waker_init(&r->waker) != THENAR_OK ||
        recorder_settings_of(options->config, &r->settings, &r->n_settings) != THENAR_OK) {
        recorder_destroy(r);
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for the recorder");
    }
    /* A file that may not grow is told by an error, not by a signal. */
    (void)signal(SIGXFSZ, SIG_IGN);
    (void)snprintf(r->shown.state.state, sizeof r->shown.state.state, "idle");
    *out = r;
    return THENAR_OK;
}

enum thenar_status recorder_start_thread(struct recorder *recorder, struct thenar_error *error)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    int failure = pthread_create(&recorder->thread, &attributes, run, recorder);
    pthread_attr_destroy(&attributes);
    if (failure)
        return thenar_fail(error, THENAR_ERR_OS, "cannot start the recorder: %s",
                           strerror(failure));
    recorder->has_thread = true;
    return THENAR_OK;
}

void recorder_stop_thread(struct recorder *recorder)
{
    if (!recorder || !recorder->has_thread)
        return;
    atomic_store(&recorder->is_stopping, true);
    waker_wake(&recorder->waker);
    (void)pthread_join(recorder->thread, NULL);
    recorder->has_thread = false;
}

void recorder_destroy(struct recorder *recorder)
{
    if (!recorder)
        return;
    recorder_stop_thread(recorder);
    if (recorder->waker.fd >= 0)
        waker_finish(&recorder->waker);
    pthread_mutex_destroy(&recorder->lock);
    pthread_mutex_destroy(&recorder->shown.lock);
    session_manifest_finish(&recorder->manifest);
    free(recorder->settings);
    session_documents_finish(&recorder->documents);
    free(recorder->tracks);
    free(recorder->shown.devices);
    free(recorder->shown.until_ns);
    free(recorder);
}
