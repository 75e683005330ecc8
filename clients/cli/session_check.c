/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session_check.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PIECES_MAX = 8 };
static const uint64_t PIECE_FRAMES = 20000; /* not worth a process below this */

struct piece {
    pid_t pid;
    int fd; /* its answer comes here */
    uint64_t first, n_frames;
};

static enum thenar_status count_frames(const char *path, uint64_t *n_frames, unsigned *chunk,
                                       struct thenar_error *error)
{
    struct session_reader *reader;
    enum thenar_status status = session_reader_open(&reader, path, error);
    if (status != THENAR_OK)
        return status;
    *n_frames = session_reader_n_frames(reader);
    *chunk = session_reader_chunk_frames(reader);
    session_reader_close(reader);
    return THENAR_OK;
}

static enum thenar_status check_part(const char *path, const struct piece *piece,
                                     struct session_frames_check *check, struct thenar_error *error)
{
    struct session_reader *reader;
    enum thenar_status status = session_reader_open(&reader, path, error);
    if (status == THENAR_OK)
        status = session_verify_frames(reader, piece->first, piece->n_frames, check, error);
    session_reader_close(reader);
    return status;
}

static bool start(struct piece *piece, const char *path)
{
    int ends[2];
    if (pipe(ends) != 0)
        return false;
    piece->fd = ends[0];
    piece->pid = fork();
    if (piece->pid == 0) {
        struct session_frames_check check;
        struct thenar_error error;
        bool is_good = check_part(path, piece, &check, &error) == THENAR_OK &&
                       write(ends[1], &check, sizeof check) == (ssize_t)sizeof check;
        _exit(is_good ? 0 : 1);
    }
    (void)close(ends[1]);
    return piece->pid > 0;
}

static bool await(struct piece *piece, struct session_frames_check *check)
{
    int status = 1;
    bool is_good = read(piece->fd, check, sizeof *check) == (ssize_t)sizeof *check;
    (void)close(piece->fd);
    if (piece->pid > 0)
        (void)waitpid(piece->pid, &status, 0);
    return is_good && status == 0;
}

static unsigned n_pieces_for(uint64_t n_frames)
{
    long n_processors = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned n = n_processors < 1            ? 1
                 : n_processors > PIECES_MAX ? PIECES_MAX
                                             : (unsigned)n_processors;
    return n_frames / n < PIECE_FRAMES ? 1 : n;
}

static enum thenar_status check_in_pieces(const char *path, uint64_t n_frames, unsigned chunk,
                                          unsigned n_pieces, struct session_frames_check *all,
                                          struct thenar_error *error)
{
    struct piece pieces[PIECES_MAX];
    uint64_t step = n_frames / n_pieces / chunk * chunk;
    unsigned n_started = 0;
    bool is_good = true;
    for (unsigned i = 0; i < n_pieces && is_good; i++, n_started += is_good) {
        pieces[i] = (struct piece){.first = i * step, .n_frames = step};
        if (i + 1 == n_pieces)
            pieces[i].n_frames = UINT64_MAX;
        is_good = start(&pieces[i], path);
    }
    for (unsigned i = 0; i < n_started; i++) {
        struct session_frames_check check;
        is_good = await(&pieces[i], &check) && is_good;
        if (is_good)
            session_verify_join(all, &check);
    }
    return is_good ? THENAR_OK
                   : thenar_fail(error, THENAR_ERR_OS, "%.300s: a part of it could not be checked",
                                 path);
}

enum thenar_status session_check(const char *path, struct session_verdict *verdict,
                                 struct thenar_error *error)
{
    uint64_t n_frames;
    unsigned chunk;
    struct session_frames_check all = {0};
    struct session_reader *reader;
    enum thenar_status status = count_frames(path, &n_frames, &chunk, error);
    if (status != THENAR_OK)
        return status;
    unsigned n_pieces = n_pieces_for(n_frames);
    if (n_pieces > 1)
        status = check_in_pieces(path, n_frames, chunk, n_pieces, &all, error);
    else
        status = check_part(path, &(struct piece){.n_frames = UINT64_MAX}, &all, error);
    if (status == THENAR_OK)
        status = session_reader_open(&reader, path, error);
    if (status != THENAR_OK)
        return status;
    status = session_verify_tables(reader, verdict, error);
    verdict->frames = all;
    session_reader_close(reader);
    return status;
}
