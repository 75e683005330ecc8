/* SPDX-License-Identifier: MIT */
#include "scan_engine.h"

#include "core/scan.h"
#include "hardware/adc.h"
#include "hardware/clocks.h"
#include "hardware/gpio.h"
#include "hardware/irq.h"
#include "hardware/structs/systick.h"
#include "hardware/sync.h"
#include "hardware/timer.h"

#include "chip.h"
#include "port/port.h"
#include "scan_plan.h"

enum {
    FIRST_ADC_PIN = 26,
    LAST_ADC_PIN = 28,
    SUPPLY_PIN = 29, /* the Pico has VSYS / 3 here */
    SUPPLY_INPUT = 3,
    TEMPERATURE_INPUT = 4,
    ADC_MHZ = 48,
    SCAN_ALARM = 0,
    CHECK_SETTLE_NS = 50000, /* the check resistors' stage is slow: 715 kOhm */
    SOONEST_US = 2,          /* an alarm nearer than this might be missed */
    SCANS_A_READING = 64     /* every so many scans one housekeeping input is read */
};

static const uint8_t reading_inputs[] = {SUPPLY_INPUT, TEMPERATURE_INPUT};

static struct scan_plan plan;

/* What the converter's interrupt needs stands first, within reach of short instructions. */
static struct {
    const struct scan_slot *slot; /* that is being converted */
    const struct scan_slot *end;
    uint16_t *samples;       /* row-major, of the scan in progress */
    uint32_t due_cycles_q4;  /* SysTick's count when the slot's interrupt is due */
    uint32_t slot_cycles_q4; /* in 1/16: 2.5 us are 312.5 cycles */
    int32_t slack_cycles_q4;
    /* The converter's control word to run from an input; SCAN_PLAN_STOP: to run no more. */
    uint32_t cs[BOARD_MAX_ADC_INPUTS + 1];
    uint32_t n_skipped, n_taken;
    bool first;

    struct scan *scan;
    const struct board *board;
    uint32_t settle_cycles;
    unsigned n_until_reading, next_reading;
    volatile uint16_t readings[2];
    volatile bool running;
} engine;

/* SysTick counts the core's cycles down, 24 bits. */
static uint32_t cycles_since(uint32_t then)
{
    return (then - systick_hw->cvr) & 0xFFFFFFU;
}

static void wait_cycles(uint32_t n_cycles)
{
    uint32_t then = systick_hw->cvr;
    while (cycles_since(then) < n_cycles)
        ;
}

static uint32_t cycles_of(uint32_t ns)
{
    return (uint32_t)((uint64_t)ns * clock_get_hz(clk_sys) / 1000000000U);
}

static void arm(uint64_t due_ticks)
{
    uint32_t now = timer_hw->timerawl;
    uint32_t target = (uint32_t)due_ticks;
    if ((int32_t)(target - now) < (int32_t)SOONEST_US)
        target = now + SOONEST_US;
    timer_hw->alarm[SCAN_ALARM] = target;
}

/* A single conversion, waited for: 2 us. The line has been there all the time, so it is settled. */
static uint16_t convert_now(uint8_t input)
{
    adc_hw->cs = ADC_CS_EN_BITS | ADC_CS_TS_EN_BITS | (uint32_t)input << ADC_CS_AINSEL_LSB;
    wait_cycles(engine.settle_cycles);
    hw_set_bits(&adc_hw->cs, ADC_CS_START_ONCE_BITS);
    while (!(adc_hw->cs & ADC_CS_READY_BITS))
        ;
    return (uint16_t)adc_hw->result;
}

static void empty_fifo(void)
{
    while (!(adc_hw->fcs & ADC_FCS_EMPTY_BITS))
        (void)adc_hw->fifo;
    hw_set_bits(&adc_hw->fcs, ADC_FCS_OVER_BITS | ADC_FCS_UNDER_BITS);
}

static void end_scan(void)
{
    struct scan *scan = engine.scan;
    scan_end(scan, time_us_64());
    if (engine.n_until_reading-- == 0) {
        engine.n_until_reading = SCANS_A_READING - 1;
        hw_clear_bits(&adc_hw->fcs, ADC_FCS_EN_BITS);
        engine.readings[engine.next_reading] = convert_now(reading_inputs[engine.next_reading]);
        engine.next_reading ^= 1U;
        hw_set_bits(&adc_hw->fcs, ADC_FCS_EN_BITS);
    }
    arm(scan->pace.due_ticks);
    chip_wake();
}

