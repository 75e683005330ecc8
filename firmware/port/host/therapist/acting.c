/* SPDX-License-Identifier: MIT */
#include "therapist/acting.h"

#include <math.h>

#include "therapist/ease.h"

/* Times of the hands themselves, besides their cycles. */
static const double approach_s = 0.4; /* through the air to the place */
static const double lay_on_s = 0.4;   /* onto the skin, before the first cycle */
static const double lift_s = 0.35;    /* off it, after the last */
static const double leave_s = 0.15;   /* away, before the next step */

enum { STEP_STREAM = 1000, TRACE_POINTS = 64 };

static bool is_held(const struct step *step)
{
    return step->move->held || step->value[PARAM_RETURN_PCT] > 0.0F;
}

double acting_budget_s(const struct step *step)
{
    if (step->move->stands)
        return step->duration_s;
    double spent_s = approach_s + leave_s + (is_held(step) ? lay_on_s + lift_s : 0.0);
    return step->duration_s - spent_s;
}

static const struct step *current_step(const struct acting *acting)
{
    return &acting->script->steps[acting->step_index];
}

unsigned acting_hands(const struct acting *acting)
{
    return current_step(acting)->hands;
}

/* A factor about 1, as trained as the hand is. */
static double vary(struct pcg *draws, float pct)
{
    double drawn = pcg_gauss_within(draws, 2.5); /* drawn always, so that streams keep step */
    return fmax(0.3, 1.0 + (double)pct / 100.0 * drawn);
}

static void draw_cycle(struct acting *acting, double start_s, bool first)
{
    const struct step *step = current_step(acting);
    const float *value = step->value;
    const struct move *move = step->move;
    struct acting_cycle *cycle = &acting->cycle;
    struct acting_cycle before = *cycle;
    double budget_s = acting_budget_s(step);
    double stretch = vary(&acting->draws, value[PARAM_IRREGULARITY_PCT]);
    double press = vary(&acting->draws, value[PARAM_VARIATION_PCT]);
    double aside_x = pcg_gauss_within(&acting->draws, 2.0);
    double aside_y = pcg_gauss_within(&acting->draws, 2.0);

    /* Now and then a hand waits, or loses its beat: drawn only where a script asks for it, so that
     * older scripts give what they gave. */
    if (value[PARAM_HESITATION_PCT] > 0.0F &&
        pcg_uniform(&acting->draws) < (double)value[PARAM_HESITATION_PCT] / 100.0)
        stretch *= 1.4 + 1.2 * pcg_uniform(&acting->draws);

    cycle->plan = move->plan(step, budget_s);
    cycle->plan.period_s *= stretch;
    cycle->plan.contact_s *= stretch;
    if (first && cycle->plan.contact_s > budget_s)
        cycle->plan.contact_s = budget_s;
    cycle->plan.period_s = fmax(cycle->plan.period_s, cycle->plan.contact_s);
    cycle->start_s = start_s;
    cycle->index = first ? 0 : before.index + 1;
    float x_mm = acting->stage.centre_x_mm + move->place_x * acting->stage.half_x_mm;
    float y_mm = acting->stage.centre_y_mm + move->place_y * acting->stage.half_y_mm;
    x_mm = isnan(value[PARAM_X_MM]) ? x_mm : value[PARAM_X_MM];
    y_mm = isnan(value[PARAM_Y_MM]) ? y_mm : value[PARAM_Y_MM];
    cycle->x_mm = x_mm + value[PARAM_WANDER_MM] * (float)aside_x;
    cycle->y_mm = y_mm + value[PARAM_WANDER_MM] * (float)aside_y;
    cycle->force_n = value[PARAM_FORCE_N] * (float)press;
    /* Hands that stay on slide over from the last cycle's place and force. */
    bool joined = is_held(step) && !first;
    cycle->from_x_mm = joined ? before.x_mm : cycle->x_mm;
    cycle->from_y_mm = joined ? before.y_mm : cycle->y_mm;
    cycle->from_force_n = joined ? before.force_n : cycle->force_n;
}

