/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both forms of the low-pass against each other and against a plain sum in double precision. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "signal/lowpass_blocks.h"
#include "signal/lowpass_design.h"
#include "signal/lowpass_direct.h"
#include "unit/assert_near.h"

static const double pi = 3.141592653589793;

struct run {
    size_t n_taps, n_taxels, n_frames;
    float *taps, *in, *out, *other; /* [n_taps], [n_frames][n_taxels] */
};

static float noise(void)
{
    static unsigned random = 99;
    random = random * 1664525U + 1013904223U;
    return (float)(random >> 8) / 8388608.0F - 1.0F;
}

static struct run open_run(size_t n_taps, size_t n_taxels, size_t n_frames)
{
    size_t n = n_taxels * n_frames;
    struct run run = {n_taps,
                      n_taxels,
                      n_frames,
                      test_calloc(n_taps, sizeof(float)),
                      test_calloc(n, sizeof(float)),
                      test_calloc(n, sizeof(float)),
                      test_calloc(n, sizeof(float))};
    for (size_t k = 0; k < n_taps; k++)
        run.taps[k] = noise() / (float)n_taps;
    for (size_t i = 0; i < n; i++)
        run.in[i] = 100.0F * noise();
    return run;
}

static void close_run(struct run *run)
{
    test_free(run->taps);
    test_free(run->in);
    test_free(run->out);
    test_free(run->other);
}

static struct lowpass_direct *make_direct(const struct run *run)
{
    struct lowpass_direct *lowpass;
    assert_int_equal(lowpass_direct_create(&lowpass, run->taps, run->n_taps, run->n_taxels),
                     THENAR_OK);
    return lowpass;
}

static struct lowpass_blocks *make_blocks(const struct run *run, size_t n_frames_usual)
{
    struct lowpass_blocks *lowpass;
    assert_int_equal(
        lowpass_blocks_create(&lowpass, run->taps, run->n_taps, run->n_taxels, n_frames_usual),
        THENAR_OK);
    return lowpass;
}

static void execute_direct(struct lowpass_direct *lowpass, const struct run *run, float *out)
{
    for (size_t t = 0; t < run->n_frames; t++)
        lowpass_direct_execute(lowpass, run->in + t * run->n_taxels, out + t * run->n_taxels);
}

/* Before the first frame, the first frame. */
static double plain_sum(const struct run *run, size_t t, size_t i)
{
    double sum = 0.0;
    for (size_t k = 0; k < run->n_taps; k++) {
        size_t from = k > t ? 0 : t - k;
        sum += (double)run->taps[k] * (double)run->in[from * run->n_taxels + i];
    }
    return sum;
}

static void check_against_plain_sum(const struct run *run, const float *out)
{
    for (size_t t = 0; t < run->n_frames; t++)
        for (size_t i = 0; i < run->n_taxels; i++)
            assert_near(out[t * run->n_taxels + i], plain_sum(run, t, i), 1e-6 * 100.0);
}

static const size_t taxels[] = {1, 31, 32, 33, 36, 81, 256, 1024};
static const size_t taps[] = {1, 2, 7, 16, 43, 90};
enum { N_SIZES = sizeof taxels / sizeof *taxels, N_LENGTHS = sizeof taps / sizeof *taps };

static void test_direct_is_the_sum(void **state)
{
    (void)state;
    for (size_t s = 0; s < N_SIZES; s++)
        for (size_t l = 0; l < N_LENGTHS; l++) {
            struct run run = open_run(taps[l], taxels[s], 2 * taps[l] + 5);
            struct lowpass_direct *lowpass = make_direct(&run);
            execute_direct(lowpass, &run, run.out);
            check_against_plain_sum(&run, run.out);
            lowpass_direct_destroy(lowpass);
            close_run(&run);
        }
}

