/* SPDX-License-Identifier: MIT */
/* Thenar's firmware on the RP2040.
 *
 *     converter's interrupt (scan_engine.c) -> core's scan -> core -> usb_link.c -> TinyUSB
 *
 * Interrupts, the most urgent first: converter and scan alarm; USB; naps; last words. */
#include "chip.h"
#include "core/device.h"
#include "last_words.h"
#include "motion.h"
#include "panic.h"
#include "scan_engine.h"
#include "usb_link.h"

extern const struct board THENAR_BOARD;

static struct device device;
static struct identity identity;

int main(void)
{
    chip_init(&THENAR_BOARD);
    chip_identify(&identity);
    bool has_motion_pins = motion_init(&THENAR_BOARD);
    if (device_init(&device, &THENAR_BOARD, &identity) != THENAR_OK ||
        !scan_engine_init(&THENAR_BOARD, &device.scan) || !has_motion_pins)
        panic_stop("the board does not fit this chip");
    usb_link_init(THENAR_BOARD.model, identity.serial);
    last_words_init();
    for (;;) {
        usb_link_poll();
        last_words_postpone();
        device_poll(&device);
        chip_sleep();
    }
}
