/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "training/virtual_recipes.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Paces and forces reach from a beginner's to a strong man's; figures in brackets of move.c. */
#define END        \
    {              \
        NULL, 0, 0 \
    }
static const struct recipe_band effleurage[] = {
    {"pace_cpm", 8, 42}, {"force_n", 8, 110}, {"glide_mm", 90, 280}, END};
static const struct recipe_band petrissage[] = {
    {"pace_cpm", 16, 80}, {"force_n", 10, 80}, {"return_pct", 5, 32}, END};
static const struct recipe_band rolling[] = {
    {"pace_cpm", 16, 130}, {"force_n", 12, 90}, {"glide_mm", 40, 150}, {"ripple_pct", 3, 22}, END};
static const struct recipe_band tuina[] = {
    {"pace_cpm", 70, 130}, {"force_n", 12, 50}, {"glide_mm", 22, 45}, {"ripple_pct", 3, 22}, END};
static const struct recipe_band friction[] = {
    {"pace_cpm", 55, 220}, {"force_n", 6, 60}, {"glide_mm", 8, 19}, {"ripple_pct", 3, 40}, END};
static const struct recipe_band wide_friction[] = {
    {"pace_cpm", 55, 180}, {"force_n", 8, 60}, {"glide_mm", 16, 30}, {"ripple_pct", 5, 75}, END};
static const struct recipe_band tapotement[] = {
    {"pace_cpm", 150, 620}, {"force_n", 5, 50}, {"contact_ms", 35, 110}, END};
static const struct recipe_band vibration[] = {
    {"pace_cpm", 470, 720}, {"force_n", 8, 90}, {"ripple_pct", 8, 40}, END};
static const struct recipe_band shaking[] = {
    {"pace_cpm", 230, 440}, {"force_n", 10, 60}, {"glide_mm", 6, 22}, {"ripple_pct", 10, 45}, END};
static const struct recipe_band compression[] = {{"force_n", 12, 120}, {"speed_mm_s", 0, 1.5}, END};
/* Deep is a pressure: the same force is none under a heel that is deep under a thumb. */
static const struct recipe_band broad_compression[] = {
    {"force_n", 45, 160}, {"speed_mm_s", 0, 1.5}, END};
static const struct recipe_band spots[] = {
    {"force_n", 15, 90}, {"hold_s", 5, 14}, {"wander_mm", 10, 35}, END};
static const struct recipe_band myofascial[] = {{"force_n", 10, 55}, {"speed_mm_s", 0.1, 4.5}, END};
static const struct recipe_band one_myofascial[] = {
    {"force_n", 8, 30}, {"speed_mm_s", 0.1, 4.5}, END}; /* gentle, by one hand */
static const struct recipe_band release[] = {
    {"pace_cpm", 7, 17}, {"force_n", 20, 90}, {"glide_mm", 50, 130}, END};
static const struct recipe_band eased_release[] = {
    {"pace_cpm", 7, 15}, {"force_n", 20, 90}, {"glide_mm", 50, 130}, {"return_pct", 8, 25}, END};
static const struct recipe_band energy[] = {
    {"force_n", 25, 120}, {"push_s", 5, 11}, {"hold_s", 6, 18}, {"return_pct", 20, 50}, END};
static const struct recipe_band slack_energy[] = {{"force_n", 25, 90}, {"push_s", 5, 11},
                                                  {"hold_s", 7, 16},   {"return_pct", 25, 60},
                                                  {"slack_s", 1, 3.5}, END};
static const struct recipe_band stretching[] = {{"force_n", 15, 100}, END};
static const struct recipe_band stretches[] = {{"force_n", 15, 100}, {"hold_s", 6, 15}, END};

/* Light hands on a small soft pad, which follows slowly and never quite lets go: taps and strokes
 * of fingers, slower, shorter and less even than a therapist's. */
static const struct recipe_band soft_strokes[] = {
    {"pace_cpm", 18, 90}, {"force_n", 2, 14}, {"glide_mm", 35, 110}, END};
static const struct recipe_band soft_kneading[] = {{"pace_cpm", 25, 130}, {"force_n", 3, 28}, END};
static const struct recipe_band soft_friction[] = {
    {"pace_cpm", 55, 230}, {"force_n", 2.5, 20}, {"glide_mm", 9, 40}, END};
static const struct recipe_band soft_taps[] = {
    {"pace_cpm", 50, 280}, {"force_n", 2, 18}, {"contact_ms", 60, 240}, END};
static const struct recipe_band soft_press[] = {{"force_n", 3, 40}, {"speed_mm_s", 0, 2}, END};
#undef END

