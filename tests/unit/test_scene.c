/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <malloc.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "link/message.h"
#include "therapist/scene.h"
#include "unit/virtual_array.h"

static struct scene_options usual_options(const char *script)
{
    return (struct scene_options){.script = script,
                                  .seed = 21,
                                  .calibrated = true,
                                  .noise_counts = NAN,
                                  .spread_pct = NAN,
                                  .hysteresis_pct = NAN,
                                  .creep_pct_decade = NAN};
}

static struct stimulus *make(const struct virtual_array *v, const struct scene_options *options)
{
    struct stimulus *stimulus;
    struct thenar_error error;
    if (scene_create(&stimulus, &v->array, options, &error) != THENAR_OK)
        fail_msg("%s", error.text);
    return stimulus;
}

/* FNV-1a over the counts of `n_frames` at `rate_hz`, the first at `origin_s`. */
static uint64_t fingerprint(const struct virtual_array *v, const struct scene_options *options,
                            double origin_s, double rate_hz, size_t n_frames)
{
    struct stimulus *stimulus = make(v, options);
    uint16_t *counts = malloc(v->n_taxels * sizeof *counts);
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t frame = 0; frame < n_frames; frame++) {
        (void)stimulus->sample(stimulus, origin_s + (double)frame / rate_hz, counts);
        for (size_t i = 0; i < v->n_taxels; i++)
            hash = (hash ^ counts[i]) * UINT64_C(0x100000001b3);
    }
    free(counts);
    stimulus->destroy(stimulus);
    return hash;
}

static char *slurp(const char *path)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char *text = calloc(1, 1 << 20);
    assert_true(fread(text, 1, (1 << 20) - 1, file) > 0);
    (void)fclose(file);
    return text;
}

static void temporary(char *path)
{
    static const char pattern[] = "/tmp/thenar-scene-XXXXXX";
    memcpy(path, pattern, sizeof pattern);
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    (void)close(fd);
}

