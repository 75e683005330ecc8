/* SPDX-License-Identifier: MIT */
#include "panic.h"

#include "hardware/sync.h"

#include "link/message.h"
#include "port/port.h"

_Noreturn void panic_stop(const char *format, ...)
{
    (void)format;
    (void)save_and_disable_interrupts();
    port_word_write(PORT_WORD_FAULT, THENAR_FAULT_INTERNAL);
    for (;;) /* until the watchdog bites, so that the reset is counted as one of its */
        ;
}

/* The vector table's name for a core that can go no further. */
void isr_hardfault(void);

void isr_hardfault(void)
{
    panic_stop("hard fault");
}
