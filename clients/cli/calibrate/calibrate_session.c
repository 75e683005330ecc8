/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/calibrate_session.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "signal/calibration_fit.h"

enum answer { ANSWER_GO, ANSWER_BACK, ANSWER_QUIT };
static const double settle_most_s = 15.0;

bool calibrate_session_fits(const struct calibration_run *run,
                            const struct calibrate_procedure *procedure)
{
    if (run->n_holds > procedure->n_steps)
        return false;
    for (unsigned k = 0; k < run->n_holds; k++)
        if (run->holds[k].kind != procedure->steps[k].kind ||
            strcmp(run->holds[k].label, procedure->steps[k].label) != 0)
            return false;
    return true;
}

/* Each half second of a hold. */
static void on_half_second(void *context, double part)
{
    const struct calibrate_session *s = context;
    if (s->reference)
        reference_stream_poll(s->reference);
    if (s->is_quiet)
        return;
    enum { CELLS = 30 };
    int n_full = (int)(part * CELLS);
    (void)fprintf(stderr, "\r  measuring [%.*s%*s] ", n_full, "##############################",
                  CELLS - n_full, "");
    if (part >= 1.0)
        (void)fprintf(stderr, "\r%60s\r", "");
    (void)fflush(stderr);
}

/* ---- what a person reads ---- */

static void say_what_to_do(const struct calibrate_session *s, unsigned k)
{
    const struct calibrate_step *step = &s->procedure->steps[k];
    (void)printf("\nStep %u of %u. ", k + 1, s->procedure->n_steps);
    switch (step->kind) {
    case HOLD_ZERO:
        (void)printf("Take everything off the array, and touch nothing.\n");
        break;
    case HOLD_EVEN:
        if (isnan(step->load_kpa))
            (void)printf("Press the whole array evenly, with any steady pressure (an air bladder "
                         "under a board).\n");
        else
            (void)printf("Press the whole array evenly with %.4g kPa.\n", step->load_kpa);
        break;
    case HOLD_PUCK:
        if (step->lift)
            (void)printf("Lay the puck (%.4g mm) on %s place, on the middle of a taxel, with ",
                         step->diameter_mm, k > 0 && s->run.n_holds > 4 ? "another" : "a");
        else
            (void)printf("Without moving the puck, make it ");
        if (step->from_live)
            (void)printf("the next load; the reference is read meanwhile.\n");
        else
            (void)printf("%s in all, its own weight counted in (%.3g kPa).\n", step->label,
                         step->load_kpa);
        break;
    case N_HOLD_KINDS:
        break;
    }
    if (step->hold_s > 20.0)
        (void)printf("  This one is held for %.0f s: it shows how a held pressure creeps.\n",
                     step->hold_s);
    (void)printf("  Enter: it stands still    b: back one step    q: stop here, nothing is lost\n"
                 "> ");
    (void)fflush(stdout);
}

/* One line from the person, while frames go on being taken. */
static enum thenar_status await_answer(struct calibrate_session *s, enum answer *answer,
                                       struct thenar_error *error)
{
    char line[80];
    enum thenar_status status = capture_wait(s->capture, HUGE_VAL, STDIN_FILENO, error);
    if (status != THENAR_PENDING && status != THENAR_OK)
        return status;
    if (!fgets(line, sizeof line, stdin)) {
        *answer = ANSWER_QUIT;
        return THENAR_OK;
    }
    int letter = tolower((unsigned char)line[strspn(line, " \t")]);
    *answer = letter == 'b' ? ANSWER_BACK : letter == 'q' ? ANSWER_QUIT : ANSWER_GO;
    return THENAR_OK;
}

/* ---- keeping ---- */

static enum thenar_status drop_last(struct calibrate_session *s, struct thenar_error *error)
{
    struct calibration_run_head head, unused;
    struct calibration_run old;
    if (s->run.n_holds == 0)
        return THENAR_OK;
    calibration_hold_finish(&s->run.holds[--s->run.n_holds]);
    enum thenar_status status = calibration_run_file_read(&head, &old, s->run_path, error);
    calibration_run_finish(&old);
    if (status == THENAR_OK)
        status = calibration_run_file_begin(s->run_path, &head, error);
    for (unsigned k = 0; k < s->run.n_holds && status == THENAR_OK; k++)
        status = calibration_run_file_append(s->run_path, &s->run.holds[k], s->run.n_taxels, error);
    unused = head;
    calibration_run_head_finish(&unused);
    return status;
}

static enum thenar_status keep(struct calibrate_session *s, struct calibration_hold *hold,
                               struct thenar_error *error)
{
    enum thenar_status status =
        calibration_run_file_append(s->run_path, hold, s->run.n_taxels, error);
    if (status == THENAR_OK && calibration_run_take(&s->run, hold) != THENAR_OK)
        status = thenar_fail(error, THENAR_ERR_SPACE, "more than %d steps", CALIBRATION_HOLDS_MAX);
    return status;
}