static void test_blocks_are_the_sum(void **state)
{
    (void)state;
    for (size_t s = 0; s < N_SIZES; s++)
        for (size_t l = 0; l < N_LENGTHS; l++) {
            struct run run = open_run(taps[l], taxels[s], 3 * taps[l] + 41);
            struct lowpass_blocks *lowpass = make_blocks(&run, 32);
            lowpass_blocks_execute(lowpass, run.in, run.n_frames, run.out);
            check_against_plain_sum(&run, run.out);
            lowpass_blocks_destroy(lowpass);
            close_run(&run);
        }
}

static void test_64x64_of_both_forms(void **state)
{
    (void)state;
    struct run run = open_run(16, 4096, 40);
    struct lowpass_direct *direct = make_direct(&run);
    struct lowpass_blocks *blocks = make_blocks(&run, 40);
    execute_direct(direct, &run, run.out);
    lowpass_blocks_execute(blocks, run.in, run.n_frames, run.other);
    for (size_t i = 0; i < run.n_taxels * run.n_frames; i++)
        assert_near(run.out[i], run.other[i], 1e-4);
    lowpass_direct_destroy(direct);
    lowpass_blocks_destroy(blocks);
    close_run(&run);
}

/* However the frames are cut into blocks, and whatever transform that leads to. */
static void test_blocks_of_any_length(void **state)
{
    (void)state;
    static const size_t lengths[] = {1, 2, 5, 31, 32, 64, 333};
    for (size_t usual = 1; usual <= 1000; usual *= 10)
        for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
            struct run run = open_run(16, 37, 700);
            struct lowpass_blocks *lowpass = make_blocks(&run, usual);
            assert_true(lowpass_blocks_n_fft(lowpass) >= 2 * run.n_taps);
            for (size_t t = 0; t < run.n_frames; t += lengths[l]) {
                size_t n = run.n_frames - t < lengths[l] ? run.n_frames - t : lengths[l];
                lowpass_blocks_execute(lowpass, run.in + t * 37, n, run.out + t * 37);
            }
            check_against_plain_sum(&run, run.out);
            lowpass_blocks_destroy(lowpass);
            close_run(&run);
        }
}

static void test_kernels_agree_bit_for_bit(void **state)
{
    (void)state;
    for (size_t s = 0; s < N_SIZES; s++)
        for (size_t l = 0; l < N_LENGTHS; l++) {
            struct run run = open_run(taps[l], taxels[s], 2 * taps[l] + 3);
            struct lowpass_direct *lowpass = make_direct(&run);
            lowpass_direct_set_kernel(lowpass, SIGNAL_KERNEL_BASE);
            execute_direct(lowpass, &run, run.out);
            for (int k = 0; k < N_SIGNAL_KERNELS; k++) {
                lowpass_direct_set_kernel(lowpass, (enum signal_kernel)k);
                lowpass_direct_reset(lowpass);
                execute_direct(lowpass, &run, run.other);
                assert_memory_equal(run.out, run.other,
                                    run.n_frames * run.n_taxels * sizeof *run.out);
            }
            lowpass_direct_destroy(lowpass);
            close_run(&run);
        }
}

/* Equal histories give equal bits, wherever the ring stands. */
static void test_place_in_the_ring_does_not_show(void **state)
{
    (void)state;
    struct run run = open_run(16, 36, 64);
    for (size_t late = 1; late < 20; late++) {
        struct lowpass_direct *whole = make_direct(&run), *part = make_direct(&run);
        for (size_t t = 0; t < run.n_frames; t++) {
            lowpass_direct_execute(whole, run.in + t * 36, run.out);
            if (t >= late)
                lowpass_direct_execute(part, run.in + t * 36, run.other);
            if (t >= late + 15)
                assert_memory_equal(run.out, run.other, 36 * sizeof *run.out);
        }
        lowpass_direct_destroy(whole);
        lowpass_direct_destroy(part);
    }
    close_run(&run);
}

