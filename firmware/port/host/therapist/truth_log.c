/* SPDX-License-Identifier: MIT */
#include "therapist/truth_log.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct truth_log {
    FILE *file;
    bool owned;
    double origin_s;
    char buffer[4096]; /* given to stdio, which so allocates nothing later */
};

static void write_head(struct truth_log *log)
{
    (void)fputs("kind,technique,style,hand,start_s,end_s,pace_cpm,mean_force_n,peak_force_n,"
                "path_mm,direction_deg\n",
                log->file);
    (void)fflush(log->file);
}

enum thenar_status truth_log_attach(struct truth_log **out, FILE *file, struct thenar_error *error)
{
    *out = calloc(1, sizeof **out);
    if (!*out)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for the truth");
    (*out)->file = file;
    write_head(*out);
    return THENAR_OK;
}

enum thenar_status truth_log_open(struct truth_log **out, const char *path,
                                  struct thenar_error *error)
{
    *out = NULL;
    struct truth_log *log = calloc(1, sizeof *log);
    if (!log)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for the truth");
    log->file = fopen(path, "w");
    if (!log->file) {
        int reason = errno;
        free(log);
        return thenar_fail(error, THENAR_ERR_OS,
                           "%s: cannot write the truth: %s; choose a file in a folder that exists",
                           path, strerror(reason));
    }
    (void)setvbuf(log->file, log->buffer, _IOFBF, sizeof log->buffer);
    log->owned = true;
    write_head(log);
    *out = log;
    return THENAR_OK;
}

void truth_log_close(struct truth_log *log)
{
    if (!log)
        return;
    if (log->owned)
        (void)fclose(log->file);
    free(log);
}

void truth_log_origin(struct truth_log *log, double origin_s)
{
    if (log)
        log->origin_s = origin_s;
}

static void write_number(struct truth_log *log, double value)
{
    if (isnan(value))
        (void)fputc(',', log->file);
    else
        (void)fprintf(log->file, ",%.3f", value);
}

static const char *hands_name(unsigned hands)
{
    return hands == HANDS_BOTH ? "both" : hands == HANDS_LEFT ? "left" : "right";
}

static void write_row(struct truth_log *log, const char *kind, const struct step *step,
                      const char *hands, const double *numbers, size_t n_numbers)
{
    (void)fprintf(log->file, "%s,%s,%s,%s", kind, step->move->name, move_style(step), hands);
    for (size_t i = 0; i < n_numbers; i++)
        write_number(log, numbers[i]);
    (void)fputc('\n', log->file);
    (void)fflush(log->file);
}

void truth_log_cycle(struct truth_log *log, const struct step *step,
                     const struct truth_cycle *cycle)
{
    if (!log)
        return;
    const double numbers[] = {cycle->start_s + log->origin_s,
                              cycle->end_s + log->origin_s,
                              nan(""),
                              cycle->mean_force_n,
                              cycle->peak_force_n,
                              cycle->path_mm,
                              cycle->direction_deg};
    write_row(log, "cycle", step, hands_name(cycle->hands), numbers,
              sizeof numbers / sizeof numbers[0]);
}

void truth_log_step(struct truth_log *log, const struct step *step, double start_s, double end_s,
                    const struct truth_sum *sum)
{
    if (!log)
        return;
    bool touched = sum->contact_s > 0.0;
    const double numbers[] = {start_s + log->origin_s,
                              end_s + log->origin_s,
                              truth_sum_pace_cpm(sum),
                              touched ? sum->impulse_n_s / sum->contact_s : nan(""),
                              touched ? sum->peak_force_n : nan(""),
                              nan(""),
                              nan("")};
    write_row(log, "step", step, step->move->plan ? hands_name(step->hands) : "", numbers,
              sizeof numbers / sizeof numbers[0]);
}

void truth_sum_add(struct truth_sum *sum, const struct truth_cycle *cycle, double period_s)
{
    if (sum->n_cycles == 0)
        sum->first_start_s = cycle->start_s;
    sum->n_cycles++;
    sum->last_start_s = cycle->start_s;
    sum->last_period_s = period_s;
    sum->contact_s += cycle->end_s - cycle->start_s;
    sum->impulse_n_s += cycle->mean_force_n * (cycle->end_s - cycle->start_s);
    sum->peak_force_n = fmax(sum->peak_force_n, cycle->peak_force_n);
}

double truth_sum_pace_cpm(const struct truth_sum *sum)
{
    if (sum->n_cycles < 2)
        return nan("");
    double span_s = sum->last_start_s + sum->last_period_s - sum->first_start_s;
    return 60.0 * (double)sum->n_cycles / span_s;
}
