/* SPDX-License-Identifier: MIT */
#include "therapist/hand_motion.h"

#include <math.h>
#include <string.h>

static const double step_s = 1.0 / HAND_MOTION_RATE_HZ;
/* Choices of this model. */
static const double spring_rad_s = 50.0; /* 8 Hz: faster than hands strike */
static const double reach_m_s = 0.8;     /* of an arm that goes elsewhere */
static const double depth_m_n = 0.0002;  /* of flesh, a newton */
static const double deepest_m = 0.02;
static const double above_m = 0.03;     /* the skin, of a hand in the air */
static const double lean_rad_m_s = 0.6; /* the faster it glides, the more it leans */
static const double gravity_m_s2 = 9.80665;
static const double noise_m_s2 = 0.02, noise_rad_s = 0.003;

enum { NOISE_SEED = 208, NOISE_STREAM = 1 };

void hand_motion_init(struct hand_motion *motion)
{
    memset(motion, 0, sizeof *motion);
    pcg_init(&motion->noise, NOISE_SEED, NOISE_STREAM);
}

/* Critically damped: x'' = w^2 (target - x) - 2 w x'. */
static void draw_after(struct hand_coordinate *coordinate, double target)
{
    coordinate->acceleration = spring_rad_s * spring_rad_s * (target - coordinate->at) -
                               2.0 * spring_rad_s * coordinate->speed;
    coordinate->speed += coordinate->acceleration * step_s;
    coordinate->at += coordinate->speed * step_s;
}

/* Where the pose has the hand; one that touches nothing hangs above where it was. */
static void find_hand(const struct hand_motion *motion, const struct pose *pose, unsigned hands,
                      double wanted[3])
{
    unsigned worn = hands & HANDS_RIGHT ? HAND_RIGHT : HAND_LEFT;
    double force_n = 0.0, x_mm = 0.0, y_mm = 0.0;
    for (unsigned i = 0; i < pose->n_lobes; i++) {
        const struct lobe *lobe = &pose->lobes[i];
        if (lobe->hand != worn)
            continue;
        force_n += (double)lobe->force_n;
        x_mm += (double)(lobe->force_n * lobe->x_mm);
        y_mm += (double)(lobe->force_n * lobe->y_mm);
    }
    if (force_n > 0.0) {
        wanted[0] = x_mm / force_n * 1e-3;
        wanted[1] = y_mm / force_n * 1e-3;
        wanted[2] = fmin(force_n * depth_m_n, deepest_m);
    } else {
        wanted[0] = motion->wanted[0];
        wanted[1] = motion->wanted[1];
        wanted[2] = -above_m;
    }
}

static struct stimulus_motion *keep(struct hand_motion *motion)
{
    if (motion->n_kept == HAND_MOTION_KEPT) {
        motion->oldest = (motion->oldest + 1) % HAND_MOTION_KEPT;
        motion->n_kept--;
    }
    return &motion->kept[(motion->oldest + motion->n_kept++) % HAND_MOTION_KEPT];
}

/* The hand lies palm down, its fingers to the body's head: so its x is the body's -x, its y the
 * body's y, and its z, from palm to back, is up. */
static void sense(struct hand_motion *motion)
{
    const struct hand_coordinate *place = motion->place, *lean = motion->lean;
    struct stimulus_motion *sample = keep(motion);
    const double felt[3] = {-place[0].acceleration - gravity_m_s2 * sin(lean[1].at),
                            place[1].acceleration + gravity_m_s2 * sin(lean[0].at),
                            -place[2].acceleration +
                                gravity_m_s2 * cos(lean[0].at) * cos(lean[1].at)};
    const double turned[3] = {lean[0].speed, lean[1].speed, 0.0};
    sample->time_s = (double)motion->n_steps * step_s;
    for (unsigned i = 0; i < 3; i++) {
        sample->acceleration_m_s2[i] = (float)(felt[i] + noise_m_s2 * pcg_gauss(&motion->noise));
        sample->angular_rate_rad_s[i] =
            (float)(turned[i] + noise_rad_s * pcg_gauss(&motion->noise));
    }
}

static void step(struct hand_motion *motion, const double wanted[3])
{
    const double most = reach_m_s * step_s;
    for (unsigned i = 0; i < 3; i++) {
        double way = wanted[i] - motion->target[i];
        motion->target[i] += i < 2 ? fmin(fmax(way, -most), most) : way;
        draw_after(&motion->place[i], motion->target[i]);
    }
    draw_after(&motion->lean[0], -lean_rad_m_s * motion->place[1].speed);
    draw_after(&motion->lean[1], -lean_rad_m_s * motion->place[0].speed);
    motion->n_steps++;
    sense(motion);
}

void hand_motion_follow(struct hand_motion *motion, const struct pose *pose, unsigned hands,
                        double time_s)
{
    double wanted[3];
    find_hand(motion, pose, hands, wanted);
    if (!motion->started) {
        motion->started = true;
        motion->time_s = time_s;
        memcpy(motion->wanted, wanted, sizeof wanted);
        for (unsigned i = 0; i < 3; i++)
            motion->target[i] = motion->place[i].at = wanted[i];
    }
    double from_s = motion->time_s, span_s = time_s - from_s;
    for (double at_s; (at_s = (double)(motion->n_steps + 1) * step_s) <= time_s;) {
        double share = span_s > 0.0 ? fmax(at_s - from_s, 0.0) / span_s : 1.0, between[3];
        for (unsigned i = 0; i < 3; i++)
            between[i] = motion->wanted[i] + share * (wanted[i] - motion->wanted[i]);
        step(motion, between);
    }
    memcpy(motion->wanted, wanted, sizeof wanted);
    motion->time_s = time_s;
}

bool hand_motion_take(struct hand_motion *motion, struct stimulus_motion *sample)
{
    if (motion->n_kept == 0)
        return false;
    *sample = motion->kept[motion->oldest];
    motion->oldest = (motion->oldest + 1) % HAND_MOTION_KEPT;
    motion->n_kept--;
    return true;
}