/* How far the count has gone past what was due, in 1/16 cycle; it counts down, and wraps. */
static int32_t behind_q4(uint32_t due_cycles_q4, uint32_t now_cycles)
{
    return (int32_t)((due_cycles_q4 - (now_cycles << 4)) << 4) >> 4;
}

/* The slot has been converted. First of all the lines are stepped: every cycle until then is taken
 * from their time to settle. */
static void on_converted(void)
{
    const struct scan_slot *slot = engine.slot;
    sio_hw->gpio_togl = slot->toggle_pins;
    uint32_t now_cycles = systick_hw->cvr;
    adc_hw->cs = engine.cs[slot->next_input];

    for (uint32_t n = engine.n_skipped; n > 0; n--)
        (void)adc_hw->fifo;
    uint32_t counts = adc_hw->fifo;
    if (engine.n_taken == 2)
        counts = (counts + adc_hw->fifo + 1U) / 2U;
    if (slot->taxel != SCAN_PLAN_NO_TAXEL)
        engine.samples[slot->taxel] = (uint16_t)counts;

    if (engine.first) {
        engine.first = false;
        engine.due_cycles_q4 = now_cycles << 4;
    } else if (behind_q4(engine.due_cycles_q4, now_cycles) > engine.slack_cycles_q4) {
        scan_late(engine.scan);
    }
    engine.due_cycles_q4 -= engine.slot_cycles_q4;
    engine.slot = slot + 1;
    if (slot + 1 == engine.end)
        end_scan();
}

static void on_due(void)
{
    timer_hw->intr = 1U << SCAN_ALARM;
    gpio_put_masked(plan.all_pins, plan.first_pins);
    scan_begin(engine.scan, time_us_64(), gpio_get(engine.board->wiring.trigger_pin));
    engine.samples = scan_samples(engine.scan);
    engine.slot = plan.slots;
    engine.first = true;
    empty_fifo(); /* a conversion may have begun before the last scan could stop it */
    adc_hw->cs =
        ADC_CS_EN_BITS | ADC_CS_TS_EN_BITS | (engine.cs[plan.first_input] & ADC_CS_AINSEL_BITS);
    wait_cycles(engine.settle_cycles);
    adc_hw->cs = engine.cs[plan.first_input];
}

static void prepare_pins(const struct board *board)
{
    const struct board_wiring *wiring = &board->wiring;
    for (unsigned pin = 0; pin < 32; pin++) {
        if (!(plan.all_pins >> pin & 1U))
            continue;
        gpio_init(pin);
        gpio_set_dir(pin, GPIO_OUT);
    }
    gpio_init(wiring->trigger_pin);
    gpio_pull_down(wiring->trigger_pin);
    for (unsigned input = 0; input < board->n_adc_inputs; input++)
        adc_gpio_init(wiring->adc_pins[input]);
    adc_gpio_init(wiring->row_check_pin);
    adc_gpio_init(SUPPLY_PIN);
}

static bool is_adc_pin(uint8_t pin)
{
    return pin >= FIRST_ADC_PIN && pin <= LAST_ADC_PIN;
}

