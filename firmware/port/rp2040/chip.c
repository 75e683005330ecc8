/* SPDX-License-Identifier: MIT */
#include "chip.h"

#include <string.h>

#include "hardware/gpio.h"
#include "hardware/irq.h"
#include "hardware/structs/watchdog.h"
#include "hardware/sync.h"
#include "hardware/timer.h"
#include "hardware/watchdog.h"
#include "pico/bootrom.h"
#include "pico/unique_id.h"

#include "port/port.h"
#include "scan_engine.h"
#include "usb_link.h"

enum {
    TICK_HZ = 1000000,
    WATCHDOG_MS = 500,
    NAP_ALARM = 1,
    NAP_US = 2000,
    BLINK_TICKS_LOG2 = 18, /* light changes each 0.26 s */
    /* VSYS behind the Pico's diode, through a divider by 3, against 3.3 V. The diode's drop is
     * added, so that what is told and checked is what the cable brings. */
    SUPPLY_FULL_MV = 9900,
    DIODE_MV = 300,
    FULL_COUNTS = 4096
};

static uint8_t led_pin;
static bool blinking;
static volatile bool awake;

/* --- time, sleep ----------------------------------------------------------------------------- */

uint32_t port_tick_hz(void)
{
    return TICK_HZ;
}

uint64_t port_ticks(void)
{
    return time_us_64();
}

void chip_wake(void)
{
    awake = true;
}

static void on_nap_over(void)
{
    timer_hw->intr = 1U << NAP_ALARM;
    chip_wake();
}

void chip_sleep(void)
{
    timer_hw->alarm[NAP_ALARM] = timer_hw->timerawl + NAP_US;
    for (;;) {
        /* With interrupts masked none can slip in between the look and the sleep; a pending one
         * ends the sleep, and is served when they are allowed again. */
        uint32_t before = save_and_disable_interrupts();
        bool is_awake = awake;
        if (!is_awake)
            __wfi();
        restore_interrupts(before);
        if (is_awake)
            break;
    }
    awake = false;
    timer_hw->armed = 1U << NAP_ALARM;
}

/* --- what lasts over a reset ------------------------------------------------------------------ */

/* The watchdog's scratch registers 0 to 3 are ours, 4 to 7 the boot ROM's. */
uint32_t port_word_read(enum port_word word)
{
    return watchdog_hw->scratch[word];
}

void port_word_write(enum port_word word, uint32_t value)
{
    watchdog_hw->scratch[word] = value;
}

/* --- health ----------------------------------------------------------------------------------- */

bool port_was_watchdog_reset(void)
{
    return watchdog_enable_caused_reboot();
}

void port_watchdog_feed(void)
{
    watchdog_update();
    if (blinking)
        gpio_put(led_pin, timer_hw->timerawl >> BLINK_TICKS_LOG2 & 1);
}

/* Datasheet 4.9.5: 27 degrees at 0.706 V, -1.721 mV a degree, against 3.3 V. */
int16_t port_temperature_centi_c(void)
{
    int32_t microvolts =
        (int32_t)scan_engine_reading(SCAN_ENGINE_TEMPERATURE) * (3300000 / FULL_COUNTS);
    return (int16_t)(2700 - (microvolts - 706000) * 100 / 1721);
}

uint16_t port_supply_mv(void)
{
    uint32_t counts = scan_engine_reading(SCAN_ENGINE_SUPPLY);
    return counts ? (uint16_t)(counts * SUPPLY_FULL_MV / FULL_COUNTS + DIODE_MV) : 0;
}

void port_identify(bool on)
{
    blinking = on;
    gpio_put(led_pin, on);
}

bool port_bootloader(void)
{
    usb_link_leave();
    reset_usb_boot(1U << led_pin, 0);
    return true;
}

/* --- at the beginning ------------------------------------------------------------------------- */

void chip_init(const struct board *board)
{
    led_pin = board->wiring.led_pin;
    gpio_init(led_pin);
    gpio_set_dir(led_pin, GPIO_OUT);
#ifdef PICO_SMPS_MODE_PIN
    /* The Pico's regulator saves power in bursts as a rule; this makes it run evenly, which the
     * converter sees as less noise. */
    gpio_init(PICO_SMPS_MODE_PIN);
    gpio_set_dir(PICO_SMPS_MODE_PIN, GPIO_OUT);
    gpio_put(PICO_SMPS_MODE_PIN, true);
#endif
    unsigned irq = timer_hardware_alarm_get_irq_num(timer_hw, NAP_ALARM);
    irq_set_exclusive_handler(irq, on_nap_over);
    irq_set_enabled(irq, true);
    hw_set_bits(&timer_hw->inte, 1U << NAP_ALARM);
    watchdog_enable(WATCHDOG_MS, true);
}

void chip_identify(struct identity *identity)
{
    memset(identity, 0, sizeof *identity);
    pico_get_unique_board_id_string(identity->serial, sizeof identity->serial);
    static const char firmware[] = "thenar-rp2040 " THENAR_VERSION;
    _Static_assert(sizeof firmware <= THENAR_NAME_BYTES, "the name of the build fits");
    memcpy(identity->firmware, firmware, sizeof firmware);
}
