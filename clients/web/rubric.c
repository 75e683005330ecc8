/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rubric.h"

#include <errno.h>
#include <libconfig.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading */

struct reading {
    const char *where;
    struct rubric *rubric;
    struct thenar_error *error;
};

static enum thenar_status fail_at(const struct reading *reading, const config_setting_t *setting,
                                  const char *sentence)
{
    return thenar_fail(reading->error, THENAR_ERR_VALUE, "%s:%u: %s", reading->where,
                       (unsigned)config_setting_source_line(setting), sentence);
}

static bool read_title(const config_setting_t *setting, char title[static RUBRIC_TITLE_BYTES])
{
    const char *text = setting ? config_setting_get_string(setting) : NULL;
    if (!text || text[0] == '\0' || strlen(text) >= RUBRIC_TITLE_BYTES)
        return false;
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c < ' ')
            return false;
    (void)snprintf(title, RUBRIC_TITLE_BYTES, "%s", text);
    return true;
}

static enum thenar_status read_levels(const struct reading *reading, const config_setting_t *root)
{
    struct rubric *rubric = reading->rubric;
    const config_setting_t *levels = config_setting_get_member(root, "levels");
    int n_levels = levels ? config_setting_length(levels) : 0;
    if (n_levels < 2 || n_levels > CLASS_LEVELS_MAX)
        return fail_at(reading, levels ? levels : root,
                       "levels must be two to six names, as in levels = [\"not yet\", \"good\"];");
    for (int i = 0; i < n_levels; i++)
        if (!read_title(config_setting_get_elem(levels, (unsigned)i), rubric->levels[i]))
            return fail_at(reading, levels, "each level is a short text in quotes");
    rubric->n_levels = (size_t)n_levels;
    return THENAR_OK;
}

static enum thenar_status read_bounds(const struct reading *reading, const config_setting_t *group,
                                      struct rubric_criterion *criterion)
{
    const config_setting_t *bounds = config_setting_get_member(group, "bounds");
    size_t n_bounds = reading->rubric->n_levels - 1;
    if (!bounds || (size_t)config_setting_length(bounds) != n_bounds)
        return fail_at(reading, bounds ? bounds : group,
                       "bounds must be one number less than there are levels");
    for (size_t i = 0; i < n_bounds; i++) {
        const config_setting_t *bound = config_setting_get_elem(bounds, (unsigned)i);
        if (!config_setting_is_number(bound))
            return fail_at(reading, bounds, "bounds must be numbers without quotes");
        criterion->bounds[i] = config_setting_type(bound) == CONFIG_TYPE_FLOAT
                                   ? (float)config_setting_get_float(bound)
                                   : (float)config_setting_get_int64(bound);
        if (!isfinite(criterion->bounds[i]))
            return fail_at(reading, bounds, "bounds must be finite numbers");
    }
    for (size_t i = 2; i < n_bounds; i++)
        if ((criterion->bounds[i] > criterion->bounds[i - 1]) !=
            (criterion->bounds[1] > criterion->bounds[0]))
            return fail_at(reading, bounds, "bounds must all rise, or all fall");
    for (size_t i = 1; i < n_bounds; i++)
        if (fabsf(criterion->bounds[i] - criterion->bounds[i - 1]) <= 0)
            return fail_at(reading, bounds, "two bounds are the same");
    return THENAR_OK;
}

static enum thenar_status read_criterion(const struct reading *reading,
                                         const config_setting_t *group)
{
    static const char *const known[] = {"name", "title", "measure", "bounds"};
    struct rubric *rubric = reading->rubric;
    struct rubric_criterion *criterion = &rubric->criteria[rubric->n_criteria];
    if (!config_setting_is_group(group))
        return fail_at(reading, group, "a criterion is a group: { name = \"...\"; ... }");
    for (unsigned i = 0; i < (unsigned)config_setting_length(group); i++) {
        const config_setting_t *member = config_setting_get_elem(group, i);
        size_t k = 0;
        while (k < 4 && strcmp(known[k], config_setting_name(member)) != 0)
            k++;
        if (k == 4)
            return fail_at(reading, member, "a criterion has name, title, measure and bounds");
    }
    const char *name = NULL, *measure = NULL;
    if (!config_setting_lookup_string(group, "name", &name) || !thenar_name_is_valid(name))
        return fail_at(reading, group, "name must be 1 to 31 of a-z, 0-9, _ and -");
    if (rubric_find(rubric, name))
        return fail_at(reading, group, "two criteria have the same name");
    (void)snprintf(criterion->name, sizeof criterion->name, "%s", name);
    if (!read_title(config_setting_get_member(group, "title"), criterion->title))
        return fail_at(reading, group, "title must be a short text in quotes");
    if (!config_setting_lookup_string(group, "measure", &measure) ||
        tally_measure_read(measure, &criterion->measure) != THENAR_OK)
        return fail_at(reading, group,
                       "measure must be score, pressure_pct, pace_pct, regularity_pct, rhythm_pct, "
                       "holds_pct, technique_pct, coverage_pct, worst_pain or cues_per_minute");
    enum thenar_status status = read_bounds(reading, group, criterion);
    if (status == THENAR_OK)
        rubric->n_criteria++;
    return status;
}

