/* SPDX-License-Identifier: MIT */
#include "therapist/scene.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "link/message.h"
#include "therapist/acting.h"
#include "therapist/fsr_model.h"
#include "therapist/glove_map.h"
#include "therapist/hand_motion.h"
#include "therapist/mat_body.h"
#include "therapist/surface.h"
#include "therapist/therapist_script.h"
#include "therapist/truth_log.h"

/* What a poorer array adds: slow sensors, and neighbours on the same wires. */
struct blur {
    float lag_s, crosstalk;
    float *felt_kpa;               /* [n_taxels] after the lag; owned */
    float *row_mean, *column_mean; /* [n_rows], [n_cols]; owned */
};

struct scene {
    struct stimulus stimulus; /* first, so that it is the scene */
    struct surface surface;
    struct stage stage;
    struct therapist_script script;
    struct acting acting;
    struct mat_body body;
    struct fsr_model *sensors;
    struct truth_log *truth;
    struct hand_motion motion; /* of a glove */
    float *pressure_kpa;       /* [n_taxels] */
    struct blur blur;
    uint8_t mount;
    bool started;
    double origin_s, last_s; /* device time of the first scan and of the latest */
};

static struct scene *scene_of(struct stimulus *stimulus)
{
    return (struct scene *)(void *)stimulus;
}

static void press(struct scene *scene, double time_s)
{
    struct pose pose;
    acting_pose(&scene->acting, time_s, &pose);
    memset(scene->pressure_kpa, 0, scene->surface.n_taxels * sizeof *scene->pressure_kpa);
    if (pose.even_kpa > 0.0F ||
        pose.puck.force_n > 0.0F) { /* on the bare array: nobody lies there */
        surface_press_evenly(&scene->surface, pose.even_kpa, scene->pressure_kpa);
        surface_press_puck(&scene->surface, &pose.puck, scene->pressure_kpa);
        return;
    }
    if (scene->mount == THENAR_MOUNT_MAT) {
        mat_body_press(&scene->body, &scene->surface, time_s, &pose, scene->pressure_kpa);
        return;
    }
    if (scene->mount == THENAR_MOUNT_GLOVE)
        hand_motion_follow(&scene->motion, &pose, acting_hands(&scene->acting), time_s);
    if (scene->mount == THENAR_MOUNT_GLOVE && pose.n_lobes > 0)
        glove_map_pose(&scene->stage, acting_hands(&scene->acting), time_s, &pose);
    for (unsigned i = 0; i < pose.n_lobes; i++)
        surface_press(&scene->surface, &pose.lobes[i], scene->pressure_kpa);
}

static void blur(struct scene *scene, double elapsed_s)
{
    struct blur *b = &scene->blur;
    const struct stimulus_array *array = scene->surface.array;
    float *p = scene->pressure_kpa, n_rows = (float)array->n_rows, n_cols = (float)array->n_cols;
    if (b->crosstalk > 0) {
        memset(b->row_mean, 0, array->n_rows * sizeof *b->row_mean);
        memset(b->column_mean, 0, array->n_cols * sizeof *b->column_mean);
        for (size_t i = 0; i < scene->surface.n_taxels; i++) {
            b->row_mean[i / array->n_cols] += p[i] / n_cols;
            b->column_mean[i % array->n_cols] += p[i] / n_rows;
        }
        for (size_t i = 0; i < scene->surface.n_taxels; i++)
            p[i] +=
                b->crosstalk * (b->row_mean[i / array->n_cols] + b->column_mean[i % array->n_cols]);
    }
    if (!(b->lag_s > 0))
        return;
    float share = 1.0F - expf(-(float)elapsed_s / b->lag_s);
    for (size_t i = 0; i < scene->surface.n_taxels; i++) {
        b->felt_kpa[i] += share * (p[i] - b->felt_kpa[i]);
        p[i] = b->felt_kpa[i];
    }
}

static enum thenar_status scene_sample(struct stimulus *stimulus, double time_s, uint16_t *counts)
{
    struct scene *scene = scene_of(stimulus);
    if (!scene->started) {
        /* The hands wait for the first scan, so the counts do not depend on when that was. */
        scene->started = true;
        scene->origin_s = scene->last_s = time_s;
        truth_log_origin(scene->truth, time_s);
    }
    double scene_s = time_s - scene->origin_s;
    double elapsed_s = fmax(time_s - scene->last_s, 0.0);
    scene->last_s = time_s;
    acting_advance(&scene->acting, scene_s);
    press(scene, scene_s);
    blur(scene, elapsed_s);
    fsr_model_execute(scene->sensors, scene->pressure_kpa, elapsed_s, counts);
    return scene->acting.over ? THENAR_END : THENAR_OK;
}

