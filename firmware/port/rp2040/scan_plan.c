/* SPDX-License-Identifier: MIT */
#include "scan_plan.h"

#include <string.h>

/* What the lines carry while the plan is made. */
struct lines {
    const struct board *board;
    uint32_t pins;                             /* high now */
    int row, col[BOARD_MAX_ADC_INPUTS];        /* selected; -1: none */
    uint16_t ready_slot[BOARD_MAX_ADC_INPUTS]; /* from this one on the input has settled */
    uint16_t n_settling;                       /* slots from a step to a settled line */
};

static uint32_t address_pins(const uint8_t *pins, uint8_t n_pins, unsigned address)
{
    uint32_t high = 0;
    for (uint8_t i = 0; i < n_pins; i++)
        if (address >> i & 1)
            high |= 1U << pins[i];
    return high;
}

static unsigned columns_an_input(const struct board *board)
{
    return (board->n_cols + board->n_adc_inputs - 1U) / board->n_adc_inputs;
}

static unsigned input_of(const struct board *board, unsigned col)
{
    return col / columns_an_input(board);
}

static uint32_t wanted_pins(const struct lines *lines)
{
    const struct board *board = lines->board;
    const struct board_wiring *wiring = &board->wiring;
    uint32_t high = address_pins(wiring->row_pins, wiring->n_row_pins, (unsigned)lines->row) |
                    1U << wiring->row_enable_pin;
    for (unsigned input = 0; input < board->n_adc_inputs; input++)
        if (lines->col[input] >= 0)
            high |= address_pins(wiring->col_pins[input], wiring->n_col_pins,
                                 (unsigned)lines->col[input] % columns_an_input(board));
    return high;
}

/* Select a place from `slot` on. */
static void select_place(struct lines *lines, struct scan_place place, uint16_t slot)
{
    unsigned input = input_of(lines->board, place.col);
    uint16_t ready = (uint16_t)(slot + lines->n_settling - 1U);
    if (lines->row != place.row) {
        lines->row = place.row;
        for (unsigned i = 0; i < lines->board->n_adc_inputs; i++)
            lines->ready_slot[i] = ready;
    }
    if (lines->col[input] != place.col) {
        lines->col[input] = place.col;
        lines->ready_slot[input] = ready;
    }
}

/* When `slot` begins, `step` is the next to be converted: it is selected; and so is the one after,
 * if it is the same row's and another input's. */
static void select_ahead(struct lines *lines, const struct scan_place *order, uint16_t n_steps,
                         uint16_t step, uint16_t slot)
{
    if (step >= n_steps)
        return;
    struct scan_place next = order[step];
    select_place(lines, next, slot);
    if (step + 1U >= n_steps)
        return;
    struct scan_place after = order[step + 1];
    if (after.row == next.row &&
        input_of(lines->board, after.col) != input_of(lines->board, next.col))
        select_place(lines, after, slot);
}

/* One input: the fewest conversions to skip that give the line its time to settle. Lines slower
 * than all the converter's queue can bridge are given a slower converter. */
static bool divide_step(struct scan_plan *plan, const struct board *board)
{
    uint32_t n_taken = board->n_oversample ? board->n_oversample : 1U;
    uint32_t used_ns = SCAN_PLAN_CONVERSION_NS + SCAN_PLAN_LATENCY_NS + board->settle_ns;
    uint32_t period_ns = SCAN_PLAN_PERIOD_NS;
    uint32_t n_until_settled = (used_ns + period_ns - 1U) / period_ns;
    if (n_until_settled + n_taken > SCAN_PLAN_FIFO + 1U) {
        n_until_settled = SCAN_PLAN_FIFO + 1U - n_taken;
        period_ns = (used_ns + n_until_settled - 1U) / n_until_settled;
    }
    if (n_taken > 2 || (n_until_settled - 1U + n_taken) * period_ns > board->step_ns)
        return false;
    plan->period_ns = period_ns;
    plan->n_skipped = (uint8_t)(n_until_settled - 1U);
    plan->n_taken = (uint8_t)n_taken;
    plan->slack_ns = n_until_settled * period_ns - used_ns;
    return true;
}