/* ---- one step ---- */

static double live_kpa(const struct calibrate_session *s, const struct calibrate_step *step,
                       double value)
{
    if (s->reference_unit == REFERENCE_KPA)
        return value;
    double mass_kg = s->reference_unit == REFERENCE_KG ? value : value / 9.80665;
    return calibrate_kpa(mass_kg, step->diameter_mm);
}

static enum thenar_status measure(struct calibrate_session *s, const struct calibrate_step *step,
                                  struct calibration_hold *hold, struct thenar_error *error)
{
    *hold = (struct calibration_hold){
        .kind = step->kind, .load_kpa = step->load_kpa, .diameter_mm = step->diameter_mm};
    memcpy(hold->label, step->label, sizeof hold->label);
    if (step->from_live && !s->reference)
        return thenar_fail(error, THENAR_ERR_VALUE,
                           "this step's load is read from the reference: say --live FILE or --live "
                           "PORT");
    if (step->from_live)
        reference_stream_begin(s->reference, capture_now_s(s->capture));
    enum thenar_status status =
        capture_hold(s->capture, hold, step->hold_s, on_half_second, s, error);
    if (status != THENAR_OK || !step->from_live)
        return status;
    double value;
    status = reference_stream_end(s->reference, capture_now_s(s->capture), &value, error);
    hold->load_kpa = status == THENAR_OK ? live_kpa(s, step, value) : (double)NAN;
    if (status == THENAR_OK && !(hold->load_kpa > 0))
        status =
            thenar_fail(error, THENAR_ERR_VALUE, "the reference reads %g: is it tared?", value);
    if (status != THENAR_OK)
        calibration_hold_finish(hold);
    return status;
}

/* Says what was felt; false when this step has a fault that shows already. */
static bool tell(struct calibrate_session *s)
{
    struct calibration_report report;
    struct thenar_error error = {0};
    unsigned step = s->run.n_holds;
    enum thenar_status status = calibration_look(&report, &s->run, s->layout, &error);
    if (status != THENAR_OK) {
        (void)printf("  ! %s\n", error.text);
        return false;
    }
    const struct calibration_point *last =
        report.n_points > 0 ? &report.points[report.n_points - 1] : NULL;
    if (last && last->step == step && !last->used)
        (void)printf("  Measured; but the taxels are at full scale, so this load is left out.\n");
    else if (last && last->step == step)
        (void)printf("  Measured: %u taxel%s wholly under the puck, middle at x %.0f, y %.0f mm.\n",
                     last->n_taxels, last->n_taxels == 1 ? "" : "s", last->x_mm, last->y_mm);
    else
        (void)printf("  Measured.\n");
    return true;
}

static enum thenar_status do_guided(struct calibrate_session *s, unsigned *k,
                                    struct thenar_error *error)
{
    enum answer answer;
    struct calibration_hold hold;
    say_what_to_do(s, *k);
    enum thenar_status status = await_answer(s, &answer, error);
    if (status != THENAR_OK)
        return status;
    if (answer == ANSWER_QUIT)
        return THENAR_PENDING;
    if (answer == ANSWER_BACK) {
        *k -= *k > 0;
        return drop_last(s, error);
    }
    status = capture_settle(s->capture, settle_most_s, error);
    if (status == THENAR_OK)
        status = measure(s, &s->procedure->steps[*k], &hold, error);
    if (status == THENAR_ERR_VALUE || (status == THENAR_ERR_ABSENT && s->reference)) {
        (void)printf("  ! %s\n  Do this step again.\n", error->text);
        return THENAR_OK;
    }
    if (status == THENAR_OK)
        status = keep(s, &hold, error);
    if (status != THENAR_OK)
        return status;
    if (tell(s)) {
        ++*k;
        return THENAR_OK;
    }
    (void)printf("  Do this step again.\n");
    return drop_last(s, error);
}

static enum thenar_status do_scripted(struct calibrate_session *s, unsigned *k,
                                      struct thenar_error *error)
{
    const struct calibrate_step *step = &s->procedure->steps[*k];
    struct calibration_hold hold;
    enum thenar_status status = capture_wait(s->capture, step->at_s, -1, error);
    if (status == THENAR_OK)
        status = measure(s, step, &hold, error);
    if (status == THENAR_OK)
        status = keep(s, &hold, error);
    if (status == THENAR_OK && !s->is_quiet)
        (void)fprintf(stderr, "step %u of %u: %s\n", *k + 1, s->procedure->n_steps, step->label);
    *k += status == THENAR_OK;
    return status;
}

enum thenar_status calibrate_session_run(struct calibrate_session *session,
                                         struct thenar_error *error)
{
    unsigned k = session->run.n_holds;
    while (k < session->procedure->n_steps) {
        enum thenar_status status =
            session->is_guided ? do_guided(session, &k, error) : do_scripted(session, &k, error);
        if (status != THENAR_OK)
            return status;
    }
    return THENAR_OK;
}
