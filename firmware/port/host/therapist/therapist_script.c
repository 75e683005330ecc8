/* SPDX-License-Identifier: MIT */
#include "therapist/therapist_script.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "therapist/acting.h"
#include "therapist/hand.h"

static const double longest_s = 7200.0;

/* Where we are, for messages. */
struct place {
    const char *name;
    unsigned line;
};

enum { LIST_BYTES = 400 };

static void list_add(char *list, const char *word)
{
    size_t used = strlen(list);
    (void)snprintf(list + used, LIST_BYTES - used, "%s%s", used ? ", " : "", word);
}

static enum thenar_status fail_technique(const struct place *at, const char *word,
                                         struct thenar_error *error)
{
    char list[LIST_BYTES] = "";
    for (size_t i = 0; i < move_n; i++)
        list_add(list, move_table[i].name);
    return thenar_fail(error, THENAR_ERR_SYNTAX, "%s:%u: no technique '%.40s'; there are %s",
                       at->name, at->line, word, list);
}

static enum thenar_status fail_key(const struct place *at, const struct step *step,
                                   const char *word, struct thenar_error *error)
{
    char list[LIST_BYTES] = "";
    for (unsigned p = 0; p < N_PARAMS; p++)
        if (step->move->takes >> p & 1)
            list_add(list, move_params[p].name);
    if (step->move->plan)
        list_add(list, "hand");
    if (step->move->styles[0])
        list_add(list, "style");
    return thenar_fail(error, THENAR_ERR_SYNTAX, "%s:%u: %s does not take '%.40s'; it takes %s",
                       at->name, at->line, step->move->name, word, *list ? list : "nothing more");
}

/* A whole word that is a finite number. */
static bool read_number(const char *word, double *value)
{
    char *end;
    /* strtod would take hexadecimal, "inf" and "nan" as well. */
    if (word[strspn(word, "+-.0123456789eE")] != '\0' || *word == '\0')
        return false;
    *value = strtod(word, &end);
    return *end == '\0' && end != word && isfinite(*value);
}

static enum thenar_status set_hands(struct step *step, const char *word, const struct place *at,
                                    struct thenar_error *error)
{
    if (strcmp(word, "left") == 0)
        step->hands = HANDS_LEFT;
    else if (strcmp(word, "right") == 0)
        step->hands = HANDS_RIGHT;
    else if (strcmp(word, "both") == 0)
        step->hands = HANDS_BOTH;
    else
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "%s:%u: hand is '%.40s'; it is left, right or both", at->name, at->line,
                           word);
    return THENAR_OK;
}

static enum thenar_status set_style(struct step *step, const char *word, const struct place *at,
                                    struct thenar_error *error)
{
    char list[LIST_BYTES] = "";
    for (unsigned i = 0; i < MOVE_STYLES_MAX && step->move->styles[i]; i++) {
        if (strcmp(step->move->styles[i], word) == 0) {
            step->style = i;
            return THENAR_OK;
        }
        list_add(list, step->move->styles[i]);
    }
    return thenar_fail(error, THENAR_ERR_VALUE, "%s:%u: %s has no style '%.40s'; there are %s",
                       at->name, at->line, step->move->name, word, list);
}

static enum thenar_status set_shape(struct step *step, const char *word, const struct place *at,
                                    struct thenar_error *error)
{
    char list[LIST_BYTES] = "";
    for (unsigned i = 0; i < N_HAND_SHAPES; i++) {
        if (strcmp(hand_shape_names[i], word) == 0) {
            step->shape = i;
            return THENAR_OK;
        }
        list_add(list, hand_shape_names[i]);
    }
    return thenar_fail(error, THENAR_ERR_VALUE, "%s:%u: no shape '%.40s'; there are %s", at->name,
                       at->line, word, list);
}