/* Two inputs: the slots that a stepped line needs, when one conversion is one slot. */
static bool pair_steps(struct scan_plan *plan, const struct board *board, uint16_t *n_settling)
{
    if (board->n_oversample > 1 || board->step_ns < SCAN_PLAN_CONVERSION_NS + SCAN_PLAN_LATENCY_NS)
        return false;
    uint32_t used_ns = SCAN_PLAN_CONVERSION_NS + SCAN_PLAN_LATENCY_NS + board->settle_ns;
    *n_settling = (uint16_t)((used_ns + board->step_ns - 1U) / board->step_ns);
    plan->period_ns = board->step_ns;
    plan->n_skipped = 0;
    plan->n_taken = 1;
    /* The converter's own input switch has to be set before the next conversion. */
    uint32_t settled_ns = *n_settling * board->step_ns - used_ns;
    uint32_t switched_ns = board->step_ns - SCAN_PLAN_CONVERSION_NS - SCAN_PLAN_LATENCY_NS;
    plan->slack_ns = settled_ns < switched_ns ? settled_ns : switched_ns;
    return true;
}

static uint32_t driven_pins(const struct board_wiring *wiring, unsigned n_inputs)
{
    uint32_t all =
        address_pins(wiring->row_pins, wiring->n_row_pins, ~0U) | 1U << wiring->row_enable_pin;
    for (unsigned input = 0; input < n_inputs; input++)
        all |= address_pins(wiring->col_pins[input], wiring->n_col_pins, ~0U);
    return all;
}

static struct scan_slot *add_slot(struct scan_plan *plan, uint16_t taxel)
{
    if (plan->n_slots == SCAN_PLAN_MAX_SLOTS)
        return NULL;
    struct scan_slot *slot = &plan->slots[plan->n_slots++];
    *slot = (struct scan_slot){.taxel = taxel};
    return slot;
}

/* Slots in which nothing but time passes, until the step's input has settled. */
static bool wait_until_settled(struct scan_plan *plan, const struct lines *lines, unsigned input)
{
    while (plan->n_slots < lines->ready_slot[input]) {
        struct scan_slot *slot = add_slot(plan, SCAN_PLAN_NO_TAXEL);
        if (!slot)
            return false;
        slot->next_input = (uint8_t)input;
    }
    return true;
}

bool scan_plan_init(struct scan_plan *plan, const struct board *board,
                    const struct scan_place *order, uint16_t n_steps)
{
    struct lines lines = {.board = board, .row = -1, .col = {-1, -1}, .n_settling = 1};
    if (n_steps == 0 || board->n_adc_inputs == 0 || board->n_adc_inputs > BOARD_MAX_ADC_INPUTS)
        return false;
    if (board->n_adc_inputs == 1 ? !divide_step(plan, board)
                                 : !pair_steps(plan, board, &lines.n_settling))
        return false;
    plan->settle_ns = board->settle_ns;
    plan->all_pins = driven_pins(&board->wiring, board->n_adc_inputs);
    plan->n_slots = 0;

    select_ahead(&lines, order, n_steps, 0, 0);
    memset(lines.ready_slot, 0, sizeof lines.ready_slot); /* the first slot waits for them */
    lines.pins = wanted_pins(&lines);
    plan->first_pins = lines.pins;
    plan->first_input = (uint8_t)input_of(board, order[0].col);

    for (uint16_t step = 0; step < n_steps; step++) {
        unsigned input = input_of(board, order[step].col);
        if (!wait_until_settled(plan, &lines, input))
            return false;
        struct scan_slot *slot =
            add_slot(plan, (uint16_t)(order[step].row * board->n_cols + order[step].col));
        if (!slot)
            return false;
        select_ahead(&lines, order, n_steps, (uint16_t)(step + 1U), plan->n_slots);
        bool last = step + 1U == n_steps;
        uint32_t pins = last ? 0 : wanted_pins(&lines); /* the array rests undriven */
        slot->toggle_pins = lines.pins ^ pins;
        slot->next_input = (uint8_t)(last ? SCAN_PLAN_STOP : input_of(board, order[step + 1].col));
        lines.pins = pins;
    }
    return true;
}

uint32_t scan_plan_duration_ns(const struct scan_plan *plan)
{
    uint32_t n_conversions = (uint32_t)plan->n_slots * (plan->n_skipped + plan->n_taken);
    return plan->settle_ns + n_conversions * plan->period_ns;
}
