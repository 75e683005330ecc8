/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli_command.h"
#include "cli_options.h"
#include "technique/feature_vector.h"
#include "training/fit_report.h"
#include "training/linear_fit.h"
#include "training/recorded_takes.h"
#include "training/virtual_takes.h"

struct train_options {
    const char *from, *test, *out, *name;
    unsigned seed, n_scenes;
    double shrinkage; /* NaN: the usual one */
    bool enrol, no_report, no_progress;
};

struct train_job {
    const struct train_options *options;
    bool bar;
    const char *doing;
    struct sample_table table; /* what is learned from */
    struct fit_report report;
    float temperature;
};

static const double every_s = 0.5;

static void show(void *context, unsigned n_done)
{
    const struct train_job *job = context;
    if (job->bar)
        (void)fprintf(stderr, "\r  %s: %u ", job->doing, n_done);
}

static void clear(const struct train_job *job)
{
    if (job->bar)
        (void)fprintf(stderr, "\r%60s\r", "");
}

static enum thenar_status simulate(struct train_job *job, struct sample_table *table,
                                   enum virtual_styles styles, unsigned n_scenes,
                                   struct thenar_error *error)
{
    /* Seeds for testing are apart from those for learning. */
    uint64_t seed = (uint64_t)job->options->seed + (styles == STYLES_TESTING ? 1000000 : 0);
    struct virtual_takes_options options = {.seed = seed,
                                            .n_scenes = n_scenes,
                                            .styles = styles,
                                            .every_s = every_s,
                                            .progress = show,
                                            .context = job};
    job->doing = "simulated scenes";
    enum thenar_status status = virtual_takes_add(table, &options, error);
    clear(job);
    return status;
}

static struct linear_fit_options fit_options(const struct train_options *o)
{
    static const struct linear_fit_options recorded = LINEAR_FIT_RECORDED;
    static const struct linear_fit_options simulated = LINEAR_FIT_SIMULATED;
    struct linear_fit_options options = o->from && !o->enrol ? recorded : simulated;
    if (!isnan(o->shrinkage))
        options.shrinkage = (float)o->shrinkage;
    return options;
}

static enum thenar_status fit(const struct train_job *job, struct linear_model **model,
                              const bool *without, struct thenar_error *error)
{
    struct linear_fit_options options = fit_options(job->options);
    options.without_person = without;
    return linear_fit(model, &job->table, &options, error);
}

/* Logarithm of the temperature that suits the others than `person`; n: that suits all. */
static double others_temperature(const double *logs, unsigned n, unsigned person)
{
    double sum = 0;
    unsigned n_others = 0;
    for (unsigned i = 0; i < n; i++) {
        sum += i == person && n > 1 ? 0 : logs[i];
        n_others += i != person || n == 1;
    }
    return sum / n_others;
}

/* Each person once left out: how it does on people it never saw. Their confidence is fitted on the
 * others' left-out answers. */
static enum thenar_status leave_people_out(struct train_job *job, unsigned first_person,
                                           struct thenar_error *error)
{
    struct linear_model *models[SAMPLE_PEOPLE_MAX] = {NULL};
    double logs[SAMPLE_PEOPLE_MAX];
    enum thenar_status status = THENAR_OK;
    unsigned n_people = job->table.people.n - first_person, n = 0;
    for (; n < n_people && job->table.people.n > 1 && status == THENAR_OK; n++) {
        bool out[SAMPLE_PEOPLE_MAX] = {false};
        out[first_person + n] = true;
        status = fit(job, &models[n], out, error);
        if (status != THENAR_OK)
            break;
        logs[n] = log((double)fit_report_temperature(models[n], &job->table, out));
        job->doing = "people left out";
        show(job, n + 1);
    }
    clear(job);
    for (unsigned i = 0; i < n && status == THENAR_OK; i++) {
        bool out[SAMPLE_PEOPLE_MAX] = {false};
        out[first_person + i] = true;
        models[i]->temperature = (float)exp(others_temperature(logs, n, i));
        fit_report_add(&job->report, models[i], &job->table, out);
    }
    if (n && status == THENAR_OK)
        job->temperature = (float)exp(others_temperature(logs, n, n));
    for (unsigned i = 0; i < n; i++)
        linear_model_destroy(models[i]);
    return status;
}

/* Recordings that were not learned from. */
static enum thenar_status try_recordings(struct train_job *job, struct linear_model *model,
                                         struct thenar_error *error)
{
    struct recorded_takes_options options = {.every_s = every_s, .progress = show, .context = job};
    struct sample_table table;
    sample_table_init(&table, feature_vector_n());
    job->doing = "recordings to test with";
    enum thenar_status status = recorded_takes_add(&table, job->options->test, &options, error);
    clear(job);
    if (status == THENAR_OK)
        fit_report_add(&job->report, model, &table, NULL);
    sample_table_finish(&table);
    return status;
}

/* Styles and seeds that were not learned from. */
static enum thenar_status try_styles(struct train_job *job, struct linear_model *model,
                                     struct thenar_error *error)
{
    struct sample_table table;
    sample_table_init(&table, feature_vector_n());
    unsigned n_scenes = job->options->n_scenes / 3 + 1;
    enum thenar_status status = simulate(job, &table, STYLES_TESTING, n_scenes, error);
    if (status == THENAR_OK) {
        job->temperature = fit_report_temperature(model, &table, NULL);
        fit_report_add(&job->report, model, &table, NULL);
    }
    sample_table_finish(&table);
    return status;
}