static bool scene_motion(struct stimulus *stimulus, struct stimulus_motion *motion)
{
    struct scene *scene = scene_of(stimulus);
    if (!hand_motion_take(&scene->motion, motion))
        return false;
    motion->time_s += scene->origin_s;
    return true;
}

static void scene_calibration(const struct stimulus *stimulus, struct stimulus_calibration *out)
{
    const struct scene *scene = (const struct scene *)(const void *)stimulus;
    fsr_model_calibration(scene->sensors, out);
}

static void scene_destroy(struct stimulus *stimulus)
{
    struct scene *scene = scene_of(stimulus);
    if (scene->started)
        acting_stop(&scene->acting, scene->last_s - scene->origin_s);
    truth_log_close(scene->truth);
    fsr_model_destroy(scene->sensors);
    mat_body_finish(&scene->body);
    surface_finish(&scene->surface);
    therapist_script_finish(&scene->script);
    free(scene->blur.felt_kpa);
    free(scene->blur.row_mean);
    free(scene->blur.column_mean);
    free(scene->pressure_kpa);
    free(scene);
}

static enum thenar_status build(struct scene *scene, const struct stimulus_array *array,
                                const struct scene_options *options, struct thenar_error *error)
{
    struct fsr_options sensors = {.seed = options->seed,
                                  .calibrated = options->calibrated,
                                  .noise_counts = options->noise_counts,
                                  .spread_pct = options->spread_pct,
                                  .hysteresis_pct = options->hysteresis_pct,
                                  .creep_pct_decade = options->creep_pct_decade,
                                  .n_dead = options->n_dead,
                                  .sneak_paths = options->sneak_paths};
    size_t n_taxels = (size_t)array->n_rows * array->n_cols;
    const char *text = options->script_text;
    enum thenar_status status =
        text ? therapist_script_parse(&scene->script, text, strlen(text), "script", error)
             : therapist_script_load(&scene->script, options->script, error);
    if (status != THENAR_OK)
        return status;
    status = surface_init(&scene->surface, array);
    if (status == THENAR_OK)
        status = fsr_model_create(&scene->sensors, array, &sensors);
    if (status == THENAR_OK && array->mount == THENAR_MOUNT_MAT)
        status = mat_body_init(&scene->body, &scene->surface, options->seed);
    scene->pressure_kpa = calloc(n_taxels, sizeof *scene->pressure_kpa);
    if (status != THENAR_OK || !scene->pressure_kpa)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for %zu taxels", n_taxels);
    scene->blur =
        (struct blur){.lag_s = 1e-3F * options->lag_ms,
                      .crosstalk = 1e-2F * options->crosstalk_pct,
                      .felt_kpa = calloc(n_taxels, sizeof *scene->blur.felt_kpa),
                      .row_mean = calloc(array->n_rows, sizeof *scene->blur.row_mean),
                      .column_mean = calloc(array->n_cols, sizeof *scene->blur.column_mean)};
    if (!scene->blur.felt_kpa || !scene->blur.row_mean || !scene->blur.column_mean)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for %zu taxels", n_taxels);
    if (options->truth_file)
        status = truth_log_attach(&scene->truth, options->truth_file, error);
    else if (options->truth_path)
        status = truth_log_open(&scene->truth, options->truth_path, error);
    scene->stage = (struct stage){scene->surface.centre_x_mm, scene->surface.centre_y_mm,
                                  scene->surface.half_x_mm, scene->surface.half_y_mm};
    acting_init(&scene->acting, &scene->script, &scene->stage, options->seed, options->loop,
                scene->truth);
    return status;
}

enum thenar_status scene_create(struct stimulus **out, const struct stimulus_array *array,
                                const struct scene_options *options, struct thenar_error *error)
{
    *out = NULL;
    struct scene *scene = calloc(1, sizeof *scene);
    if (!scene)
        return thenar_fail(error, THENAR_ERR_MEMORY, "out of memory for the virtual therapist");
    scene->mount = array->mount;
    scene->stimulus = (struct stimulus){
        .sample = scene_sample,
        .motion = scene->mount == THENAR_MOUNT_GLOVE ? scene_motion : NULL,
        .calibration = scene_calibration,
        .destroy = scene_destroy,
    };
    hand_motion_init(&scene->motion);
    enum thenar_status status = build(scene, array, options, error);
    if (status != THENAR_OK) {
        scene_destroy(&scene->stimulus);
        return status;
    }
    *out = &scene->stimulus;
    return THENAR_OK;
}
