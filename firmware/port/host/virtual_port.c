/* SPDX-License-Identifier: MIT */
#include "virtual_port.h"

#include <math.h>
#include <string.h>

enum {
    TICK_HZ = 1000000,
    NS_A_TICK = 1000,
    LATEST_TICKS = TICK_HZ, /* further behind than this, scans are given up */
    ROOM_CENTI_C = 2450,
    USB_MV = 5020
};

static struct virtual_port *the_port;

void virtual_port_init(struct virtual_port *port, const struct board *board,
                       struct stimulus *stimulus, struct fault_plan *faults)
{
    the_port = port;
    port->board = board;
    port->stimulus = stimulus;
    port->faults = faults;
    memset(port->flash, 0xff, sizeof port->flash);
    virtual_port_reset(port, false, true);
}

void virtual_port_reset(struct virtual_port *port, bool by_watchdog, bool power_lost)
{
    port->reset_ns = virtual_clock_now_ns(&port->clock);
    port->scan = NULL;
    port->was_watchdog = by_watchdog;
    port->wants_bootloader = false;
    port->identifying = false;
    if (power_lost)
        memset(port->words, 0, sizeof port->words);
}

static uint64_t scan_ticks(const struct scan *scan)
{
    return (uint64_t)scan->n_steps * scan->step_ticks_q8 >> 8;
}

int64_t virtual_port_due_ns(const struct virtual_port *port)
{
    if (!port->scan || fault_plan_active(port->faults, FAULT_HANG, NULL))
        return INT64_MAX;
    const struct scan *scan = port->scan;
    uint64_t end_ticks = scan->pace.due_ticks + scan_ticks(scan);
    return port->reset_ns + (int64_t)end_ticks * NS_A_TICK;
}

/* What faults of the array make of the samples. */
static void spoil(const struct virtual_port *port, double time_s)
{
    const struct board *board = port->board;
    uint16_t full_counts = (uint16_t)((1U << board->adc_bits) - 1U);
    uint16_t *counts = the_port->counts;
    size_t n_taxels = (size_t)board->n_rows * board->n_cols;
    const struct fault *fault = NULL;
    while ((fault = fault_plan_active(port->faults, FAULT_HUM, fault))) {
        double swing = 0.5 * fault->value * (1.0 + sin(2.0 * M_PI * 50.0 * time_s));
        for (size_t i = 0; i < n_taxels; i++)
            counts[i] = (uint16_t)fmin(counts[i] + round(swing), full_counts);
    }
    while ((fault = fault_plan_active(port->faults, FAULT_TAXEL_STUCK, fault)))
        if ((size_t)fault->value < n_taxels && counts[(size_t)fault->value] < fault->second)
            counts[(size_t)fault->value] = (uint16_t)fmin(fault->second, full_counts);
    while ((fault = fault_plan_active(port->faults, FAULT_COLUMN_SHORT, fault)))
        for (size_t i = (size_t)fault->value; fault->value < board->n_cols && i < n_taxels;
             i += board->n_cols)
            counts[i] = full_counts;
    while ((fault = fault_plan_active(port->faults, FAULT_ROW_OPEN, fault)))
        if (fault->value < board->n_rows)
            memset(counts + (size_t)fault->value * board->n_cols, 0,
                   board->n_cols * sizeof *counts);
}

void virtual_port_scan(struct virtual_port *port)
{
    struct scan *scan = port->scan;
    uint64_t start_ticks = scan->pace.due_ticks;
    uint64_t now_ticks = port_ticks();
    if (now_ticks > start_ticks + LATEST_TICKS)
        start_ticks = now_ticks;
    double time_s = (double)(port->reset_ns + (int64_t)start_ticks * NS_A_TICK) * 1e-9;
    scan_begin(scan, start_ticks, fault_plan_active(port->faults, FAULT_TRIGGER, NULL) != NULL);
    enum thenar_status status = port->stimulus->sample(port->stimulus, time_s, port->counts);
    port->is_over = status == THENAR_END;
    if (status == THENAR_PENDING || (port->is_over && port->stops_at_end))
        return; /* a pause of the recording, or its end: a scan that nobody sees */
    spoil(port, time_s);

    const struct fault *late = fault_plan_active(port->faults, FAULT_LATE, NULL);
    uint16_t n_late = late ? (uint16_t)late->value : 0;
    uint64_t behind_ticks = 4U * (scan->step_ticks_q8 >> 8) + 4U;
    for (uint16_t step = 0; step < scan->n_steps; step++) {
        struct scan_place place = scan_place(scan);
        uint64_t ticks = start_ticks + ((step + 1U) * scan->step_ticks_q8 >> 8);
        scan_put(scan, port->counts[(size_t)place.row * scan->n_cols + place.col],
                 step < n_late ? ticks + behind_ticks : ticks);
    }
    scan_end(scan, start_ticks + scan_ticks(scan));
}

