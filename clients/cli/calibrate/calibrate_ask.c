/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/calibrate_ask.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "signal/calibration_puck.h"

/* A line from a person; "" when there is none. */
static void ask(const char *question, char *line, int n_space)
{
    (void)printf("%s\n> ", question);
    (void)fflush(stdout);
    if (!fgets(line, n_space, stdin))
        line[0] = '\0';
    line[strcspn(line, "\n")] = '\0';
}

static void ask_if_empty(const char *question, char *text, int n_space, bool may_ask)
{
    if (text[0] == '\0' && may_ask)
        ask(question, text, n_space);
}

static enum thenar_status read_even(struct calibrate_choice *choice, const char *text,
                                    struct thenar_error *error)
{
    choice->n_even = 0;
    for (const char *at = text; *(at += strspn(at, " ,\t"));) {
        char *end;
        double kpa = strtod(at, &end);
        if (strncmp(at, "unknown", 7) == 0) {
            kpa = (double)NAN;
            end = (char *)at + 7;
        } else if (end == at || !(kpa > 0.0 && kpa < 5000.0)) {
            return thenar_fail(error, THENAR_ERR_VALUE,
                               "--even-kpa '%s': pressures such as 50,150, or the word unknown",
                               text);
        }
        if (choice->n_even == 4)
            return thenar_fail(error, THENAR_ERR_VALUE, "more than 4 even loads");
        choice->even_kpa[choice->n_even++] = kpa;
        at = end;
    }
    return THENAR_OK;
}

/* Weights, puck and even load by options, or asked for. */
static enum thenar_status choose(struct calibrate_procedure *procedure,
                                 const struct calibrate_options *o,
                                 const struct array_layout *layout, char *answers,
                                 struct thenar_error *error)
{
    bool may_ask = isatty(STDIN_FILENO) || !o->weights;
    struct calibrate_choice choice = {
        .puck_mm = o->puck_mm, .hold_s = o->hold_s, .long_hold_s = o->long_hold_s};
    char weights[400] = "", even[80] = "", puck[40] = "", question[400];
    (void)snprintf(weights, sizeof weights, "%s", o->weights ? o->weights : "");
    (void)snprintf(even, sizeof even, "%s", o->even_kpa ? o->even_kpa : "");
    (void)snprintf(question, sizeof question,
                   "How wide is the round puck, in mm? On this array it must be %.0f mm or more to "
                   "cover a taxel;\nfrom %.0f mm on it does so wherever it is laid.",
                   ceil(puck_least_mm(layout)), ceil(puck_easy_mm(layout)));
    if (!(choice.puck_mm > 0)) {
        ask_if_empty(question, puck, sizeof puck, may_ask);
        choice.puck_mm = strtod(puck, NULL);
    }
    if (choice.puck_mm > 0 && !o->weights)
        (void)printf("With this puck, 1 kg is %.3g kPa. From 10 to 300 kPa is %.2g to %.3g kg.\n",
                     calibrate_kpa(1.0, choice.puck_mm), 10.0 / calibrate_kpa(1.0, choice.puck_mm),
                     300.0 / calibrate_kpa(1.0, choice.puck_mm));
    ask_if_empty(
        "Which weights can you put on it, in kg, the puck's own weight counted in? Four or "
        "more, eight are better.",
        weights, sizeof weights, may_ask);
    ask_if_empty(
        "With which pressure can you press the whole array evenly, in kPa? Two are better, "
        "as in 50 150.\n'unknown' if it has no gauge: then there is no second reference to "
        "compare the weights with.",
        even, sizeof even, may_ask);
    (void)snprintf(answers, CALIBRATE_ANSWERS_BYTES, " --puck-mm %g --weights '%s' --even-kpa '%s'",
                   choice.puck_mm, weights, even[0] ? even : "unknown");
    enum thenar_status status = calibrate_weights_read(&choice, weights, error);
    if (status == THENAR_OK)
        status = read_even(&choice, even[0] ? even : "unknown", error);
    if (status == THENAR_OK)
        status = calibrate_steps_make(procedure, &choice, error);
    return status;
}

static enum thenar_status set_text(char *to, const char *option, const char *from,
                                   struct thenar_error *error)
{
    if (from && strlen(from) >= CALIBRATION_TEXT_BYTES)
        return thenar_fail(error, THENAR_ERR_VALUE, "--%s is longer than %d characters", option,
                           CALIBRATION_TEXT_BYTES - 1);
    if (from)
        (void)snprintf(to, CALIBRATION_TEXT_BYTES, "%s", from);
    return THENAR_OK;
}

/* The script, or a choice; options win over the script. */
enum thenar_status calibrate_ask(struct calibrate_procedure *p, const struct calibrate_options *o,
                                 const struct array_layout *layout, char *answers,
                                 struct thenar_error *error)
{
    *p = (struct calibrate_procedure){.uncertainty_pct = 1.0, .temperature_c = (double)NAN};
    enum thenar_status status = o->script ? calibrate_script_read(p, o->script, error) : THENAR_OK;
    if (status == THENAR_OK)
        status = set_text(p->reference, "reference", o->reference, error);
    if (status == THENAR_OK)
        status = set_text(p->operator_name, "operator", o->operator_name, error);
    if (status == THENAR_OK)
        status = set_text(p->note, "note", o->note, error);
    p->uncertainty_pct = isnan(o->uncertainty_pct) ? p->uncertainty_pct : o->uncertainty_pct;
    p->temperature_c = isnan(o->temperature_c) ? p->temperature_c : o->temperature_c;
    if (status != THENAR_OK || o->script || o->fit)
        return status;
    status = choose(p, o, layout, answers, error);
    if (status == THENAR_OK) {
        ask_if_empty("What are the weights (for the file: set, class, number)? Enter for none.",
                     p->reference, CALIBRATION_TEXT_BYTES, isatty(STDIN_FILENO));
        ask_if_empty("Who calibrates? Enter for none.", p->operator_name, CALIBRATION_TEXT_BYTES,
                     isatty(STDIN_FILENO));
    }
    return status;
}