const struct virtual_recipe virtual_recipes[] = {
    {"effleurage", "two_flat", "", false, 14, 26, effleurage, false},
    {"effleurage", "one_flat", "hand=right", false, 12, 24, effleurage, false},
    {"effleurage", "palm", "hand=left shape=palm", false, 12, 24, effleurage, false},
    {"effleurage", "thumbs", "shape=thumb", false, 12, 24, effleurage, false},
    {"effleurage", "forearm", "hand=right shape=forearm", false, 12, 24, effleurage, false},
    {"effleurage", "returning", "return_pct=35", false, 14, 26, effleurage, false},
    {"effleurage", "two_hands", "shape=hand", false, 14, 26, effleurage, false},
    {"effleurage", "one_hand", "hand=right shape=hand", false, 12, 24, effleurage, false},
    {"effleurage", "pads", "hand=left shape=pads", false, 12, 24, effleurage, false},
    {"effleurage", "knuckles", "hand=right shape=knuckles", false, 12, 24, effleurage, false},
    {"effleurage", "fist", "hand=right shape=fist", true, 12, 24, effleurage, false},
    {"effleurage", "fingers_returning", "hand=right shape=fingers return_pct=15", true, 12, 24,
     effleurage, false},
    {"effleurage", "soft_fingers", "hand=right shape=fingers", false, 8, 16, soft_strokes, true},
    {"effleurage", "soft_hand", "hand=right shape=palm return_pct=25", false, 8, 16, soft_strokes,
     true},
    {"effleurage", "soft_thumb", "hand=left shape=thumb", true, 8, 16, soft_strokes, true},
    {"petrissage", "kneading", "style=kneading", false, 10, 20, petrissage, false},
    {"petrissage", "kneading_both", "style=kneading hand=both", false, 10, 20, petrissage, false},
    {"petrissage", "palming", "style=palming", false, 10, 20, petrissage, false},
    {"petrissage", "heeling", "style=palming shape=heel", false, 10, 20, petrissage, false},
    {"petrissage", "pads", "style=palming shape=pads", false, 10, 20, petrissage, false},
    {"petrissage", "wringing", "style=wringing hand=both", false, 10, 20, petrissage, false},
    {"petrissage", "wringing_hands", "style=wringing hand=both shape=hand", false, 10, 20,
     petrissage, false},
    {"petrissage", "skin_rolling", "style=skin_rolling hand=left", true, 10, 20, petrissage, false},
    {"petrissage", "fists", "style=palming shape=fist", true, 10, 20, petrissage, false},
    {"petrissage", "soft_kneading", "style=kneading", false, 8, 16, soft_kneading, true},
    {"petrissage", "soft_palming", "style=palming shape=palm", false, 8, 16, soft_kneading, true},
    {"petrissage", "soft_thumbs", "style=kneading shape=thumb", true, 8, 16, soft_kneading, true},
    {"rolling", "forearm", "style=forearm", false, 9, 18, rolling, false},
    {"rolling", "fist", "style=fist", false, 9, 18, rolling, false},
    {"rolling", "roller", "shape=roller", false, 9, 18, rolling, false},
    {"rolling", "heel", "shape=heel", false, 9, 18, rolling, false},
    {"rolling", "knuckles", "shape=knuckles", false, 9, 18, rolling, false},
    {"rolling", "tuina", "style=fist", false, 9, 18, tuina, false},
    {"rolling", "palm", "shape=palm", true, 9, 18, rolling, false},
    {"friction", "transverse", "style=transverse", false, 7, 16, friction, false},
    {"friction", "circular", "style=circular", false, 7, 16, friction, false},
    {"friction", "fingers", "style=transverse shape=fingers", false, 7, 16, friction, false},
    {"friction", "heel_circles", "style=circular shape=heel", false, 7, 16, friction, false},
    {"friction", "thumbs", "style=transverse shape=thumbs", false, 7, 16, friction, false},
    {"friction", "thumb_circles", "style=circular shape=thumbs", false, 7, 16, friction, false},
    {"friction", "wide_circles", "style=circular", false, 7, 16, wide_friction, false},
    {"friction", "finger_circles", "style=circular shape=fingers", true, 7, 16, friction, false},
    {"friction", "elbow", "style=transverse shape=elbow", true, 7, 16, friction, false},
    {"friction", "soft_rubbing", "style=transverse shape=palm", false, 7, 16, soft_friction, true},
    {"friction", "soft_circles", "style=circular shape=fingers", false, 7, 16, soft_friction, true},
    {"friction", "soft_scratching", "style=transverse shape=fingers", true, 7, 16, soft_friction,
     true},
    {"tapotement", "hacking", "style=hacking", false, 6, 14, tapotement, false},
    {"tapotement", "cupping", "style=cupping", false, 6, 14, tapotement, false},
    {"tapotement", "pounding", "style=pounding hand=right", false, 6, 14, tapotement, false},
    {"tapotement", "tapping", "shape=fingers", false, 6, 14, tapotement, false},
    {"tapotement", "rapping", "shape=knuckles", false, 6, 14, tapotement, false},
    {"tapotement", "staying", "style=cupping hand=right return_pct=18", false, 6, 14, tapotement,
     false},
    {"tapotement", "slapping", "shape=flat", true, 6, 14, tapotement, false},
    {"tapotement", "beating", "shape=heel hand=left", true, 6, 14, tapotement, false},
    {"tapotement", "soft_taps", "shape=fingers hand=right", false, 6, 14, soft_taps, true},
    {"tapotement", "soft_pats", "shape=palm hand=right", false, 6, 14, soft_taps, true},
    {"tapotement", "soft_staying", "shape=fingers hand=left return_pct=25", false, 6, 14, soft_taps,
     true},
    {"tapotement", "soft_pokes", "shape=thumb hand=right", true, 6, 14, soft_taps, true},
    {"vibration", "flat", "", false, 7, 14, vibration, false},
    {"vibration", "palm", "shape=palm", false, 7, 14, vibration, false},
    {"vibration", "thumb", "shape=thumb", false, 7, 14, vibration, false},
    {"vibration", "hand", "shape=hand", false, 7, 14, vibration, false},
    {"vibration", "pads", "shape=pads", false, 7, 14, vibration, false},
    {"vibration", "fingers", "shape=fingers", true, 7, 14, vibration, false},
    {"shaking", "grip", "", false, 7, 14, shaking, false},
    {"shaking", "flat", "shape=flat", false, 7, 14, shaking, false},
    {"shaking", "hand", "shape=hand", false, 7, 14, shaking, false},
    {"shaking", "pads", "shape=pads", false, 7, 14, shaking, false},
    {"shaking", "palm", "shape=palm", true, 7, 14, shaking, false},
    {"compression", "thumb", "style=thumb", false, 8, 24, compression, false},
    {"compression", "elbow", "style=elbow", false, 8, 24, compression, false},
    {"compression", "heel", "shape=heel", false, 8, 24, broad_compression, false},
    {"compression", "thumbs", "shape=thumbs", false, 8, 24, compression, false},
    {"compression", "knuckles", "shape=knuckles", false, 8, 24, broad_compression, false},
    {"compression", "spots", "style=thumb", false, 14, 28, spots, false},
    {"compression", "fist", "shape=fist", true, 8, 24, broad_compression, false},
    {"compression", "soft_thumb", "style=thumb", false, 7, 16, soft_press, true},
    {"compression", "soft_elbow", "style=elbow", true, 7, 16, soft_press, true},
    {"myofascial_release", "two_palms", "", false, 16, 30, myofascial, false},
    {"myofascial_release", "one_flat", "hand=right", false, 16, 30, one_myofascial, false},
    {"myofascial_release", "two_flat", "shape=flat", false, 16, 30, myofascial, false},
    {"myofascial_release", "hand", "hand=right shape=hand", false, 16, 30, one_myofascial, false},
    {"myofascial_release", "two_pads", "shape=pads", false, 16, 30, myofascial, false},
    {"myofascial_release", "beside", "style=beside shape=hand", false, 16, 30, myofascial, false},
    {"myofascial_release", "beside_flat", "style=beside shape=flat", false, 16, 30, myofascial,
     false},
    {"myofascial_release", "forearm", "hand=right shape=forearm", false, 16, 30, one_myofascial,
     false},
    {"myofascial_release", "palm", "hand=left shape=palm", true, 16, 30, one_myofascial, false},
    {"soft_tissue_release", "palm", "", false, 18, 30, release, false},
    {"soft_tissue_release", "fist", "shape=fist", false, 18, 30, release, false},
    {"soft_tissue_release", "knuckles", "style=knuckles shape=pads", false, 18, 30, release, false},
    {"soft_tissue_release", "heel_hand", "style=heel shape=hand", false, 18, 30, release, false},
    {"soft_tissue_release", "eased", "shape=pads", false, 20, 32, eased_release, false},
    {"soft_tissue_release", "heel", "shape=heel", true, 18, 30, release, false},
    {"muscle_energy", "flat", "", false, 36, 64, energy, false},
    {"muscle_energy", "palm", "shape=palm", false, 36, 64, energy, false},
    {"muscle_energy", "pads", "shape=pads", false, 36, 64, energy, false},
    {"muscle_energy", "slack", "shape=hand", false, 36, 64, slack_energy, false},
    {"muscle_energy", "two_hands", "hand=both shape=pads", false, 36, 64, slack_energy, false},
    {"muscle_energy", "heel", "shape=heel", true, 36, 64, energy, false},
    {"stretching", "palms", "", false, 14, 30, stretching, false},
    {"stretching", "heels", "shape=heel", false, 14, 30, stretching, false},
    {"stretching", "pads", "shape=pads", false, 14, 30, stretching, false},
    {"stretching", "hands", "shape=hand", false, 14, 30, stretching, false},
    {"stretching", "repeated", "shape=pads", false, 18, 32, stretches, false},
    {"stretching", "fists", "shape=fist", true, 14, 30, stretching, false},
};
const size_t virtual_recipe_n = sizeof virtual_recipes / sizeof *virtual_recipes;