bool scan_engine_init(const struct board *board, const struct scan *scan)
{
    engine.board = board;
    if (!scan_plan_init(&plan, board, scan->order, scan->n_steps))
        return false;
    engine.cs[SCAN_PLAN_STOP] = ADC_CS_EN_BITS | ADC_CS_TS_EN_BITS;
    for (unsigned input = 0; input < board->n_adc_inputs; input++) {
        uint8_t pin = board->wiring.adc_pins[input];
        if (!is_adc_pin(pin))
            return false;
        engine.cs[input] = ADC_CS_EN_BITS | ADC_CS_TS_EN_BITS | ADC_CS_START_MANY_BITS |
                           (uint32_t)(pin - FIRST_ADC_PIN) << ADC_CS_AINSEL_LSB;
    }
    engine.settle_cycles = cycles_of(plan.settle_ns);
    unsigned n_conversions = plan.n_skipped + plan.n_taken;
    engine.slot_cycles_q4 = cycles_of(16U * plan.period_ns * n_conversions);
    engine.slack_cycles_q4 = (int32_t)cycles_of(16U * plan.slack_ns);
    engine.n_skipped = plan.n_skipped;
    engine.n_taken = plan.n_taken;
    systick_hw->rvr = 0xFFFFFFU;
    systick_hw->csr = M0PLUS_SYST_CSR_ENABLE_BITS | M0PLUS_SYST_CSR_CLKSOURCE_BITS;

    adc_init();
    prepare_pins(board);
    adc_set_temp_sensor_enabled(true);
    adc_fifo_setup(false, false, (uint16_t)n_conversions, false, false);
    adc_hw->div = (uint32_t)((uint64_t)plan.period_ns * ADC_MHZ * 256U / 1000U) - 256U;

    irq_set_exclusive_handler(ADC_IRQ_FIFO, on_converted);
    irq_set_priority(ADC_IRQ_FIFO, PICO_HIGHEST_IRQ_PRIORITY);
    unsigned alarm_irq = timer_hardware_alarm_get_irq_num(timer_hw, SCAN_ALARM);
    irq_set_exclusive_handler(alarm_irq, on_due);
    irq_set_priority(alarm_irq, PICO_HIGHEST_IRQ_PRIORITY);
    hw_set_bits(&timer_hw->inte, 1U << SCAN_ALARM);
    return true;
}

void port_scan_start(struct scan *scan)
{
    engine.scan = scan;
    engine.end = plan.slots + plan.n_slots;
    engine.slot = engine.end;
    engine.n_until_reading = 0;
    hw_set_bits(&adc_hw->fcs, ADC_FCS_EN_BITS);
    empty_fifo();
    adc_irq_set_enabled(true);
    engine.running = true;
    irq_set_enabled(ADC_IRQ_FIFO, true);
    irq_set_enabled(timer_hardware_alarm_get_irq_num(timer_hw, SCAN_ALARM), true);
    uint32_t before = save_and_disable_interrupts();
    arm(scan->pace.due_ticks);
    restore_interrupts(before);
}

void port_scan_stop(void)
{
    irq_set_enabled(timer_hardware_alarm_get_irq_num(timer_hw, SCAN_ALARM), false);
    irq_set_enabled(ADC_IRQ_FIFO, false);
    timer_hw->armed = 1U << SCAN_ALARM;
    timer_hw->intr = 1U << SCAN_ALARM;
    adc_irq_set_enabled(false);
    adc_hw->cs = engine.cs[SCAN_PLAN_STOP];
    while (!(adc_hw->cs & ADC_CS_READY_BITS))
        ;
    hw_clear_bits(&adc_hw->fcs, ADC_FCS_EN_BITS);
    empty_fifo();
    gpio_put_masked(plan.all_pins, 0);
    engine.running = false;
}

/* The pins of a row alone, its driver on. */
static uint32_t row_pins(uint16_t row)
{
    const struct board_wiring *wiring = &engine.board->wiring;
    uint32_t pins = 1U << wiring->row_enable_pin;
    for (unsigned i = 0; i < wiring->n_row_pins; i++)
        if (row >> i & 1)
            pins |= 1U << wiring->row_pins[i];
    return pins;
}

uint16_t port_row_check(uint16_t row)
{
    gpio_put_masked(plan.all_pins, row_pins(row));
    wait_cycles(cycles_of(CHECK_SETTLE_NS));
    uint16_t counts = convert_now((uint8_t)(engine.board->wiring.row_check_pin - FIRST_ADC_PIN));
    gpio_put_masked(plan.all_pins, 0);
    return counts;
}

uint16_t scan_engine_reading(enum scan_engine_reading which)
{
    if (!engine.running)
        engine.readings[which] = convert_now(reading_inputs[which]);
    return engine.readings[which];
}

uint32_t scan_engine_pause_us(void)
{
    if (!engine.running)
        return UINT32_MAX;
    uint32_t before = save_and_disable_interrupts();
    bool is_scanning = engine.slot != engine.end;
    uint32_t due_us = (uint32_t)engine.scan->pace.due_ticks;
    restore_interrupts(before);
    int32_t left_us = (int32_t)(due_us - timer_hw->timerawl);
    return is_scanning || left_us < 0 ? 0 : (uint32_t)left_us;
}
