/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A procedure written down: the script half of calibrate_steps.h. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libconfig.h>

#include "calibrate/calibrate_steps.h"
#include "suggest.h"

enum { SCRIPT_BYTES_MAX = 1 << 20 };

struct script {
    const char *name;
    struct thenar_error *error;
    double puck_mm, hold_s; /* for steps that say none */
};

static enum thenar_status fail_name(const struct script *s, const config_setting_t *at,
                                    const char *what, const char *const *words, size_t n_words)
{
    const char *name = config_setting_name(at), *near = suggest_nearest(name, words, n_words);
    return thenar_fail(s->error, THENAR_ERR_SYNTAX, "%s:%u: unknown %s '%s'%s%s%s", s->name,
                       (unsigned)config_setting_source_line(at), what, name,
                       near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

/* 5 and 5.0 are both numbers. */
static enum thenar_status number(const struct script *s, const config_setting_t *at, double least,
                                 double most, double *value)
{
    unsigned line = (unsigned)config_setting_source_line(at);
    if (!config_setting_is_number(at))
        return thenar_fail(s->error, THENAR_ERR_SYNTAX, "%s:%u: %s must be a number, as in 5.0",
                           s->name, line, config_setting_name(at));
    double read = config_setting_type(at) == CONFIG_TYPE_FLOAT
                      ? config_setting_get_float(at)
                      : (double)config_setting_get_int64(at);
    if (!(read >= least && read <= most))
        return thenar_fail(s->error, THENAR_ERR_VALUE, "%s:%u: %s is %g; it may be %g to %g",
                           s->name, line, config_setting_name(at), read, least, most);
    *value = read;
    return THENAR_OK;
}

static enum thenar_status text(const struct script *s, const config_setting_t *at, char *out)
{
    const char *read = config_setting_get_string(at);
    unsigned line = (unsigned)config_setting_source_line(at);
    if (!read)
        return thenar_fail(s->error, THENAR_ERR_SYNTAX, "%s:%u: %s must be a text in quotes",
                           s->name, line, config_setting_name(at));
    if (strlen(read) >= CALIBRATION_TEXT_BYTES)
        return thenar_fail(s->error, THENAR_ERR_VALUE, "%s:%u: %s is longer than %d characters",
                           s->name, line, config_setting_name(at), CALIBRATION_TEXT_BYTES - 1);
    (void)snprintf(out, CALIBRATION_TEXT_BYTES, "%s", read);
    return THENAR_OK;
}

struct step_words {
    const char *kind;
    double force_n;
};

static enum thenar_status read_member(const struct script *s, const config_setting_t *at,
                                      struct calibrate_step *step, struct step_words *words)
{
    static const char *const names[] = {"kind", "mass_kg",     "force_n", "pressure_kpa",
                                        "from", "diameter_mm", "hold_s",  "at_s"};
    const char *name = config_setting_name(at);
    if (strcmp(name, "mass_kg") == 0)
        return number(s, at, 1e-3, 500, &step->mass_kg);
    if (strcmp(name, "force_n") == 0)
        return number(s, at, 1e-2, 5000, &words->force_n);
    if (strcmp(name, "pressure_kpa") == 0)
        return number(s, at, 0.1, 5000, &step->load_kpa);
    if (strcmp(name, "diameter_mm") == 0)
        return number(s, at, 2, 500, &step->diameter_mm);
    if (strcmp(name, "hold_s") == 0)
        return number(s, at, 2, 600, &step->hold_s);
    if (strcmp(name, "at_s") == 0)
        return number(s, at, 0, 1e6, &step->at_s);
    if (strcmp(name, "kind") == 0 && config_setting_get_string(at)) {
        words->kind = config_setting_get_string(at);
        return THENAR_OK;
    }
    if (strcmp(name, "from") == 0 && config_setting_get_string(at) &&
        strcmp(config_setting_get_string(at), "reference") == 0) {
        step->from_live = true;
        return THENAR_OK;
    }
    return fail_name(s, at, "member of a step", names, sizeof names / sizeof *names);
}

/* What a puck's step says of its load, as pressure. */
static enum thenar_status find_load(const struct script *s, unsigned line,
                                    struct calibrate_step *step, double force_n)
{
    int n_said = !isnan(step->mass_kg) + !isnan(step->load_kpa) + !isnan(force_n) + step->from_live;
    if (step->kind == HOLD_ZERO)
        return n_said == 0
                   ? THENAR_OK
                   : thenar_fail(s->error, THENAR_ERR_VALUE,
                                 "%s:%u: a step of kind \"zero\" has no load", s->name, line);
    if (step->kind == HOLD_EVEN)
        return isnan(step->mass_kg) && isnan(force_n)
                   ? THENAR_OK
                   : thenar_fail(s->error, THENAR_ERR_VALUE,
                                 "%s:%u: an even load is known by its pressure_kpa, or not at all",
                                 s->name, line);
    if (n_said != 1)
        return thenar_fail(s->error, THENAR_ERR_VALUE,
                           "%s:%u: a puck's step needs one of mass_kg, force_n, pressure_kpa, or "
                           "from = \"reference\"; this has %d",
                           s->name, line, n_said);
    if (!(step->diameter_mm > 0))
        return thenar_fail(s->error, THENAR_ERR_VALUE,
                           "%s:%u: how wide is the puck? Say puck_diameter_mm = 30.0; at the "
                           "beginning, or diameter_mm in the step",
                           s->name, line);
    if (!isnan(step->mass_kg))
        step->load_kpa = calibrate_kpa(step->mass_kg, step->diameter_mm);
    if (!isnan(force_n))
        step->load_kpa = calibrate_kpa(force_n / 9.80665, step->diameter_mm);
    return THENAR_OK;
}

static void label(struct calibrate_step *step, double force_n)
{
    size_t n = sizeof step->label;
    if (step->kind == HOLD_ZERO)
        (void)snprintf(step->label, n, "no load");
    else if (step->kind == HOLD_EVEN && isnan(step->load_kpa))
        (void)snprintf(step->label, n, "even load");
    else if (step->kind == HOLD_EVEN)
        (void)snprintf(step->label, n, "even %.4g kPa", step->load_kpa);
    else if (!isnan(step->mass_kg))
        (void)snprintf(step->label, n, "%.4g kg", step->mass_kg);
    else if (!isnan(force_n))
        (void)snprintf(step->label, n, "%.4g N", force_n);
    else if (step->from_live)
        (void)snprintf(step->label, n, "by the reference");
    else
        (void)snprintf(step->label, n, "%.4g kPa", step->load_kpa);
}

static enum thenar_status read_step(const struct script *s, const config_setting_t *group,
                                    struct calibrate_procedure *p)
{
    unsigned line = (unsigned)config_setting_source_line(group);
    if (p->n_steps == STEPS_MAX)
        return thenar_fail(s->error, THENAR_ERR_VALUE, "%s:%u: more than %d steps", s->name, line,
                           STEPS_MAX);
    struct calibrate_step *step = &p->steps[p->n_steps];
    struct step_words words = {.force_n = (double)NAN};
    *step = (struct calibrate_step){.mass_kg = (double)NAN,
                                    .load_kpa = (double)NAN,
                                    .at_s = (double)NAN,
                                    .hold_s = s->hold_s,
                                    .diameter_mm = s->puck_mm};
    if (!config_setting_is_group(group))
        return thenar_fail(s->error, THENAR_ERR_SYNTAX,
                           "%s:%u: a step is a group, as in { kind = \"puck\"; mass_kg = 3.0; }",
                           s->name, line);
    for (unsigned k = 0; k < (unsigned)config_setting_length(group); k++) {
        enum thenar_status status = read_member(s, config_setting_get_elem(group, k), step, &words);
        if (status != THENAR_OK)
            return status;
    }
    if (!words.kind || !hold_kind_of(words.kind, &step->kind))
        return thenar_fail(
            s->error, THENAR_ERR_VALUE,
            "%s:%u: the kind of this step is %s%s%s; there are \"zero\", \"even\" and "
            "\"puck\"",
            s->name, line, words.kind ? "\"" : "not said", words.kind ? words.kind : "",
            words.kind ? "\"" : "");
    enum thenar_status status = find_load(s, line, step, words.force_n);
    if (status != THENAR_OK)
        return status;
    if (step->kind != HOLD_PUCK)
        step->diameter_mm = 0.0;
    label(step, words.force_n);
    double before_s = p->n_steps > 0 ? p->steps[p->n_steps - 1].at_s : (double)NAN;
    if (!isnan(before_s) && !isnan(step->at_s) &&
        step->at_s < before_s + p->steps[p->n_steps - 1].hold_s)
        return thenar_fail(s->error, THENAR_ERR_VALUE,
                           "%s:%u: this step begins at %g s, before the one above is over", s->name,
                           line, step->at_s);
    p->n_steps++;
    return THENAR_OK;
}

static enum thenar_status read_steps(const struct script *s, const config_setting_t *list,
                                     struct calibrate_procedure *p)
{
    if (!list || !config_setting_is_list(list))
        return thenar_fail(s->error, THENAR_ERR_SYNTAX,
                           "%s: no steps = ( { kind = \"zero\"; }, ... ); in it", s->name);
    for (unsigned k = 0; k < (unsigned)config_setting_length(list); k++) {
        enum thenar_status status = read_step(s, config_setting_get_elem(list, k), p);
        if (status != THENAR_OK)
            return status;
    }
    return THENAR_OK;
}

static enum thenar_status read_head(struct script *s, const config_setting_t *at,
                                    struct calibrate_procedure *p)
{
    static const char *const names[] = {
        "reference",     "operator",         "note",   "reference_uncertainty_pct",
        "temperature_c", "puck_diameter_mm", "hold_s", "steps"};
    const char *name = config_setting_name(at);
    if (strcmp(name, "reference") == 0)
        return text(s, at, p->reference);
    if (strcmp(name, "operator") == 0)
        return text(s, at, p->operator_name);
    if (strcmp(name, "note") == 0)
        return text(s, at, p->note);
    if (strcmp(name, "reference_uncertainty_pct") == 0)
        return number(s, at, 0, 100, &p->uncertainty_pct);
    if (strcmp(name, "temperature_c") == 0)
        return number(s, at, -60, 150, &p->temperature_c);
    if (strcmp(name, "puck_diameter_mm") == 0)
        return number(s, at, 2, 500, &s->puck_mm);
    if (strcmp(name, "hold_s") == 0)
        return number(s, at, 2, 600, &s->hold_s);
    if (strcmp(name, "steps") == 0)
        return THENAR_OK; /* below, when all of these are known */
    return fail_name(s, at, "setting", names, sizeof names / sizeof *names);
}

enum thenar_status calibrate_script_parse(struct calibrate_procedure *procedure,
                                          const char *written, const char *name,
                                          struct thenar_error *error)
{
    struct script s = {.name = name, .error = error, .hold_s = 8.0};
    config_t parsed;
    config_init(&parsed);
    enum thenar_status status = THENAR_OK;
    procedure->n_steps = 0;
    if (config_read_string(&parsed, written) != CONFIG_TRUE) {
        status = thenar_fail(error, THENAR_ERR_SYNTAX, "%s:%d: %s", name,
                             config_error_line(&parsed), config_error_text(&parsed));
    } else {
        const config_setting_t *root = config_root_setting(&parsed);
        for (unsigned k = 0; k < (unsigned)config_setting_length(root) && status == THENAR_OK; k++)
            status = read_head(&s, config_setting_get_elem(root, k), procedure);
        if (status == THENAR_OK)
            status = read_steps(&s, config_setting_get_member(root, "steps"), procedure);
    }
    config_destroy(&parsed);
    return status;
}

enum thenar_status calibrate_script_read(struct calibrate_procedure *procedure, const char *path,
                                         struct thenar_error *error)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return thenar_fail(error, errno == ENOENT ? THENAR_ERR_ABSENT : THENAR_ERR_OS,
                           "%s: cannot read the script: %s", path, strerror(errno));
    char *written = calloc(1, SCRIPT_BYTES_MAX);
    enum thenar_status status = THENAR_ERR_MEMORY;
    if (written) {
        size_t n_bytes = fread(written, 1, SCRIPT_BYTES_MAX - 1, file);
        if (ferror(file) || strlen(written) != n_bytes || n_bytes == SCRIPT_BYTES_MAX - 1)
            status =
                thenar_fail(error, THENAR_ERR_SYNTAX, "%s: not a text file of below 1 MiB", path);
        else
            status = calibrate_script_parse(procedure, written, path, error);
    }
    free(written);
    (void)fclose(file);
    return status;
}
