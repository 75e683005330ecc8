/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/plan_file.h"

#include <ctype.h>
#include <libconfig.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "session/text_file.h"

/* Where a value stands, for the sentence. */
struct place {
    const char *file;
    unsigned line;
};

static struct place place_of(const char *file, const config_setting_t *setting)
{
    return (struct place){file, (unsigned)config_setting_source_line(setting)};
}

#define FAIL(error, place, ...) fail_at(error, place, __VA_ARGS__)

__attribute__((format(printf, 3, 4))) static enum thenar_status fail_at(struct thenar_error *error,
                                                                        struct place place,
                                                                        const char *format, ...)
{
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return thenar_fail(error, THENAR_ERR_SYNTAX, "%.100s:%u: %s", place.file, place.line, text);
}

/* ---- single values ---- */

static enum thenar_status read_text(const config_setting_t *setting, const char *file, char *text,
                                    size_t n_space, struct thenar_error *error)
{
    struct place at = place_of(file, setting);
    const char *name = config_setting_name(setting);
    if (config_setting_type(setting) != CONFIG_TYPE_STRING)
        return FAIL(error, at, "%s must be a text in quotes, as in %s = \"...\";", name, name);
    const char *value = config_setting_get_string(setting);
    if (strlen(value) >= n_space)
        return FAIL(error, at, "%s is longer than %zu characters; say it shorter", name,
                    n_space - 1);
    for (const char *c = value; *c; c++)
        if (iscntrl((unsigned char)*c))
            return FAIL(error, at, "%s holds a control character; write one line of plain text",
                        name);
    (void)snprintf(text, n_space, "%s", value);
    return THENAR_OK;
}

static bool number_of(const config_setting_t *setting, float *value)
{
    if (config_setting_type(setting) == CONFIG_TYPE_FLOAT)
        *value = (float)config_setting_get_float(setting);
    else if (config_setting_is_number(setting))
        *value = (float)config_setting_get_int64(setting);
    else
        return false;
    return isfinite(*value);
}

static enum thenar_status read_number(const config_setting_t *setting, const char *file,
                                      float least, float most, float *value,
                                      struct thenar_error *error)
{
    struct place at = place_of(file, setting);
    const char *name = config_setting_name(setting);
    if (!number_of(setting, value))
        return FAIL(error, at, "%s must be a number without quotes", name);
    if (*value < least || *value > most)
        return FAIL(error, at, "%s is %g, and must be within %g to %g", name, (double)*value,
                    (double)least, (double)most);
    return THENAR_OK;
}

/* ---- a band: { low = 10.0; high = 20.0; mark = "convention"; source = "..."; } ---- */

struct band_rule {
    float least, most;
    bool only_high; /* the ceiling, and irregularity: low is 0 */
};

static enum thenar_status read_band_member(const config_setting_t *member, const char *file,
                                           const struct band_rule *rule, struct plan_band *band,
                                           struct thenar_error *error)
{
    const char *name = config_setting_name(member);
    if (strcmp(name, "low") == 0 && !rule->only_high)
        return read_number(member, file, rule->least, rule->most, &band->low, error);
    if (strcmp(name, "high") == 0)
        return read_number(member, file, rule->least, rule->most, &band->high, error);
    if (strcmp(name, "source") == 0)
        return read_text(member, file, band->source, sizeof band->source, error);
    if (strcmp(name, "mark") != 0)
        return FAIL(error, place_of(file, member), "a band has no '%s'; it has %s", name,
                    rule->only_high ? "high, mark and source" : "low, high, mark and source");
    char word[PLAN_NAME_BYTES];
    enum thenar_status status = read_text(member, file, word, sizeof word, error);
    if (status != THENAR_OK)
        return status;
    band->mark = plan_mark_from_name(word);
    if (band->mark == PLAN_MARK_NONE)
        return FAIL(error, place_of(file, member),
                    "mark \"%s\" is not known; there are \"measured\", \"convention\", "
                    "\"analogue\" and \"instructor\"",
                    word);
    return THENAR_OK;
}