uint32_t port_tick_hz(void)
{
    return TICK_HZ;
}

uint64_t port_ticks(void)
{
    return (uint64_t)(virtual_clock_now_ns(&the_port->clock) - the_port->reset_ns) / NS_A_TICK;
}

void port_scan_start(struct scan *scan)
{
    the_port->scan = scan;
}

void port_scan_stop(void)
{
    the_port->scan = NULL;
}

uint16_t port_row_check(uint16_t row)
{
    const struct fault *open = NULL;
    while ((open = fault_plan_active(the_port->faults, FAULT_ROW_OPEN, open)))
        if ((uint16_t)open->value == row)
            return 0;
    return the_port->board->row_check_counts;
}

/* The sensor of the real glove, on the virtual one. */
uint8_t port_aux_channels(struct thenar_aux_channel channels[THENAR_MAX_AUX])
{
    if (!the_port->stimulus->motion)
        return 0;
    lsm6ds3_channels(channels);
    return LSM6DS3_N_CHANNELS;
}

static int32_t steps_of(float value, const struct thenar_aux_channel *channel)
{
    double steps = round((double)value * 1e9 / channel->scale_nano);
    return (int32_t)fmin(fmax(steps, INT16_MIN), INT16_MAX);
}

static void convert(const struct stimulus_motion *motion)
{
    struct thenar_aux_channel channels[THENAR_MAX_AUX];
    lsm6ds3_channels(channels);
    int64_t at_ns = (int64_t)(motion->time_s * 1e9) - the_port->reset_ns;
    for (unsigned i = 0; i < LSM6DS3_N_CHANNELS; i++) {
        struct thenar_aux_sample *sample = &the_port->motion[i];
        const float *values = i == 0 ? motion->acceleration_m_s2 : motion->angular_rate_rad_s;
        *sample = (struct thenar_aux_sample){.ticks = (uint64_t)(at_ns > 0 ? at_ns : 0) / NS_A_TICK,
                                             .id = channels[i].id,
                                             .n_values = channels[i].n_values};
        for (unsigned k = 0; k < 3; k++)
            sample->values[k] = steps_of(values[k], &channels[i]);
    }
    the_port->n_motion = LSM6DS3_N_CHANNELS;
}

bool port_aux_read(struct thenar_aux_sample *sample)
{
    struct stimulus *stimulus = the_port->stimulus;
    struct stimulus_motion motion;
    if (the_port->n_motion == 0 && stimulus->motion && stimulus->motion(stimulus, &motion))
        convert(&motion);
    if (the_port->n_motion == 0)
        return false;
    *sample = the_port->motion[LSM6DS3_N_CHANNELS - the_port->n_motion--];
    return true;
}

bool port_link_is_open(void)
{
    return virtual_link_is_open(&the_port->link);
}

size_t port_link_read(uint8_t *bytes, size_t n_space)
{
    return virtual_link_read(&the_port->link, bytes, n_space);
}

size_t port_link_write(const uint8_t *bytes, size_t n_bytes)
{
    if (n_bytes == 0 || busy_bus_holds(&the_port->bus, virtual_clock_now_ns(&the_port->clock)))
        return 0;
    return virtual_link_write(&the_port->link, bytes, n_bytes);
}

bool port_flash_read(unsigned slot, uint8_t *bytes, size_t n_bytes)
{
    if (slot >= PORT_FLASH_SLOTS || n_bytes > PORT_FLASH_SLOT_BYTES)
        return false;
    memcpy(bytes, the_port->flash[slot], n_bytes);
    return true;
}

bool port_flash_write(unsigned slot, const uint8_t *bytes, size_t n_bytes)
{
    if (slot >= PORT_FLASH_SLOTS || n_bytes > PORT_FLASH_SLOT_BYTES ||
        fault_plan_active(the_port->faults, FAULT_FLASH, NULL))
        return false;
    memset(the_port->flash[slot], 0xff, PORT_FLASH_SLOT_BYTES);
    memcpy(the_port->flash[slot], bytes, n_bytes);
    return true;
}

uint32_t port_word_read(enum port_word word)
{
    return the_port->words[word];
}

void port_word_write(enum port_word word, uint32_t value)
{
    the_port->words[word] = value;
}

bool port_was_watchdog_reset(void)
{
    return the_port->was_watchdog;
}

void port_watchdog_feed(void)
{
    /* A process that hangs is its parent's to end. */
}

int16_t port_temperature_centi_c(void)
{
    return ROOM_CENTI_C;
}

uint16_t port_supply_mv(void)
{
    const struct fault *fault = fault_plan_active(the_port->faults, FAULT_SUPPLY, NULL);
    return fault ? (uint16_t)fault->value : USB_MV;
}

void port_identify(bool on)
{
    the_port->identifying = on;
}

/* Nothing is to be loaded: the main loop lets the device leave and come back. */
bool port_bootloader(void)
{
    the_port->wants_bootloader = true;
    return true;
}