static enum thenar_status set_param(struct step *step, const char *key, const char *word,
                                    const struct place *at, struct thenar_error *error)
{
    for (unsigned p = 0; p < N_PARAMS; p++) {
        const struct move_param_info *info = &move_params[p];
        double value;
        if (strcmp(info->name, key) != 0 || !(step->move->takes >> p & 1))
            continue;
        if (!read_number(word, &value))
            return thenar_fail(error, THENAR_ERR_SYNTAX, "%s:%u: %s is '%.40s'; write a number",
                               at->name, at->line, key, word);
        if (!(value >= (double)info->least && value <= (double)info->most))
            return thenar_fail(error, THENAR_ERR_VALUE, "%s:%u: %s is %g; it may be %g to %g",
                               at->name, at->line, key, value, (double)info->least,
                               (double)info->most);
        step->value[p] = (float)value;
        return THENAR_OK;
    }
    return fail_key(at, step, key, error);
}

static enum thenar_status set_one(struct step *step, char *pair, const struct place *at,
                                  struct thenar_error *error)
{
    char *equals = strchr(pair, '=');
    if (!equals)
        return thenar_fail(error, THENAR_ERR_SYNTAX, "%s:%u: '%.40s' is not key=value", at->name,
                           at->line, pair);
    *equals = '\0';
    const char *word = equals + 1;
    if (strcmp(pair, "hand") == 0 && step->move->plan)
        return set_hands(step, word, at, error);
    if (strcmp(pair, "style") == 0 && step->move->styles[0])
        return set_style(step, word, at, error);
    if (strcmp(pair, "shape") == 0 && step->move->plan && !step->move->stands)
        return set_shape(step, word, at, error);
    return set_param(step, pair, word, at, error);
}

/* One cycle must fit: a step that shows nothing would be a lie in the script. */
static enum thenar_status check_fit(const struct step *step, const struct place *at,
                                    struct thenar_error *error)
{
    if (!step->move->plan)
        return THENAR_OK;
    double budget_s = acting_budget_s(step);
    double needed_s = budget_s > 0.0 ? step->move->plan(step, budget_s).contact_s : 0.5;
    needed_s = fmax(needed_s, 0.5);
    if (budget_s + 1e-9 < needed_s)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "%s:%u: %g s is too short for one cycle of %s; give it %.1f s or more",
                           at->name, at->line, step->duration_s, step->move->name,
                           ceil(10.0 * (needed_s + step->duration_s - budget_s)) / 10.0);
    return THENAR_OK;
}

static enum thenar_status read_step(struct step *step, char *line, const struct place *at,
                                    struct thenar_error *error)
{
    static const char blanks[] = " \t\r\v\f";
    char *rest = NULL;
    char *word = strtok_r(line, blanks, &rest);
    const struct move *move = move_find(word);
    if (!move)
        return fail_technique(at, word, error);
    *step = (struct step){.move = move, .line = at->line, .hands = move->hands};
    memcpy(step->value, move->usual, sizeof step->value);
    step->value[PARAM_X_MM] = NAN;
    step->value[PARAM_Y_MM] = NAN;
    word = strtok_r(NULL, blanks, &rest);
    if (!word || !read_number(word, &step->duration_s))
        return thenar_fail(error, THENAR_ERR_SYNTAX,
                           "%s:%u: after '%s' comes its duration in seconds, as in '%s 20'",
                           at->name, at->line, move->name, move->name);
    if (!(step->duration_s >= 0.1 && step->duration_s <= longest_s))
        return thenar_fail(error, THENAR_ERR_VALUE, "%s:%u: %g s; a step may last 0.1 to %g s",
                           at->name, at->line, step->duration_s, longest_s);
    while ((word = strtok_r(NULL, blanks, &rest))) {
        enum thenar_status status = set_one(step, word, at, error);
        if (status != THENAR_OK)
            return status;
    }
    return check_fit(step, at, error);
}

