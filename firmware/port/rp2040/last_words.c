/* SPDX-License-Identifier: MIT */
#include "last_words.h"

#include "hardware/irq.h"
#include "hardware/timer.h"

#include "link/cobs.h"
#include "link/report.h"
#include "link/stream.h"
#include "port/port.h"
#include "usb_link.h"

enum {
    LAST_WORDS_ALARM = 2,
    PATIENCE_US = 300000,
    FAULT_BYTES = 14,
    MESSAGE_BYTES = 1 + FAULT_BYTES + 4,
    WIRE_BYTES = THENAR_COBS_MAX_BYTES(MESSAGE_BYTES) + 2
};

static volatile uint32_t postponed_us;

void last_words_postpone(void)
{
    uint32_t now = timer_hw->timerawl;
    postponed_us = now;
    timer_hw->alarm[LAST_WORDS_ALARM] = now + PATIENCE_US;
}

static void on_silence(void)
{
    timer_hw->intr = 1U << LAST_WORDS_ALARM;
    uint32_t silent_us = timer_hw->timerawl - postponed_us;
    if (silent_us < PATIENCE_US)
        return;
    port_scan_stop();
    port_word_write(PORT_WORD_FAULT, THENAR_FAULT_WATCHDOG);

    struct thenar_fault fault = {
        .ticks = port_ticks(), .code = THENAR_FAULT_WATCHDOG, .detail = silent_us};
    uint8_t message[MESSAGE_BYTES], wire[WIRE_BYTES];
    size_t n_body, n_wire;
    if (thenar_fault_encode(&fault, message + 1, FAULT_BYTES, &n_body) == THENAR_OK &&
        thenar_stream_wrap(THENAR_MESSAGE_FAULT, message, n_body, wire, sizeof wire, &n_wire) ==
            THENAR_OK)
        usb_link_last_words(wire, n_wire);
}

void last_words_init(void)
{
    unsigned irq = timer_hardware_alarm_get_irq_num(timer_hw, LAST_WORDS_ALARM);
    irq_set_exclusive_handler(irq, on_silence);
    irq_set_priority(irq, PICO_LOWEST_IRQ_PRIORITY);
    irq_set_enabled(irq, true);
    hw_set_bits(&timer_hw->inte, 1U << LAST_WORDS_ALARM);
    last_words_postpone();
}