static enum thenar_status write_model(const struct train_job *job, const struct linear_model *model,
                                      struct thenar_error *error)
{
    const char *path = job->options->out;
    size_t n_bytes;
    char *text = linear_model_format(model, &n_bytes);
    FILE *file = text ? fopen(path, "w") : NULL;
    bool good = file && fwrite(text, 1, n_bytes, file) == n_bytes;
    if (file && fclose(file) != 0)
        good = false;
    free(text);
    return good ? THENAR_OK
                : thenar_fail(error, THENAR_ERR_OS, "%s: cannot write the model: %s", path,
                              strerror(errno));
}

static void name_model(const struct train_job *job, struct linear_model *model)
{
    const struct train_options *o = job->options;
    bool simulated = !o->from || o->enrol;
    double shrinkage = (double)fit_options(o).shrinkage;
    (void)snprintf(model->name, sizeof model->name, "%s", o->name);
    (void)snprintf(model->hands, sizeof model->hands, "%s",
                   !o->from   ? "simulated"
                   : o->enrol ? "simulated and recorded"
                              : "recorded");
    if (simulated)
        (void)snprintf(model->recipe, sizeof model->recipe,
                       "thenar train --seed %u --scenes %u --shrinkage %g%s", o->seed, o->n_scenes,
                       shrinkage, o->from ? " --enrol --from ..." : "");
    else
        (void)snprintf(model->recipe, sizeof model->recipe,
                       "thenar train --shrinkage %g --from ... (%u takes, %u people)", shrinkage,
                       job->table.n_takes, job->table.people.n);
    if (job->temperature > 0)
        model->temperature = job->temperature;
}

static enum thenar_status learn(struct train_job *job, struct thenar_error *error)
{
    const struct train_options *o = job->options;
    struct linear_model *model = NULL;
    enum thenar_status status = THENAR_OK;
    if (!o->from || o->enrol)
        status = simulate(job, &job->table, STYLES_LEARNING, o->n_scenes, error);
    unsigned first_person = job->table.people.n;
    if (status == THENAR_OK && o->from) {
        struct recorded_takes_options options = {
            .every_s = every_s, .progress = show, .context = job};
        job->doing = "recordings";
        status = recorded_takes_add(&job->table, o->from, &options, error);
        clear(job);
    }
    if (status == THENAR_OK && o->from && !o->no_report && !o->test)
        status = leave_people_out(job, first_person, error);
    if (status == THENAR_OK)
        status = fit(job, &model, NULL, error);
    if (status == THENAR_OK && !o->from && !o->test)
        status = try_styles(job, model, error);
    if (status == THENAR_OK)
        name_model(job, model);
    if (status == THENAR_OK && o->test)
        status = try_recordings(job, model, error);
    if (status == THENAR_OK && o->out)
        status = write_model(job, model, error);
    if (status == THENAR_OK && !o->no_report)
        fit_report_print(&job->report, stdout);
    if (status == THENAR_OK)
        printf("\n%zu windows of %u takes; temperature %.2f%s%s\n", job->table.n,
               job->table.n_takes, (double)model->temperature, o->out ? "; written to " : "",
               o->out ? o->out : "; no model written (--out FILE)");
    linear_model_destroy(model);
    return status;
}

int train_command(int argc, char **argv)
{
    struct train_options o = {.name = "own", .seed = 11, .n_scenes = 300, .shrinkage = (double)NAN};
    const struct option_row rows[] = {
        {"from", OPTION_TEXT, &o.from, "LIST",
         "recordings: a CSV file of file, person, episodes, ...", 0, 0},
        {"test", OPTION_TEXT, &o.test, "LIST", "report on these recordings, and leave nobody out",
         0, 0},
        {"enrol", OPTION_FLAG, &o.enrol, NULL, "recordings on top of the simulated hands", 0, 0},
        {"out", OPTION_TEXT, &o.out, "FILE", "write the model there", 0, 0},
        {"name", OPTION_TEXT, &o.name, "NAME", "of the model, as views tell it (own)", 0, 0},
        {"seed", OPTION_COUNT, &o.seed, "N", "of the simulated hands (11)", 0, 999999},
        {"scenes", OPTION_COUNT, &o.n_scenes, "N", "of the simulated hands (300)", 1, 100000},
        {"shrinkage", OPTION_NUMBER, &o.shrinkage, "X",
         "of the covariance (0.05; of recordings alone 0.25)", 0, 1},
        {"no-report", OPTION_FLAG, &o.no_report, NULL, "leave nobody out to test with", 0, 0},
        {"no-progress", OPTION_FLAG, &o.no_progress, NULL, "no progress line", 0, 0},
    };
    const struct option_table table = {
        "train",
        "",
        "Teach a technique model: from simulated hands, or --from your own labelled recordings.\n"
        "Reports how it does on styles or people that it never saw.",
        rows,
        sizeof rows / sizeof *rows,
        0};
    struct options_result result;
    struct thenar_error error;
    int code = options_read(&table, argc, argv, &result);
    if (code >= 0)
        return code;
    if (result.n_operands)
        return options_fail(&table, "unexpected argument '%s'; recordings come with --from LIST",
                            result.operands[0]);
    if (o.enrol && !o.from)
        return options_fail(&table, "--enrol goes with --from LIST");
    struct train_job job = {.options = &o, .bar = !o.no_progress && isatty(STDERR_FILENO)};
    sample_table_init(&job.table, feature_vector_n());
    fit_report_init(&job.report);
    enum thenar_status status = learn(&job, &error);
    if (status != THENAR_OK)
        (void)fprintf(stderr, "thenar train: %s\n", error.text);
    fit_report_finish(&job.report);
    sample_table_finish(&job.table);
    return status == THENAR_OK && fflush(stdout) == 0 ? EXIT_DONE : EXIT_FAILED;
}