static enum thenar_status add_line(struct therapist_script *script, const char *text,
                                   size_t n_bytes, const struct place *at,
                                   struct thenar_error *error)
{
    char line[SCRIPT_LINE_BYTES];
    if (n_bytes >= sizeof line)
        return thenar_fail(error, THENAR_ERR_SYNTAX, "%s:%u: a line may have %zu characters",
                           at->name, at->line, sizeof line - 1);
    memcpy(line, text, n_bytes);
    line[n_bytes] = '\0';
    if (strlen(line) != n_bytes)
        return thenar_fail(error, THENAR_ERR_SYNTAX, "%s:%u: not a text file", at->name, at->line);
    line[strcspn(line, "#")] = '\0';
    if (line[strspn(line, " \t\r\v\f")] == '\0')
        return THENAR_OK;
    if (script->n_steps == SCRIPT_MAX_STEPS)
        return thenar_fail(error, THENAR_ERR_VALUE, "%s:%u: a script may have %d steps", at->name,
                           at->line, SCRIPT_MAX_STEPS);
    enum thenar_status status = read_step(&script->steps[script->n_steps], line, at, error);
    if (status == THENAR_OK)
        script->n_steps++;
    return status;
}

static size_t count_lines(const char *text, size_t n_bytes)
{
    size_t n_lines = 1;
    for (size_t i = 0; i < n_bytes; i++)
        n_lines += text[i] == '\n';
    return n_lines;
}

enum thenar_status therapist_script_parse(struct therapist_script *script, const char *text,
                                          size_t n_bytes, const char *name,
                                          struct thenar_error *error)
{
    *script = (struct therapist_script){0};
    size_t n_room = count_lines(text, n_bytes);
    script->steps =
        calloc(n_room < SCRIPT_MAX_STEPS ? n_room : SCRIPT_MAX_STEPS, sizeof *script->steps);
    if (!script->steps)
        return thenar_fail(error, THENAR_ERR_MEMORY, "%s: out of memory", name);
    struct place at = {name, 0};
    enum thenar_status status = THENAR_OK;
    for (size_t i = 0; i < n_bytes && status == THENAR_OK;) {
        const char *end = memchr(text + i, '\n', n_bytes - i);
        size_t n_line = end ? (size_t)(end - (text + i)) : n_bytes - i;
        at.line++;
        status = add_line(script, text + i, n_line, &at, error);
        i += n_line + 1;
    }
    for (size_t i = 1; i < script->n_steps; i++)
        if (move_goes_on(&script->steps[i - 1], &script->steps[i])) {
            script->steps[i - 1].stays = true;
            script->steps[i].before = move_weight(&script->steps[i - 1]);
        }
    if (status == THENAR_OK && script->n_steps == 0)
        status = thenar_fail(error, THENAR_ERR_SYNTAX,
                             "%s: no step in it; write one a line, as in 'effleurage 20'", name);
    if (status != THENAR_OK)
        therapist_script_finish(script);
    return status;
}

enum thenar_status therapist_script_load(struct therapist_script *script, const char *path,
                                         struct thenar_error *error)
{
    *script = (struct therapist_script){0};
    if (strcmp(path, "demo") == 0)
        return therapist_script_parse(script, therapist_script_demo, strlen(therapist_script_demo),
                                      "demo", error);
    enum thenar_status status = THENAR_OK;
    char *text = NULL;
    FILE *file = fopen(path, "rb");
    if (!file) {
        return thenar_fail(error, THENAR_ERR_OS,
                           "%s: cannot read the script: %s; name a file, or 'demo' for the tour",
                           path, strerror(errno));
    }
    text = malloc(SCRIPT_MAX_BYTES);
    if (!text) {
        status = thenar_fail(error, THENAR_ERR_MEMORY, "%s: out of memory", path);
        goto done;
    }
    size_t n_bytes = fread(text, 1, SCRIPT_MAX_BYTES, file);
    if (ferror(file))
        status = thenar_fail(error, THENAR_ERR_OS, "%s: cannot read the script: %s", path,
                             strerror(errno));
    else if (n_bytes == SCRIPT_MAX_BYTES)
        status = thenar_fail(error, THENAR_ERR_VALUE, "%s: a script must be below 1 MiB", path);
    else
        status = therapist_script_parse(script, text, n_bytes, path, error);
done:
    free(text);
    (void)fclose(file);
    return status;
}

void therapist_script_finish(struct therapist_script *script)
{
    free(script->steps);
    *script = (struct therapist_script){0};
}
