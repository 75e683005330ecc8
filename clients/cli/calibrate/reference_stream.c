/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/reference_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

enum { LINE_BYTES = 256 };
static const double most_unsteady = 0.05;

struct reference_stream {
    int fd;       /* live; -1: recorded */
    size_t n_row; /* recorded */
    struct row {
        double time_s, value;
    } * rows; /* [n_row] of [n_space] */
    size_t n_space;
    double begin_s;
    char line[LINE_BYTES];
    size_t n_line;
    double sum, least, most;
    unsigned n;
};

bool reference_line_value(const char *line, double *value)
{
    bool found = false;
    for (const char *at = line; *at;) {
        char *end;
        /* "kg" must not hide a sign or a digit, and "nan" is no reading */
        if (!strchr("+-.0123456789", *at)) {
            at++;
            continue;
        }
        double number = strtod(at, &end);
        if (end == at || !isfinite(number)) {
            at++;
            continue;
        }
        *value = number;
        found = true;
        at = end;
    }
    return found;
}

static bool add_row(struct reference_stream *s, double time_s, double value)
{
    if (s->n_row == s->n_space) {
        size_t n_space = s->n_space ? 2 * s->n_space : 256;
        struct row *rows = realloc(s->rows, n_space * sizeof *rows);
        if (!rows)
            return false;
        s->rows = rows;
        s->n_space = n_space;
    }
    s->rows[s->n_row++] = (struct row){time_s, value};
    return true;
}

static enum thenar_status read_table(struct reference_stream *s, const char *path,
                                     struct thenar_error *error)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return thenar_fail(error, THENAR_ERR_OS, "%s: cannot read the reference: %s", path,
                           strerror(errno));
    char line[LINE_BYTES];
    enum thenar_status status = THENAR_OK;
    for (unsigned n_line = 1; status == THENAR_OK && fgets(line, sizeof line, file); n_line++) {
        double time_s, value;
        char *end;
        time_s = strtod(line, &end);
        if (end == line && n_line == 1)
            continue; /* names of the columns */
        if (end == line || !reference_line_value(end, &value)) {
            status = thenar_fail(error, THENAR_ERR_SYNTAX,
                                 "%s:%u: not two numbers, a time in seconds and a reading", path,
                                 n_line);
            break;
        }
        if (!add_row(s, time_s, value))
            status = thenar_fail(error, THENAR_ERR_MEMORY, "%s: out of memory", path);
    }
    (void)fclose(file);
    if (status == THENAR_OK && s->n_row == 0)
        status = thenar_fail(error, THENAR_ERR_SYNTAX, "%s: no reading in it", path);
    return status;
}

static enum thenar_status set_speed(int fd, long baud, struct thenar_error *error)
{
    static const struct {
        long baud;
        speed_t speed;
    } speeds[] = {{1200, B1200},   {2400, B2400},   {4800, B4800},   {9600, B9600},
                  {19200, B19200}, {38400, B38400}, {57600, B57600}, {115200, B115200}};
    struct termios port;
    if (tcgetattr(fd, &port) != 0)
        return THENAR_OK; /* a pipe has no speed */
    for (size_t k = 0; k < sizeof speeds / sizeof speeds[0]; k++)
        if (speeds[k].baud == baud) {
            port.c_iflag = IGNBRK | IGNPAR;
            port.c_oflag = 0;
            port.c_lflag = 0;
            port.c_cflag = CS8 | CREAD | CLOCAL;
            (void)cfsetispeed(&port, speeds[k].speed);
            (void)cfsetospeed(&port, speeds[k].speed);
            (void)tcsetattr(fd, TCSANOW, &port);
            return THENAR_OK;
        }
    return thenar_fail(error, THENAR_ERR_VALUE,
                       "--reference-baud %ld is not a usual speed: 1200, 2400, 4800, 9600, 19200, "
                       "38400, 57600 or 115200",
                       baud);
}

enum thenar_status reference_stream_open(struct reference_stream **out, const char *path, long baud,
                                         struct thenar_error *error)
{
    *out = NULL;
    struct stat about;
    struct reference_stream *s = calloc(1, sizeof *s);
    if (!s)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory");
    s->fd = -1;
    enum thenar_status status = THENAR_OK;
    if (stat(path, &about) != 0)
        status = thenar_fail(error, THENAR_ERR_OS, "%s: cannot read the reference: %s", path,
                             strerror(errno));
    else if (S_ISREG(about.st_mode))
        status = read_table(s, path, error);
    else if ((s->fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)) < 0)
        status = thenar_fail(error, THENAR_ERR_OS, "%s: cannot open the reference: %s", path,
                             strerror(errno));
    else
        status = set_speed(s->fd, baud, error);
    if (status != THENAR_OK) {
        reference_stream_close(s);
        return status;
    }
    *out = s;
    return THENAR_OK;
}

void reference_stream_close(struct reference_stream *stream)
{
    if (!stream)
        return;
    if (stream->fd >= 0)
        (void)close(stream->fd);
    free(stream->rows);
    free(stream);
}

static void take(struct reference_stream *s, double value)
{
    s->sum += value;
    s->least = s->n ? fmin(s->least, value) : value;
    s->most = s->n ? fmax(s->most, value) : value;
    s->n++;
}

void reference_stream_poll(struct reference_stream *stream)
{
    char bytes[512];
    ssize_t n;
    while (stream->fd >= 0 && (n = read(stream->fd, bytes, sizeof bytes)) > 0)
        for (ssize_t i = 0; i < n; i++) {
            if (bytes[i] != '\n' && bytes[i] != '\r') {
                if (stream->n_line + 1 < LINE_BYTES)
                    stream->line[stream->n_line++] = bytes[i];
                continue;
            }
            double value;
            stream->line[stream->n_line] = '\0';
            stream->n_line = 0;
            if (reference_line_value(stream->line, &value))
                take(stream, value);
        }
}

void reference_stream_begin(struct reference_stream *stream, double now_s)
{
    reference_stream_poll(stream);
    stream->begin_s = now_s;
    stream->n = 0;
    stream->sum = 0.0;
}

enum thenar_status reference_stream_end(struct reference_stream *stream, double now_s, double *mean,
                                        struct thenar_error *error)
{
    reference_stream_poll(stream);
    for (size_t k = 0; k < stream->n_row; k++)
        if (stream->rows[k].time_s >= stream->begin_s && stream->rows[k].time_s <= now_s)
            take(stream, stream->rows[k].value);
    if (stream->n == 0)
        return thenar_fail(
            error, THENAR_ERR_ABSENT,
            "the reference instrument said nothing meanwhile: is it switched on, set "
            "to send by itself, and at this speed?");
    *mean = stream->sum / stream->n;
    double stray = fmax(stream->most - *mean, *mean - stream->least);
    if (stray > most_unsteady * fabs(*mean))
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "the reference was not steady: %g to %g in this step. Let the load come "
                           "to rest first",
                           stream->least, stream->most);
    return THENAR_OK;
}
