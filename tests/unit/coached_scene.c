/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>

#include "coached_scene.h"
#include "pipeline.h"
#include "virtual_stage.h"

static void obey(struct coaching *coaching, const struct coached_command *command)
{
    if (command->kind == COACHED_NEXT)
        assert_true(coaching_move(coaching, 1));
    else if (command->kind == COACHED_COMFORT)
        coaching_comfort(coaching, command->pain);
    else
        coaching_declare(coaching, command->technique, PLAN_VARIANT_NONE);
}

static void hear(struct coached_scene *scene, struct coaching *coaching,
                 const struct pipeline_output *output)
{
    struct coach_cue cue;
    const struct coaching_frame frame = {.device_s = output->device_s,
                                         .technique = &output->technique,
                                         .strokes = output->strokes,
                                         .n_strokes = output->n_strokes,
                                         .force_n = output->features.force_n,
                                         .peak_kpa = output->features.peak_kpa,
                                         .load_change_n = output->mat.load_change_n,
                                         .is_touched = output->features.n_touched > 0,
                                         .is_saturated = output->features.n_saturated > 0};
    if (!coaching_execute(coaching, &frame, &cue))
        return;
    assert_true(scene->n_said < COACHED_SAID_MAX);
    scene->said[scene->n_said].at_s = output->device_s;
    scene->said[scene->n_said].step = coaching->step + 1;
    scene->said[scene->n_said++].cue = cue;
}

void coached_scene_play(struct coached_scene *scene)
{
    static uint16_t counts[STAGE_TAXELS];
    static float pressure[STAGE_TAXELS];
    static struct pipeline_output output;
    static struct coaching coaching;
    struct array_layout layout;
    struct stimulus_array array;
    struct pipeline *pipeline = NULL;
    struct thenar_error error = {0};
    struct stimulus *stimulus = virtual_stage_raise(&layout, &array, scene->script);
    assert_int_equal(pipeline_create(&pipeline, &layout, NULL, &error), THENAR_OK);
    coaching_init(&coaching, MOUNT_PAD, false);
    coaching_start(&coaching, scene->plan, scene->cues);
    coaching_follow_hands(&coaching, scene->follows_hands);
    scene->n_said = 0;
    unsigned n_done = 0;
    for (uint32_t i = 0;; i++) {
        double at_s = (double)i / (double)STAGE_RATE_HZ;
        if (stimulus->sample(stimulus, at_s, counts) != THENAR_OK)
            break;
        const struct pipeline_input input = {.sequence = i, .device_s = at_s, .counts = counts};
        pipeline_execute(pipeline, &input, pressure, &output);
        for (; n_done < scene->n_commands && scene->commands[n_done].at_s <= at_s; n_done++)
            obey(&coaching, &scene->commands[n_done]);
        hear(scene, &coaching, &output);
    }
    coaching_read(&coaching, &scene->report);
    for (unsigned i = 0; i < PLAN_STEPS_MAX; i++)
        scene->on_step_s[i] = coaching.score.on_step_s[i];
    pipeline_destroy(pipeline);
    stimulus->destroy(stimulus);
    array_layout_finish(&layout);
}

unsigned coached_scene_count(const struct coached_scene *scene, enum coach_word word, double from_s,
                             double to_s)
{
    unsigned n = 0;
    for (unsigned i = 0; i < scene->n_said; i++)
        n += scene->said[i].cue.word == word && scene->said[i].at_s >= from_s &&
             scene->said[i].at_s < to_s;
    return n;
}

void coached_scene_print(const struct coached_scene *scene)
{
    for (unsigned i = 0; i < scene->n_said; i++)
        print_message("%3d:%04.1f  %2u  %-8s %s\n", (int)(scene->said[i].at_s / 60),
                      fmod(scene->said[i].at_s, 60), scene->said[i].step,
                      coach_word_name(scene->said[i].cue.word), scene->said[i].cue.text);
    const struct score_parts *score = &scene->report.score;
    print_message("score %.0f: pressure %.0f pace %.0f regularity %.0f holds %.0f time %.0f\n",
                  (double)score->practice_score, (double)score->pressure_pct,
                  (double)score->pace_pct, (double)score->regularity_pct, (double)score->holds_pct,
                  (double)score->time_pct);
}