static enum thenar_status read_band(const config_setting_t *group, const char *file,
                                    const struct band_rule *rule, struct plan_band *band,
                                    struct thenar_error *error)
{
    struct place at = place_of(file, group);
    const char *name = config_setting_name(group);
    plan_band_clear(band);
    if (!config_setting_is_group(group))
        return FAIL(error, at,
                    "%s must be a group, as in %s = { %shigh = 20.0; mark = \"convention\"; "
                    "source = \"...\"; };",
                    name, name, rule->only_high ? "" : "low = 10.0; ");
    if (rule->only_high)
        band->low = 0;
    for (unsigned i = 0; i < (unsigned)config_setting_length(group); i++) {
        enum thenar_status status =
            read_band_member(config_setting_get_elem(group, i), file, rule, band, error);
        if (status != THENAR_OK)
            return status;
    }
    if (isnan(band->low) || isnan(band->high))
        return FAIL(error, at, "%s needs %s", name, rule->only_high ? "high" : "low and high");
    if (band->mark == PLAN_MARK_NONE)
        return FAIL(error, at,
                    "%s needs a mark: \"measured\", \"convention\", \"analogue\" or "
                    "\"instructor\"",
                    name);
    struct thenar_error inner;
    if (plan_band_check(band, name, rule->only_high ? 0 : rule->least, rule->most, &inner) !=
        THENAR_OK)
        return FAIL(error, at, "%s", inner.text);
    return THENAR_OK;
}

/* ---- a step ---- */

static enum thenar_status read_technique(const config_setting_t *setting, const char *file,
                                         struct plan_step *step, struct thenar_error *error)
{
    char word[PLAN_NAME_BYTES], known[300] = "";
    enum thenar_status status = read_text(setting, file, word, sizeof word, error);
    if (status != THENAR_OK)
        return status;
    step->technique = technique_from_name(word);
    if (plan_is_technique(step->technique))
        return THENAR_OK;
    for (int i = TECHNIQUE_EFFLEURAGE; i <= TECHNIQUE_STRETCHING; i++) {
        size_t n = strlen(known);
        (void)snprintf(known + n, sizeof known - n, "%s%s", n ? ", " : "",
                       technique_name((enum technique)i));
    }
    return FAIL(error, place_of(file, setting), "technique \"%s\" is not known; there are %s", word,
                known);
}

static enum thenar_status read_variant(const config_setting_t *setting, const char *file,
                                       struct plan_step *step, struct thenar_error *error)
{
    char word[PLAN_NAME_BYTES];
    enum thenar_status status = read_text(setting, file, word, sizeof word, error);
    if (status != THENAR_OK)
        return status;
    step->variant = plan_variant_from_name(word);
    if (step->variant == N_PLAN_VARIANTS || step->variant == PLAN_VARIANT_NONE)
        return FAIL(error, place_of(file, setting),
                    "variant \"%s\" is not known; there are \"passive\", \"active\" and "
                    "\"weight_bearing\"",
                    word);
    return THENAR_OK;
}

static const struct band_rule pressure_rule = {PLAN_KPA_LEAST, PLAN_KPA_MOST, false};
static const struct band_rule ceiling_rule = {PLAN_KPA_LEAST, PLAN_KPA_MOST, true};
static const struct band_rule pace_rule = {1, 720, false};
static const struct band_rule hold_rule = {1, 600, false};
static const struct band_rule regularity_rule = {1, 100, true};

static enum thenar_status read_step_member(const config_setting_t *member, const char *file,
                                           struct plan_step *step, struct thenar_error *error)
{
    const char *name = config_setting_name(member);
    if (strcmp(name, "region") == 0)
        return read_text(member, file, step->region, sizeof step->region, error);
    if (strcmp(name, "note") == 0)
        return read_text(member, file, step->note, sizeof step->note, error);
    if (strcmp(name, "technique") == 0)
        return read_technique(member, file, step, error);
    if (strcmp(name, "variant") == 0)
        return read_variant(member, file, step, error);
    if (strcmp(name, "duration_s") == 0)
        return read_number(member, file, 5, 7200, &step->duration_s, error);
    if (strcmp(name, "pressure_kpa") == 0)
        return read_band(member, file, &pressure_rule, &step->pressure_kpa, error);
    if (strcmp(name, "pace_cpm") == 0)
        return read_band(member, file, &pace_rule, &step->pace_cpm, error);
    if (strcmp(name, "regularity_pct") == 0)
        return read_band(member, file, &regularity_rule, &step->regularity_pct, error);
    if (strcmp(name, "hold_s") == 0)
        return read_band(member, file, &hold_rule, &step->hold_s, error);
    if (strcmp(name, "repeats") != 0)
        return FAIL(error, place_of(file, member),
                    "a step has no '%s'; it has region, technique, duration_s, pressure_kpa, "
                    "pace_cpm, regularity_pct, hold_s, repeats, variant and note",
                    name);
    float repeats = 0;
    enum thenar_status status = read_number(member, file, 1, 100, &repeats, error);
    if (status == THENAR_OK && repeats != floorf(repeats))
        return FAIL(error, place_of(file, member), "repeats is %g, and must be a whole number",
                    (double)repeats);
    if (status == THENAR_OK)
        step->repeats = (unsigned)repeats;
    return status;
}

