/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "coaching_print.h"

#include <math.h>
#include <string.h>

#include "feed/json_text.h"
#include "plan_print.h"

static void put_text(FILE *out, const char *name, const char *text)
{
    char json[1024];
    struct json_text writer;
    size_t n_text;
    json_text_init(&writer, json, sizeof json);
    json_text_put_string(&writer, text, strnlen(text, 400));
    if (json_text_finish(&writer, &n_text) == THENAR_OK)
        (void)fprintf(out, ",\"%s\":%s", name, json);
}

static void put_number(FILE *out, const char *name, double value)
{
    if (isfinite(value))
        (void)fprintf(out, ",\"%s\":%.6g", name, value);
}

void coaching_print_cue(FILE *out, const struct coaching_run *run)
{
    const struct coaching_said *said = &run->said[run->n_said - 1];
    (void)fprintf(out, "{\"type\":\"cue\",\"time_s\":%.2f,\"step\":%u,\"cue\":\"%s\"", said->time_s,
                  said->step, coach_word_name(said->cue.word));
    put_text(out, "text", said->cue.text);
    if (coach_measure_name(said->cue.measure)[0]) {
        put_text(out, "measure", coach_measure_name(said->cue.measure));
        put_number(out, "value", (double)said->cue.value);
        put_number(out, "low", (double)said->cue.low);
        put_number(out, "high", (double)said->cue.high);
    }
    if (said->cue.mark != PLAN_MARK_NONE)
        put_text(out, "mark", plan_mark_name(said->cue.mark));
    (void)fputs("}\n", out);
}

void coaching_print_score(FILE *out, const struct coaching_run *run)
{
    struct coaching_report report;
    coaching_read(&run->coaching, &report);
    (void)fprintf(out, "{\"type\":\"practice_score\"");
    put_text(out, "plan", run->plan.name);
    put_text(out, "state", coaching_state_name(report.state));
    put_number(out, "practice_score", (double)report.score.practice_score);
    put_number(out, "score_pressure_pct", (double)report.score.pressure_pct);
    put_number(out, "score_pace_pct", (double)report.score.pace_pct);
    put_number(out, "score_regularity_pct", (double)report.score.regularity_pct);
    put_number(out, "score_holds_pct", (double)report.score.holds_pct);
    put_number(out, "score_time_pct", (double)report.score.time_pct);
    (void)fprintf(out, ",\"steps_done\":%u,\"steps\":%u,\"cues_given\":%u}\n", report.i_step,
                  run->plan.n_steps, report.n_cues);
}

static void print_part(FILE *out, const char *title, float pct, const char *meaning)
{
    if (isnan(pct))
        (void)fprintf(out, "    %-11s   -    nothing to judge\n", title);
    else
        (void)fprintf(out, "    %-11s %4.0f %%  %s\n", title, (double)pct, meaning);
}

static void print_steps(FILE *out, const struct coaching_run *run, const struct score *score)
{
    for (unsigned i = 0; i < run->plan.n_steps && i <= run->coaching.step; i++) {
        const struct plan_step *step = &run->plan.steps[i];
        char technique[40], done[40], wanted[40];
        plan_print_technique(technique, sizeof technique, step->technique);
        plan_print_duration(done, sizeof done, score->on_step_s[i]);
        plan_print_duration(wanted, sizeof wanted, (double)step->duration_s);
        (void)fprintf(out, "    %2u  %s, %s: %s of %s\n", i + 1, technique, step->region, done,
                      wanted);
    }
    if (run->coaching.step + 1 < run->plan.n_steps)
        (void)fprintf(out, "    the recording ends before the other %u steps\n",
                      run->plan.n_steps - run->coaching.step - 1);
}

void coaching_print_page(FILE *out, const struct coaching_run *run)
{
    struct coaching_report report;
    coaching_read(&run->coaching, &report);
    if (run->plan.n_steps == 0)
        return;
    (void)fprintf(out, "\nUnder the plan %s (%s)\n\n  Time spent doing what each step wants\n",
                  run->plan.name, run->plan.title);
    print_steps(out, run, &run->coaching.score);
    (void)fprintf(out, "\n  What the coach said (%zu cues)\n", run->n_said);
    for (size_t i = 0; i < run->n_said; i++)
        (void)fprintf(out, "    %3d:%04.1f  %s\n", (int)(run->said[i].time_s / 60),
                      fmod(run->said[i].time_s, 60), run->said[i].cue.text);
    if (run->plan.n_steps > 0 && run->coaching.step + 1 < run->plan.n_steps)
        (void)fprintf(out, "\n  The score is of the first %u of %u steps.\n",
                      run->coaching.step + 1, run->plan.n_steps);
    if (isnan(report.score.practice_score)) {
        (void)fprintf(out, "\n  No practice score: nothing could be judged\n");
        return;
    }
    (void)fprintf(out, "\n  Practice score %.0f of 100\n", (double)report.score.practice_score);
    print_part(out, "pressure", report.score.pressure_pct, "of the judged time in the band");
    print_part(out, "pace", report.score.pace_pct, "of the judged time in the band");
    print_part(out, "regularity", report.score.regularity_pct, "of the judged time even");
    print_part(out, "holds", report.score.holds_pct, "of the holds as long as wanted");
    print_part(out, "time", report.score.time_pct, "of the steps' time spent doing them");
    (void)fprintf(out, "    It says how closely the plan was followed, not how good a treatment "
                       "was.\n");
}