static void write_script(char *path, const char *text)
{
    temporary(path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fputs(text, file);
    (void)fclose(file);
}

static void one_seed_gives_one_set_of_counts(void **state)
{
    (void)state;
    for (uint8_t mount = THENAR_MOUNT_PAD; mount <= THENAR_MOUNT_GLOVE; mount++) {
        struct virtual_array v;
        virtual_array_init(&v, 16, 12, 12.0F, mount);
        struct scene_options options = usual_options("demo");
        uint64_t once = fingerprint(&v, &options, 0.0, 128.0, 3000);
        assert_true(once == fingerprint(&v, &options, 0.0, 128.0, 3000));
        /* When the device began to scan makes no difference (these times are exact in binary). */
        assert_true(once == fingerprint(&v, &options, 64.0, 128.0, 3000));
        options.seed++;
        assert_true(once != fingerprint(&v, &options, 0.0, 128.0, 3000));
        virtual_array_finish(&v);
    }
}

/* The hands do the same whoever looks, and however often. */
static void the_truth_does_not_depend_on_the_rate(void **state)
{
    (void)state;
    static const double rates_hz[] = {200.0, 50.0, 3.0};
    char *texts[3];
    struct virtual_array v;
    virtual_array_init(&v, 8, 8, 20.0F, THENAR_MOUNT_PAD);
    uint16_t counts[64];
    for (int r = 0; r < 3; r++) {
        char path[64];
        temporary(path);
        struct scene_options options = usual_options("demo");
        options.truth_path = path;
        struct stimulus *stimulus = make(&v, &options);
        for (double t = 0.0; stimulus->sample(stimulus, t, counts) == THENAR_OK;)
            t += 1.0 / rates_hz[r];
        stimulus->destroy(stimulus);
        texts[r] = slurp(path);
        (void)unlink(path);
    }
    assert_string_equal(texts[0], texts[1]);
    assert_string_equal(texts[0], texts[2]);
    for (int r = 0; r < 3; r++)
        free(texts[r]);
    virtual_array_finish(&v);
}

/* A reader can follow: a row is in the file as soon as its cycle is over, in device time. */
static void the_truth_can_be_followed(void **state)
{
    (void)state;
    char script[64], path[64];
    write_script(script, "compression 6 hold_s=2\nrest 2\n");
    temporary(path);
    struct virtual_array v;
    virtual_array_init(&v, 8, 8, 20.0F, THENAR_MOUNT_PAD);
    uint16_t counts[64];
    struct scene_options options = usual_options(script);
    options.truth_path = path;
    struct stimulus *stimulus = make(&v, &options);
    char *text = NULL;
    for (int i = 0; i <= 450; i++) {
        (void)stimulus->sample(stimulus, 1000.0 + i * 0.01, counts);
        if (i == 300 || i == 450) {
            free(text);
            text = slurp(path);
            const char *row = strstr(text, "cycle,compression,thumb,right,1000.400,1002.400,");
            assert_true(i == 300 ? row == NULL : row != NULL);
        }
    }
    free(text);
    /* Cut short, the step is still told. */
    stimulus->destroy(stimulus);
    text = slurp(path);
    assert_non_null(strstr(text, "step,compression,thumb,right,1000.400,1002.400,"));
    free(text);
    (void)unlink(path);
    (void)unlink(script);
    virtual_array_finish(&v);
}

static void a_script_ends_or_goes_round_with_new_draws(void **state)
{
    (void)state;
    char script[64];
    write_script(script, "tapotement 3\nrest 1\n");
    struct virtual_array v;
    virtual_array_init(&v, 16, 16, 12.0F, THENAR_MOUNT_PAD);
    uint16_t counts[256];
    struct scene_options options = usual_options(script);
    options.noise_counts = 0.0F;
    struct stimulus *stimulus = make(&v, &options);
    for (int i = 0; i < 400; i++)
        assert_int_equal(stimulus->sample(stimulus, i * 0.01, counts), THENAR_OK);
    for (int i = 400; i < 450; i++) {
        assert_int_equal(stimulus->sample(stimulus, i * 0.01, counts), THENAR_END);
        for (size_t k = 0; k < 256; k++)
            assert_int_equal(counts[k], 0);
    }
    stimulus->destroy(stimulus);

    char path[64];
    temporary(path);
    options.loop = true;
    options.truth_path = path;
    stimulus = make(&v, &options);
    for (int i = 0; i < 1250; i++)
        assert_int_equal(stimulus->sample(stimulus, i * 0.01, counts), THENAR_OK);
    stimulus->destroy(stimulus);
    /* Three rounds, four seconds apart; the second cycle comes at another time in each. */
    char *text = slurp(path), *rest = text, *row;
    double second_s[3], n_seen = 0.0;
    for (int round = 0; round < 3; round++) {
        row = strstr(rest, "cycle,");
        assert_non_null(row);
        row = strstr(row + 1, "cycle,");
        assert_non_null(row);
        second_s[round] = strtod(strstr(row, "left,") + 5, NULL) - 4.0 * round;
        rest = strstr(row, "step,rest");
        assert_non_null(rest);
        n_seen++;
    }
    assert_true(n_seen == 3.0);
    assert_true(second_s[0] != second_s[1] && second_s[1] != second_s[2]);
    assert_true(fabs(second_s[0] - second_s[2]) < 0.2);
    free(text);
    (void)unlink(path);
    (void)unlink(script);
    virtual_array_finish(&v);
}

/* Not an octet of heap more or less after 20 000 scans with the truth being written. */
static void sampling_allocates_nothing(void **state)
{
    (void)state;
    char path[64];
    temporary(path);
    struct virtual_array v;
    virtual_array_init(&v, 16, 16, 12.0F, THENAR_MOUNT_MAT);
    uint16_t counts[256];
    struct scene_options options = usual_options("demo");
    options.loop = true;
    options.truth_path = path;
    struct stimulus *stimulus = make(&v, &options);
    (void)stimulus->sample(stimulus, 0.0, counts);
    struct mallinfo2 before = mallinfo2();
    for (int i = 1; i < 20000; i++)
        (void)stimulus->sample(stimulus, i * 0.01, counts);
    struct mallinfo2 after = mallinfo2();
    assert_true(before.uordblks == after.uordblks && before.hblks == after.hblks);
    stimulus->destroy(stimulus);
    (void)unlink(path);
    virtual_array_finish(&v);
}

/* Seen through everything that a usual sensor does to it, the force is right to 12 %. */
static void a_usual_device_reads_the_force_back(void **state)
{
    (void)state;
    char script[64];
    write_script(script, "rolling 20 force_n=40 variation_pct=0\n");
    struct virtual_array v;
    virtual_array_init(&v, 32, 32, 10.0F, THENAR_MOUNT_PAD);
    uint16_t *counts = malloc(v.n_taxels * sizeof *counts);
    struct scene_options options = usual_options(script);
    struct stimulus *stimulus = make(&v, &options);
    struct stimulus_calibration law;
    stimulus->calibration(stimulus, &law);
    double sum_n = 0.0;
    for (int i = 0; i < 1000; i++) {
        (void)stimulus->sample(stimulus, i * 0.01, counts);
        for (size_t k = 0; k < v.n_taxels && i >= 200; k++)
            if (counts[k] > 12) /* above the noise */
                sum_n += 0.1 * virtual_kpa(&law, k, counts[k]);
    }
    double force_n = sum_n / 800.0, expected_n = 40.0 * 0.93;
    assert_true(fabs(force_n / expected_n - 1.0) < 0.12);
    stimulus->destroy(stimulus);
    free(counts);
    (void)unlink(script);
    virtual_array_finish(&v);
}

static double total_kpa(const struct virtual_array *v, const struct stimulus_calibration *law,
                        const uint16_t *counts)
{
    double sum = 0.0;
    for (size_t i = 0; i < v->n_taxels; i++)
        if (counts[i] > 0)
            sum += virtual_kpa(law, i, counts[i]);
    return sum;
}

/* Someone of 700 N lies on a mat and breathes 0.2 to 0.3 times a second. */
static void a_mat_has_someone_on_it_who_breathes(void **state)
{
    (void)state;
    char script[64];
    write_script(script, "rest 60\nstretching 20 force_n=80\n");
    struct virtual_array v;
    virtual_array_init(&v, 40, 20, 45.0F, THENAR_MOUNT_MAT);
    uint16_t counts[800];
    struct scene_options options = usual_options(script);
    options.noise_counts = options.spread_pct = 0.0F;
    options.hysteresis_pct = options.creep_pct_decade = 0.0F;
    struct stimulus *stimulus = make(&v, &options);
    struct stimulus_calibration law;
    stimulus->calibration(stimulus, &law);
    law.gain = NULL;
    double chest[1200], weight_n = 0.0;
    for (int i = 0; i < 1200; i++) {
        (void)stimulus->sample(stimulus, i * 0.05, counts);
        weight_n += 1e-3 * 45.0 * 45.0 * total_kpa(&v, &law, counts) / 1200.0;
        chest[i] = 0.0;
        for (size_t row = 6; row < 14; row++) /* rows of the shoulders, a quarter down */
            for (size_t col = 0; col < 20; col++)
                chest[i] += counts[row * 20 + col];
    }
    assert_true(fabs(weight_n / 700.0 - 1.0) < 0.03);
    /* Two breaths may lie across a change of posture; so count where each second of the trace turns
     * upward about its own 5 s mean. */
    unsigned n_breaths = 0;
    double before = 0.0;
    for (int i = 50; i < 1150; i++) {
        double local = 0.0;
        for (int k = i - 50; k < i + 50; k++)
            local += chest[k] / 100.0;
        n_breaths += before < 0.0 && chest[i] >= local;
        before = chest[i] - local;
    }
    assert_true(n_breaths >= 55 * 2 / 10 - 1 && n_breaths <= 55 * 3 / 10 + 2);
    /* Hands add their force, and no sharp contact. */
    for (int i = 0; i < 200; i++)
        (void)stimulus->sample(stimulus, 60.0 + i * 0.05, counts);
    double loaded_n = 1e-3 * 45.0 * 45.0 * total_kpa(&v, &law, counts);
    assert_true(fabs((loaded_n - weight_n) / 80.0 - 1.0) < 0.25);
    stimulus->destroy(stimulus);
    (void)unlink(script);
    virtual_array_finish(&v);
}

/* A glove feels where on the hand, not where on the body; gliding leaves a steady pressure. */
static void a_glove_feels_its_own_hand(void **state)
{
    (void)state;
    char script[64];
    write_script(script, "effleurage 10 hand=right pace_cpm=12 force_n=40 variation_pct=0\n"
                         "petrissage 10 pace_cpm=60 force_n=40 variation_pct=0\n"
                         "tapotement 4 hand=left\n");
    struct virtual_array v;
    virtual_array_init(&v, 20, 11, 9.0F, THENAR_MOUNT_GLOVE);
    uint16_t counts[220];
    struct scene_options options = usual_options(script);
    options.noise_counts = options.spread_pct = 0.0F;
    options.hysteresis_pct = options.creep_pct_decade = 0.0F;
    struct stimulus *stimulus = make(&v, &options);
    struct stimulus_calibration law;
    stimulus->calibration(stimulus, &law);
    law.gain = NULL;
    double low_y = HUGE_VAL, high_y = -HUGE_VAL, least = HUGE_VAL, most = 0.0;
    double squeeze_low = HUGE_VAL, squeeze_high = 0.0, thumb = 0.0, struck = 0.0;
    for (int i = 0; i < 2400; i++) {
        double t = i * 0.01, sum = 0.0, y = 0.0;
        (void)stimulus->sample(stimulus, t, counts);
        for (size_t k = 0; k < v.n_taxels; k++) {
            double kpa = counts[k] ? virtual_kpa(&law, k, counts[k]) : 0.0;
            sum += kpa;
            y += kpa * (double)v.y_mm[k];
        }
        if (t > 1.4 && t < 2.8) { /* well within the first stroke */
            low_y = fmin(low_y, y / sum);
            high_y = fmax(high_y, y / sum);
            least = fmin(least, sum);
            most = fmax(most, sum);
        } else if (t > 12.0 && t < 17.0) {
            squeeze_low = fmin(squeeze_low, sum);
            squeeze_high = fmax(squeeze_high, sum);
            for (size_t row = 8; row < 14; row++)
                thumb = fmax(thumb, counts[row * 11 + 1]);
        } else if (t > 20.5) {
            struck = fmax(struck, sum);
        }
    }
    assert_true(high_y - low_y < 1.0);                       /* it does not travel */
    assert_true(most / least > 1.02 && most / least < 1.12); /* a ripple of shear */
    assert_true(squeeze_high > 4.0 * squeeze_low);           /* squeezes show */
    assert_true(thumb > 100.0);                              /* and where */
    assert_true(struck > 0.0); /* a left hand at work wears the glove */
    stimulus->destroy(stimulus);
    (void)unlink(script);
    virtual_array_finish(&v);
}

/* Any board that the link allows: odd sizes, gaps, places of its own. */
static void any_array_can_be_worked_on(void **state)
{
    (void)state;
    static const struct {
        uint16_t n_rows, n_cols;
        float pitch_mm;
    } sizes[] = {{1, 1, 10.0F}, {4, 4, 6.0F}, {64, 64, 5.0F}, {2, 100, 12.0F}, {8, 8, 25.0F}};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
        for (uint8_t mount = THENAR_MOUNT_PAD; mount <= THENAR_MOUNT_GLOVE; mount++) {
            struct virtual_array v;
            virtual_array_init(&v, sizes[s].n_rows, sizes[s].n_cols, sizes[s].pitch_mm, mount);
            v.array.adc_bits = s == 1 ? 10 : 12;
            v.exists[v.n_taxels - 1] = v.n_taxels == 1;
            struct scene_options options = usual_options("demo");
            options.n_dead = 2;
            struct stimulus *stimulus = make(&v, &options);
            uint16_t *counts = malloc(v.n_taxels * sizeof *counts), most = 0;
            for (int i = 0; i < 1000; i++) {
                assert_int_equal(stimulus->sample(stimulus, i * 0.2, counts), THENAR_OK);
                for (size_t k = 0; k < v.n_taxels; k++)
                    most = counts[k] > most ? counts[k] : most;
                if (v.n_taxels > 1)
                    assert_int_equal(counts[v.n_taxels - 1], 0);
            }
            assert_true(most < 1U << v.array.adc_bits);
            free(counts);
            stimulus->destroy(stimulus);
            virtual_array_finish(&v);
        }
}

static void says_what_it_cannot_do(void **state)
{
    (void)state;
    struct virtual_array v;
    virtual_array_init(&v, 8, 8, 20.0F, THENAR_MOUNT_PAD);
    struct stimulus *stimulus;
    struct thenar_error error;
    struct scene_options options = usual_options("/nowhere/script");
    assert_int_equal(scene_create(&stimulus, &v.array, &options, &error), THENAR_ERR_OS);
    assert_null(stimulus);
    assert_non_null(strstr(error.text, "/nowhere/script"));
    options = usual_options("demo");
    options.truth_path = "/nowhere/truth.csv";
    assert_int_equal(scene_create(&stimulus, &v.array, &options, &error), THENAR_ERR_OS);
    assert_non_null(strstr(error.text, "/nowhere/truth.csv"));
    char script[64];
    write_script(script, "rest 2\nrest x\n");
    options = usual_options(script);
    assert_int_equal(scene_create(&stimulus, &v.array, &options, &error), THENAR_ERR_SYNTAX);
    assert_non_null(strstr(error.text, ":2:"));
    (void)unlink(script);
    virtual_array_finish(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_seed_gives_one_set_of_counts),
        cmocka_unit_test(the_truth_does_not_depend_on_the_rate),
        cmocka_unit_test(the_truth_can_be_followed),
        cmocka_unit_test(a_script_ends_or_goes_round_with_new_draws),
        cmocka_unit_test(sampling_allocates_nothing),
        cmocka_unit_test(a_usual_device_reads_the_force_back),
        cmocka_unit_test(a_mat_has_someone_on_it_who_breathes),
        cmocka_unit_test(a_glove_feels_its_own_hand),
        cmocka_unit_test(any_array_can_be_worked_on),
        cmocka_unit_test(says_what_it_cannot_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