static enum thenar_status check_step(const struct plan_step *step, struct place at,
                                     struct thenar_error *error)
{
    const char *name = technique_name(step->technique);
    if (step->technique == TECHNIQUE_UNKNOWN)
        return FAIL(error, at, "this step has no technique; add technique = \"petrissage\";");
    if (step->region[0] == '\0')
        return FAIL(error, at, "this step has no region; add region = \"left calf\";");
    if (isnan(step->duration_s))
        return FAIL(error, at, "this step has no duration; add duration_s = 120;");
    bool held = plan_is_held(step->technique);
    if (!held && (step->hold_s.mark != PLAN_MARK_NONE || step->repeats > 0))
        return FAIL(error, at, "%s is not held: hold_s and repeats do not go with it", name);
    if (step->variant != PLAN_VARIANT_NONE && step->technique != TECHNIQUE_SOFT_TISSUE_RELEASE)
        return FAIL(error, at, "variant goes with soft_tissue_release only, and this is %s", name);
    return THENAR_OK;
}

static enum thenar_status read_step(const config_setting_t *group, const char *file,
                                    struct plan_step *step, struct thenar_error *error)
{
    *step = (struct plan_step){.duration_s = NAN};
    plan_band_clear(&step->pressure_kpa);
    plan_band_clear(&step->pace_cpm);
    plan_band_clear(&step->regularity_pct);
    plan_band_clear(&step->hold_s);
    if (!config_setting_is_group(group))
        return FAIL(error, place_of(file, group),
                    "a step is a group: { region = \"...\"; technique = \"...\"; duration_s = "
                    "120; }");
    for (unsigned i = 0; i < (unsigned)config_setting_length(group); i++) {
        enum thenar_status status =
            read_step_member(config_setting_get_elem(group, i), file, step, error);
        if (status != THENAR_OK)
            return status;
    }
    return check_step(step, place_of(file, group), error);
}

static enum thenar_status read_steps(const config_setting_t *list, const char *file,
                                     struct plan *plan, struct thenar_error *error)
{
    struct place at = place_of(file, list);
    unsigned n_steps = (unsigned)config_setting_length(list);
    if (!config_setting_is_list(list))
        return FAIL(error, at, "steps must be a list in round brackets: steps = ( { ... }, ... );");
    if (n_steps == 0 || n_steps > PLAN_STEPS_MAX)
        return FAIL(error, at, "there are %u steps; a plan has 1 to %d", n_steps, PLAN_STEPS_MAX);
    enum thenar_status status = THENAR_OK;
    for (unsigned i = 0; i < n_steps && status == THENAR_OK; i++)
        status = read_step(config_setting_get_elem(list, i), file, &plan->steps[i], error);
    plan->n_steps = n_steps;
    return status;
}

/* ---- the plan ---- */

static enum thenar_status read_advance(const config_setting_t *setting, const char *file,
                                       struct plan *plan, struct thenar_error *error)
{
    char word[PLAN_NAME_BYTES];
    enum thenar_status status = read_text(setting, file, word, sizeof word, error);
    if (status != THENAR_OK)
        return status;
    if (strcmp(word, "time") != 0 && strcmp(word, "command") != 0)
        return FAIL(error, place_of(file, setting),
                    "advance \"%s\" is not known; there are \"time\" (a step ends when its time "
                    "is over) and \"command\" (when you say so)",
                    word);
    plan->advance = strcmp(word, "time") == 0 ? PLAN_ADVANCE_TIME : PLAN_ADVANCE_COMMAND;
    return THENAR_OK;
}

static enum thenar_status read_cues(const config_setting_t *setting, const char *file,
                                    struct plan *plan, struct thenar_error *error)
{
    char word[PLAN_NAME_BYTES];
    enum thenar_status status = read_text(setting, file, word, sizeof word, error);
    if (status != THENAR_OK)
        return status;
    plan->cues = plan_cues_from_name(word);
    if (plan->cues == N_PLAN_CUES)
        return FAIL(error, place_of(file, setting),
                    "cues \"%s\" are not known; there are \"trusted\" (from measured bands and the "
                    "instructor's), \"all\" (from conventions and analogues too) and \"off\"",
                    word);
    return THENAR_OK;
}

