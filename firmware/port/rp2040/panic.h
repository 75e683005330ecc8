/* SPDX-License-Identifier: MIT */
/* panic.h - our own bugs: the SDK's panics and the core's faults
 *
 * The code of the fault is put where the next start finds it, and the watchdog ends the rest. */
#ifndef PANIC_H
#define PANIC_H

/** Named to the SDK as PICO_PANIC_FUNCTION: remember an internal fault, reset. Any context. */
_Noreturn void panic_stop(const char *format, ...);

#endif