enum { TECHNIQUES_MAX = 16 };

static double draw(struct pcg *draws, double low, double high)
{
    return low + (high - low) * pcg_uniform(draws);
}

static unsigned pick(struct pcg *draws, unsigned n)
{
    return (unsigned)(pcg_uniform(draws) * (double)n);
}

static bool serves(const struct virtual_recipe *recipe, enum virtual_styles styles, bool on_soft)
{
    if (recipe->on_soft != on_soft)
        return false;
    return styles == STYLES_ALL || recipe->for_testing == (styles == STYLES_TESTING);
}

/* A technique first, then one of its recipes, so that techniques come equally often. */
static unsigned pick_recipe(struct pcg *draws, enum virtual_styles styles, bool on_soft)
{
    unsigned first[TECHNIQUES_MAX], n_techniques = 0, fit[TECHNIQUES_MAX], n_fit = 0;
    for (unsigned i = 0; i < virtual_recipe_n; i++)
        if (virtual_recipes[i].on_soft == on_soft &&
            (n_techniques == 0 || strcmp(virtual_recipes[i].technique,
                                         virtual_recipes[first[n_techniques - 1]].technique) != 0))
            first[n_techniques++] = i;
    unsigned at = first[pick(draws, n_techniques)];
    const char *technique = virtual_recipes[at].technique;
    for (; at < virtual_recipe_n && strcmp(virtual_recipes[at].technique, technique) == 0; at++)
        if (serves(&virtual_recipes[at], styles, on_soft))
            fit[n_fit++] = at;
    return fit[pick(draws, n_fit)];
}