static enum thenar_status read_member(const config_setting_t *member, const char *file,
                                      struct plan *plan, struct thenar_error *error)
{
    const struct {
        const char *name;
        char *text;
        size_t n_space;
    } texts[] = {
        {"title", plan->title, sizeof plan->title},
        {"goal", plan->goal, sizeof plan->goal},
        {"assessment_before", plan->assessment_before, sizeof plan->assessment_before},
        {"assessment_after", plan->assessment_after, sizeof plan->assessment_after},
        {"caution", plan->caution, sizeof plan->caution},
        {"aftercare", plan->aftercare, sizeof plan->aftercare},
        {"next_visit", plan->next_visit, sizeof plan->next_visit},
    };
    const char *name = config_setting_name(member);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(name, texts[i].name) == 0)
            return read_text(member, file, texts[i].text, texts[i].n_space, error);
    if (strcmp(name, "ceiling_kpa") == 0)
        return read_band(member, file, &ceiling_rule, &plan->ceiling_kpa, error);
    if (strcmp(name, "advance") == 0)
        return read_advance(member, file, plan, error);
    if (strcmp(name, "cues") == 0)
        return read_cues(member, file, plan, error);
    if (strcmp(name, "steps") == 0)
        return read_steps(member, file, plan, error);
    return FAIL(error, place_of(file, member),
                "a plan has no '%s'; it has title, goal, assessment_before, assessment_after, "
                "caution, ceiling_kpa, advance, cues, steps, aftercare and next_visit",
                name);
}

static enum thenar_status check_whole(const config_setting_t *root, const char *file,
                                      const struct plan *plan, struct thenar_error *error)
{
    const struct {
        const char *name;
        bool there;
    } needed[] = {
        {"title = \"...\"", plan->title[0] != '\0'},
        {"goal = \"...\"", plan->goal[0] != '\0'},
        {"assessment_before = \"...\"", plan->assessment_before[0] != '\0'},
        {"assessment_after = \"...\"", plan->assessment_after[0] != '\0'},
        {"ceiling_kpa = { high = ...; mark = \"...\"; source = \"...\"; }",
         plan->ceiling_kpa.mark != PLAN_MARK_NONE},
        {"steps = ( ... )", plan->n_steps > 0},
        {"aftercare = \"...\"", plan->aftercare[0] != '\0'},
        {"next_visit = \"...\"", plan->next_visit[0] != '\0'},
    };
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!needed[i].there)
            return FAIL(error, ((struct place){file, 1}), "this plan lacks %s;", needed[i].name);
    const config_setting_t *steps = config_setting_get_member(root, "steps");
    for (unsigned i = 0; i < plan->n_steps; i++) {
        const struct plan_band *band = &plan->steps[i].pressure_kpa;
        if (band->mark == PLAN_MARK_NONE || band->high < plan->ceiling_kpa.high)
            continue;
        const config_setting_t *group = config_setting_get_elem(steps, i);
        return FAIL(error, place_of(file, config_setting_get_member(group, "pressure_kpa")),
                    "this band ends at %g kPa, and the ceiling is %g: the ceiling must stand above "
                    "every band",
                    (double)band->high, (double)plan->ceiling_kpa.high);
    }
    return THENAR_OK;
}

static void name_plan(struct plan *plan, const char *file)
{
    const char *slash = strrchr(file, '/');
    (void)snprintf(plan->name, sizeof plan->name, "%s", slash ? slash + 1 : file);
    char *end = strrchr(plan->name, '.');
    if (end && strcmp(end, ".plan") == 0)
        *end = '\0';
}

enum thenar_status plan_file_parse(struct plan *plan, const char *text, const char *name,
                                   struct thenar_error *error)
{
    config_t parsed;
    memset(plan, 0, sizeof *plan);
    plan_band_clear(&plan->ceiling_kpa);
    name_plan(plan, name);
    if (strstr(text, "@include"))
        return thenar_fail(error, THENAR_ERR_SYNTAX,
                           "%.100s: @include is not allowed; a plan is one file", name);
    config_init(&parsed);
    enum thenar_status status = THENAR_OK;
    if (config_read_string(&parsed, text) != CONFIG_TRUE) {
        status = thenar_fail(error, THENAR_ERR_SYNTAX,
                             "%.100s:%d: %s; look for a missing ';' or quote here or in the line "
                             "above",
                             name, config_error_line(&parsed), config_error_text(&parsed));
    } else {
        const config_setting_t *root = config_root_setting(&parsed);
        for (unsigned i = 0; i < (unsigned)config_setting_length(root) && status == THENAR_OK; i++)
            status = read_member(config_setting_get_elem(root, i), name, plan, error);
        if (status == THENAR_OK)
            status = check_whole(root, name, plan, error);
    }
    config_destroy(&parsed);
    return status;
}

enum thenar_status plan_file_read_text(struct plan *plan, const char *path, char **text_out,
                                       struct thenar_error *error)
{
    char *text;
    if (text_out)
        *text_out = NULL;
    enum thenar_status status =
        text_file_read(&text, path, PLAN_FILE_BYTES_MAX, "a plan file", error);
    if (status == THENAR_OK)
        status = plan_file_parse(plan, text, path, error);
    if (status == THENAR_OK && text_out)
        *text_out = text;
    else
        free(text);
    return status;
}

enum thenar_status plan_file_read(struct plan *plan, const char *path, struct thenar_error *error)
{
    return plan_file_read_text(plan, path, NULL, error);
}