static void test_impulse_shows_the_taps(void **state)
{
    (void)state;
    struct run run = open_run(16, 36, 40);
    struct lowpass_direct *direct = make_direct(&run);
    struct lowpass_blocks *blocks = make_blocks(&run, 8);
    memset(run.in, 0, 36 * 40 * sizeof *run.in);
    run.in[10 * 36 + 35] = 1.0F;
    execute_direct(direct, &run, run.out);
    lowpass_blocks_execute(blocks, run.in, run.n_frames, run.other);
    for (size_t t = 0; t < 40; t++)
        for (size_t i = 0; i < 36; i++) {
            float wanted = i == 35 && t >= 10 && t < 26 ? run.taps[t - 10] : 0.0F;
            assert_near(run.out[t * 36 + i], wanted, 0.0);
            assert_near(run.other[t * 36 + i], wanted, 1e-6);
        }
    lowpass_direct_destroy(direct);
    lowpass_blocks_destroy(blocks);
    close_run(&run);
}

/* The first frame after a reset counts as if it had lasted forever: a constant stays one. */
static void test_reset_gives_no_dip(void **state)
{
    (void)state;
    struct lowpass_design design;
    assert_int_equal(lowpass_design_make(&design, 200.0F), THENAR_OK);
    struct run run = open_run(design.n_taps, 36, 20);
    memcpy(run.taps, design.taps, design.n_taps * sizeof *run.taps);
    struct lowpass_direct *direct = make_direct(&run);
    struct lowpass_blocks *blocks = make_blocks(&run, 20);
    execute_direct(direct, &run, run.out); /* something to forget */
    lowpass_blocks_execute(blocks, run.in, run.n_frames, run.out);
    lowpass_direct_reset(direct);
    lowpass_blocks_reset(blocks);
    for (size_t i = 0; i < 20 * 36; i++)
        run.in[i] = 40.0F + (float)(i % 36);
    execute_direct(direct, &run, run.out);
    lowpass_blocks_execute(blocks, run.in, run.n_frames, run.other);
    for (size_t i = 0; i < 20 * 36; i++) {
        assert_near(run.out[i], run.in[i], 2e-5);
        assert_near(run.other[i], run.in[i], 2e-5);
    }
    lowpass_direct_destroy(direct);
    lowpass_blocks_destroy(blocks);
    close_run(&run);
}

/* A step starts where it was and ends where it goes, exactly once the filter is past it. */
static void test_step(void **state)
{
    (void)state;
    struct lowpass_design design;
    assert_int_equal(lowpass_design_make(&design, 200.0F), THENAR_OK);
    struct run run = open_run(design.n_taps, 1, 60);
    memcpy(run.taps, design.taps, design.n_taps * sizeof *run.taps);
    struct lowpass_direct *lowpass = make_direct(&run);
    for (size_t t = 0; t < 60; t++)
        run.in[t] = t < 20 ? 10.0F : 90.0F;
    execute_direct(lowpass, &run, run.out);
    assert_near(run.out[19], 10.0, 1e-5);
    assert_near(run.out[20 + run.n_taps - 1], 90.0, 1e-4);
    for (size_t t = 20; t < 60; t++)
        assert_true(run.out[t] > 9.0F && run.out[t] < 110.0F); /* overshoots less than a quarter */
    lowpass_direct_destroy(lowpass);
    close_run(&run);
}

/* Amplitude of `hz` in the last second of taxel 3: sums over whole cycles. */
static double amplitude_of(const struct run *run, const float *out, double hz, double rate_hz)
{
    double re = 0.0, im = 0.0;
    size_t second = (size_t)rate_hz;
    for (size_t t = run->n_frames - second; t < run->n_frames; t++) {
        re += (double)out[t * run->n_taxels + 3] * cos(2.0 * pi * hz * (double)t / rate_hz);
        im += (double)out[t * run->n_taxels + 3] * sin(2.0 * pi * hz * (double)t / rate_hz);
    }
    return 2.0 / rate_hz * hypot(re, im);
}