static void begin_step(struct acting *acting, double start_s)
{
    const struct step *step = current_step(acting);
    acting->step_start_s = start_s;
    acting->sum = (struct truth_sum){0};
    acting->hands_on_s = start_s + (step->move->stands ? 0.0 : approach_s);
    acting->hands_off_s = HUGE_VAL;
    if (!step->move->plan) {
        acting->state = ACTING_DONE;
        return;
    }
    /* Every round has new draws: 2^64 over the golden ratio keeps the seeds of neighbours apart. */
    pcg_init(&acting->draws, acting->seed + acting->n_loops * UINT64_C(0x9E3779B97F4A7C15),
             STEP_STREAM + acting->step_index);
    /* Physiological tremor, 8-12 Hz, and the slow drift of a tiring arm. */
    acting->unrest.tremor_hz = 8.0 + 4.0 * pcg_uniform(&acting->draws);
    acting->unrest.tremor_turn = pcg_uniform(&acting->draws);
    acting->unrest.drift_hz = 0.05 + 0.1 * pcg_uniform(&acting->draws);
    acting->unrest.drift_turn = pcg_uniform(&acting->draws);
    double first_s = acting->hands_on_s + (is_held(step) ? lay_on_s : 0.0);
    acting->budget_end_s = first_s + acting_budget_s(step);
    acting->state = ACTING_CYCLES;
    draw_cycle(acting, first_s, true);
}

void acting_init(struct acting *acting, const struct therapist_script *script,
                 const struct stage *stage, uint64_t seed, bool loop, struct truth_log *truth)
{
    *acting = (struct acting){
        .script = script, .stage = *stage, .seed = seed, .loop = loop, .truth = truth};
    begin_step(acting, 0.0);
}

/* Force and place between the last cycle's and this one's. */
static struct moment moment_at(const struct acting *acting, double time_s)
{
    const struct acting_cycle *cycle = &acting->cycle;
    double in_s = fmin(fmax(time_s - cycle->start_s, 0.0), cycle->plan.period_s);
    /* A hand that lingers in one half of its cycle. */
    double skew = (double)current_step(acting)->value[PARAM_SKEW_PCT] / 100.0;
    if (skew != 0.0)
        in_s += skew * cycle->plan.period_s / (2.0 * M_PI) *
                sin(2.0 * M_PI * in_s / cycle->plan.period_s);
    float share = (float)ease(in_s / cycle->plan.period_s);
    return (struct moment){
        .step = current_step(acting),
        .stage = &acting->stage,
        .plan = cycle->plan,
        .time_s = in_s,
        .index = cycle->index,
        .x_mm = cycle->from_x_mm + share * (cycle->x_mm - cycle->from_x_mm),
        .y_mm = cycle->from_y_mm + share * (cycle->y_mm - cycle->from_y_mm),
        .force_n = cycle->from_force_n + share * (cycle->force_n - cycle->from_force_n),
    };
}

/* Laying on, lifting, and what no hand can help: tremor and drift. */
static float unsteadiness(const struct acting *acting, double time_s)
{
    const struct step *step = current_step(acting);
    double in_s = time_s - acting->step_start_s;
    double human = (double)step->value[PARAM_VARIATION_PCT] / 8.0;
    double factor =
        1.0 + human * (0.006 * sin(2.0 * M_PI *
                                   (acting->unrest.tremor_hz * in_s + acting->unrest.tremor_turn)) +
                       0.025 * sin(2.0 * M_PI *
                                   (acting->unrest.drift_hz * in_s + acting->unrest.drift_turn)));
    if (is_held(step))
        factor *= ease((time_s - acting->hands_on_s) / lay_on_s) *
                  ease((acting->hands_off_s - time_s) / lift_s);
    return (float)factor;
}

void acting_pose(const struct acting *acting, double time_s, struct pose *pose)
{
    *pose = (struct pose){.tracked_hand = -1};
    if (acting->over || !current_step(acting)->move->plan || time_s < acting->hands_on_s ||
        time_s >= acting->hands_off_s)
        return;
    struct moment moment = moment_at(acting, time_s);
    if (!is_held(moment.step) &&
        (time_s < acting->cycle.start_s || moment.time_s >= moment.plan.contact_s))
        return;
    moment.step->move->pose(&moment, pose);
    float factor = unsteadiness(acting, time_s);
    for (unsigned i = 0; i < pose->n_lobes; i++)
        pose->lobes[i].force_n *= factor;
    unrest_apply(&acting->unrest, moment.step, time_s - acting->step_start_s, pose);
}

struct trace_point {
    double force_n, x_mm, y_mm;
};

static struct trace_point trace(const struct acting *acting, double time_s)
{
    struct pose pose;
    struct trace_point point = {0};
    double tracked_n = 0.0;
    acting_pose(acting, time_s, &pose);
    for (unsigned i = 0; i < pose.n_lobes; i++) {
        const struct lobe *lobe = &pose.lobes[i];
        double force_n = (double)lobe->force_n;
        point.force_n += force_n;
        if (pose.tracked_hand >= 0 && pose.tracked_hand != lobe->hand)
            continue;
        tracked_n += force_n;
        point.x_mm += force_n * (double)lobe->x_mm;
        point.y_mm += force_n * (double)lobe->y_mm;
    }
    const struct stage *stage = &acting->stage;
    double puck_n = (double)pose.puck.force_n;
    double even_n = 4e-3 * (double)(pose.even_kpa * stage->half_x_mm * stage->half_y_mm);
    point.force_n += puck_n + even_n;
    tracked_n += puck_n + even_n;
    point.x_mm += puck_n * (double)pose.puck.x_mm + even_n * (double)stage->centre_x_mm;
    point.y_mm += puck_n * (double)pose.puck.y_mm + even_n * (double)stage->centre_y_mm;
    point.x_mm = tracked_n > 0.0 ? point.x_mm / tracked_n : nan("");
    point.y_mm = tracked_n > 0.0 ? point.y_mm / tracked_n : nan("");
    return point;
}