/* The end of a text that is being written. */
struct pen {
    char *at;
    size_t left;
};

__attribute__((format(printf, 2, 3))) static void put(struct pen *pen, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(pen->at, pen->left, format, arguments);
    va_end(arguments);
    if (n < 0 || (size_t)n >= pen->left)
        return;
    pen->at += n;
    pen->left -= (size_t)n;
}

void virtual_recipes_script(struct pcg *draws, enum virtual_styles styles,
                            enum virtual_surface surface, unsigned n_steps, unsigned *recipe_of,
                            char *out, size_t n_out)
{
    struct pen pen = {.left = n_out};
    pen.at = out;
    put(&pen, "rest %.1f\n", draw(draws, 1.2, 3));
    for (unsigned i = 0; i < n_steps; i++) {
        const struct virtual_recipe *r =
            &virtual_recipes[recipe_of[i] = pick_recipe(draws, styles, surface == SURFACE_SOFT)];
        put(&pen, "%s %.1f %s", r->technique, draw(draws, r->least_s, r->most_s), r->words);
        for (unsigned k = 0; r->bands[k].name; k++)
            put(&pen, " %s=%.2f", r->bands[k].name, draw(draws, r->bands[k].low, r->bands[k].high));
        put(&pen, " size=%.2f irregularity_pct=%.1f variation_pct=%.1f skew_pct=%.0f",
            draw(draws, 0.75, 1.3), draw(draws, 1, surface == SURFACE_SOFT ? 28 : 14),
            draw(draws, 2, surface == SURFACE_SOFT ? 40 : 20), draw(draws, -40, 40));
        if (pcg_uniform(draws) < 0.25)
            put(&pen, " hesitation_pct=%.0f", draw(draws, 2, 12));
        if (pcg_uniform(draws) < 0.6)
            put(&pen, " unrest_pct=%.1f sway_mm=%.1f", draw(draws, 1, 8), draw(draws, 0.2, 3));
        if (surface != SURFACE_GLOVE)
            put(&pen, " angle_deg=%.0f", draw(draws, -180, 180));
        put(&pen, "\n");
        if (pcg_uniform(draws) < 0.7)
            put(&pen, "rest %.1f\n", draw(draws, 1.2, 4));
    }
    put(&pen, "rest 2\n");
}