static void test_sines(void **state)
{
    (void)state;
    struct lowpass_design design;
    assert_int_equal(lowpass_design_make(&design, 200.0F), THENAR_OK);
    for (int hz = 1; hz < 100; hz++) {
        struct run run = open_run(design.n_taps, 36, 260);
        memcpy(run.taps, design.taps, design.n_taps * sizeof *run.taps);
        for (size_t t = 0; t < run.n_frames; t++)
            for (size_t i = 0; i < 36; i++)
                run.in[t * 36 + i] = (float)(50.0 * sin(2.0 * pi * hz * (double)t / 200.0));
        struct lowpass_direct *direct = make_direct(&run);
        struct lowpass_blocks *blocks = make_blocks(&run, 260);
        execute_direct(direct, &run, run.out);
        lowpass_blocks_execute(blocks, run.in, run.n_frames, run.other);
        double gain = amplitude_of(&run, run.out, hz, 200.0) / 50.0;
        assert_near(amplitude_of(&run, run.other, hz, 200.0) / 50.0, gain, 2e-6);
        if (hz <= 12)
            assert_near(20.0 * log10(gain), 0.0, 0.5);
        if (hz >= 45)
            assert_true(gain < 1.005e-3);
        lowpass_direct_destroy(direct);
        lowpass_blocks_destroy(blocks);
        close_run(&run);
    }
}

static void test_in_place_and_names(void **state)
{
    (void)state;
    struct run run = open_run(5, 36, 12);
    struct lowpass_direct *lowpass = make_direct(&run);
    execute_direct(lowpass, &run, run.out);
    lowpass_direct_reset(lowpass);
    memcpy(run.other, run.in, 12 * 36 * sizeof *run.in);
    for (size_t t = 0; t < 12; t++)
        lowpass_direct_execute(lowpass, run.other + t * 36, run.other + t * 36);
    assert_memory_equal(run.out, run.other, 12 * 36 * sizeof *run.out);
    for (int k = 0; k < N_SIGNAL_KERNELS; k++) {
        enum signal_kernel kernel = (enum signal_kernel)k;
        lowpass_direct_set_kernel(lowpass, kernel);
        if (!signal_kernel_is_available(kernel))
            continue;
        assert_memory_equal(lowpass_direct_form(lowpass), "direct/", 7);
        assert_string_equal(lowpass_direct_form(lowpass) + 7, signal_kernel_name(kernel));
    }
    lowpass_direct_destroy(lowpass);
    close_run(&run);
}

static void test_bad_arguments(void **state)
{
    (void)state;
    const float one = 1.0F;
    struct lowpass_direct *direct;
    struct lowpass_blocks *blocks;
    assert_int_equal(lowpass_direct_create(&direct, &one, 0, 36), THENAR_ERR_ARGUMENT);
    assert_int_equal(lowpass_direct_create(&direct, &one, 1, 0), THENAR_ERR_ARGUMENT);
    assert_int_equal(lowpass_blocks_create(&blocks, &one, 0, 36, 8), THENAR_ERR_ARGUMENT);
    assert_int_equal(lowpass_blocks_create(&blocks, &one, 1, 0, 8), THENAR_ERR_ARGUMENT);
    assert_int_equal(lowpass_blocks_create(&blocks, &one, 1, 36, 0), THENAR_ERR_ARGUMENT);
    lowpass_direct_destroy(NULL);
    lowpass_blocks_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_direct_is_the_sum),
        cmocka_unit_test(test_blocks_are_the_sum),
        cmocka_unit_test(test_64x64_of_both_forms),
        cmocka_unit_test(test_blocks_of_any_length),
        cmocka_unit_test(test_kernels_agree_bit_for_bit),
        cmocka_unit_test(test_place_in_the_ring_does_not_show),
        cmocka_unit_test(test_impulse_shows_the_taps),
        cmocka_unit_test(test_reset_gives_no_dip),
        cmocka_unit_test(test_step),
        cmocka_unit_test(test_sines),
        cmocka_unit_test(test_in_place_and_names),
        cmocka_unit_test(test_bad_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