/* What the cycle came to, from its own course and not from when anyone looked. */
static struct truth_cycle measure(const struct acting *acting)
{
    const struct acting_cycle *cycle = &acting->cycle;
    const struct step *step = current_step(acting);
    struct truth_cycle truth = {.hands = step->hands,
                                .start_s = cycle->start_s,
                                .end_s = cycle->start_s + cycle->plan.contact_s};
    if (step->move->alternates && step->hands == HANDS_BOTH)
        truth.hands = cycle->index % 2 ? HANDS_LEFT : HANDS_RIGHT;
    struct trace_point first = {nan(""), nan(""), nan("")}, last = first;
    double least_n = 0.02 * (double)cycle->force_n; /* below that there is no place to speak of */
    for (int i = 0; i < TRACE_POINTS; i++) {
        double share = (i + 0.5) / TRACE_POINTS;
        struct trace_point point = trace(acting, cycle->start_s + share * cycle->plan.contact_s);
        truth.mean_force_n += point.force_n / TRACE_POINTS;
        truth.peak_force_n = fmax(truth.peak_force_n, point.force_n);
        if (point.force_n < least_n || isnan(point.x_mm))
            continue;
        if (isnan(first.x_mm))
            first = point;
        else
            truth.path_mm += hypot(point.x_mm - last.x_mm, point.y_mm - last.y_mm);
        last = point;
    }
    double dx = last.x_mm - first.x_mm, dy = last.y_mm - first.y_mm;
    truth.direction_deg = hypot(dx, dy) < 5.0 ? nan("") : atan2(dy, dx) * 180.0 / M_PI;
    return truth;
}

static void end_cycle(struct acting *acting)
{
    const struct step *step = current_step(acting);
    struct truth_cycle truth = measure(acting);
    truth_sum_add(&acting->sum, &truth, acting->cycle.plan.period_s);
    truth_log_cycle(acting->truth, step, &truth);
}

/* The cycle ran out: the next, or hands off. */
static void next_cycle(struct acting *acting)
{
    const struct step *step = current_step(acting);
    struct acting_cycle done = acting->cycle;
    double end_s = done.start_s + done.plan.period_s;
    end_cycle(acting);
    draw_cycle(acting, end_s, false);
    if (acting->cycle.start_s + acting->cycle.plan.contact_s <= acting->budget_end_s)
        return;
    acting->cycle = done;
    acting->state = ACTING_DONE;
    acting->hands_off_s = is_held(step) ? end_s + lift_s : done.start_s + done.plan.contact_s;
}

static void end_step(struct acting *acting, double end_s)
{
    const struct step *step = current_step(acting);
    if (!step->move->plan)
        truth_log_step(acting->truth, step, acting->step_start_s, end_s, &acting->sum);
    else
        truth_log_step(acting->truth, step, acting->hands_on_s, fmin(acting->hands_off_s, end_s),
                       &acting->sum);
}

void acting_advance(struct acting *acting, double time_s)
{
    while (!acting->over) {
        double step_end_s = acting->step_start_s + current_step(acting)->duration_s;
        double cycle_end_s = acting->cycle.start_s + acting->cycle.plan.period_s;
        if (acting->state == ACTING_CYCLES && cycle_end_s <= step_end_s) {
            if (time_s < cycle_end_s)
                return;
            next_cycle(acting);
            continue;
        }
        if (time_s < step_end_s)
            return;
        if (acting->state == ACTING_CYCLES) {
            end_cycle(acting);
            acting->hands_off_s = acting->cycle.start_s + acting->cycle.plan.contact_s;
        }
        end_step(acting, step_end_s);
        if (acting->step_index + 1 == acting->script->n_steps) {
            acting->over = !acting->loop;
            if (acting->over)
                return;
            acting->n_loops++;
            acting->step_index = 0;
        } else {
            acting->step_index++;
        }
        begin_step(acting, step_end_s);
    }
}

void acting_stop(struct acting *acting, double time_s)
{
    if (!acting->over && time_s > acting->hands_on_s)
        end_step(acting, time_s);
    acting->over = true;
}