static enum thenar_status read_root(const struct reading *reading, const config_setting_t *root)
{
    const config_setting_t *list = config_setting_get_member(root, "criteria");
    if (!read_title(config_setting_get_member(root, "title"), reading->rubric->title))
        return fail_at(reading, root, "title must be a short text in quotes");
    enum thenar_status status = read_levels(reading, root);
    if (status != THENAR_OK)
        return status;
    int n_criteria = list && config_setting_is_list(list) ? config_setting_length(list) : 0;
    if (n_criteria < 1 || n_criteria > CLASS_CRITERIA_MAX)
        return fail_at(reading, list ? list : root,
                       "criteria must be a list of one to eight: criteria = ( { ... }, { ... } );");
    for (unsigned i = 0; i < (unsigned)n_criteria && status == THENAR_OK; i++)
        status = read_criterion(reading, config_setting_get_elem(list, i));
    return status;
}

enum thenar_status rubric_parse(const char *text, const char *where, struct rubric *rubric,
                                struct thenar_error *error)
{
    config_t config;
    memset(rubric, 0, sizeof *rubric);
    /* An @include would read other files: a rubric is one. */
    if (strstr(text, "@include"))
        return thenar_fail(error, THENAR_ERR_SYNTAX, "%s: a rubric includes no other file", where);
    config_init(&config);
    enum thenar_status status =
        config_read_string(&config, text)
            ? read_root(&(struct reading){where, rubric, error}, config_root_setting(&config))
            : thenar_fail(error, THENAR_ERR_SYNTAX, "%s:%d: %s", where, config_error_line(&config),
                          config_error_text(&config));
    config_destroy(&config);
    return status;
}

enum thenar_status rubric_load(const char *path, struct rubric *rubric, struct thenar_error *error)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return thenar_fail(error, errno == ENOENT ? THENAR_ERR_ABSENT : THENAR_ERR_OS, "%s: %s",
                           path, strerror(errno));
    char *text = malloc(RUBRIC_FILE_BYTES_MAX);
    size_t n_text = text ? fread(text, 1, RUBRIC_FILE_BYTES_MAX, file) : 0;
    bool is_read = text && !ferror(file);
    (void)fclose(file);
    enum thenar_status status;
    if (!is_read)
        status = thenar_fail(error, THENAR_ERR_OS, "%s: it cannot be read", path);
    else if (n_text == RUBRIC_FILE_BYTES_MAX)
        status = thenar_fail(error, THENAR_ERR_LENGTH, "%s: larger than any rubric", path);
    else {
        text[n_text] = '\0';
        status = rubric_parse(text, path, rubric, error);
    }
    free(text);
    return status;
}

void rubric_default_path(char *path, size_t n_space)
{
    const char *folder = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    path[0] = '\0';
    if (folder && folder[0] == '/')
        (void)snprintf(path, n_space, "%s/thenar/rubric.conf", folder);
    else if (home && home[0] == '/')
        (void)snprintf(path, n_space, "%s/.config/thenar/rubric.conf", home);
}

/* ---- judging */

const struct rubric_criterion *rubric_find(const struct rubric *rubric, const char *name)
{
    for (size_t i = 0; i < rubric->n_criteria; i++)
        if (strcmp(rubric->criteria[i].name, name) == 0)
            return &rubric->criteria[i];
    return NULL;
}

unsigned rubric_level(const struct rubric *rubric, const struct rubric_criterion *criterion,
                      const struct class_tally *tally)
{
    float value = class_tally_value(tally, criterion->measure);
    size_t n_bounds = rubric->n_levels - 1;
    bool falls = n_bounds > 1 ? criterion->bounds[1] < criterion->bounds[0]
                              : criterion->measure == TALLY_WORST_PAIN ||
                                    criterion->measure == TALLY_CUES_PER_MINUTE;
    if (!isfinite(value))
        return 0;
    unsigned level = 1;
    for (size_t i = 0; i < n_bounds; i++)
        if (falls ? value <= criterion->bounds[i] : value >= criterion->bounds[i])
            level++;
    return level;
}
