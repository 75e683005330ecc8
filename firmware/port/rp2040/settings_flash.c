/* SPDX-License-Identifier: MIT */
/* Two erase blocks at the very end of the flash, where no program reaches. */
#include <string.h>

#include "hardware/flash.h"
#include "hardware/regs/addressmap.h"
#include "hardware/sync.h"

#include "last_words.h"
#include "port/port.h"

enum { SLOTS_AT = PICO_FLASH_SIZE_BYTES - PORT_FLASH_SLOTS * FLASH_SECTOR_SIZE };

_Static_assert((int)PORT_FLASH_SLOT_BYTES <= (int)FLASH_PAGE_SIZE, "a slot is written by one page");

static uint32_t offset_of(unsigned slot)
{
    return (uint32_t)(SLOTS_AT + slot * FLASH_SECTOR_SIZE);
}

bool port_flash_read(unsigned slot, uint8_t *bytes, size_t n_bytes)
{
    if (slot >= PORT_FLASH_SLOTS || n_bytes > PORT_FLASH_SLOT_BYTES)
        return false;
    memcpy(bytes, (const void *)(XIP_NOCACHE_NOALLOC_BASE + offset_of(slot)), n_bytes);
    return true;
}

/* The program runs from RAM, but the SDK's flash functions use the boot ROM and must not be broken
 * into. An erase takes 45 ms as a rule, 400 at the worst: less than the watchdog's patience. */
bool port_flash_write(unsigned slot, const uint8_t *bytes, size_t n_bytes)
{
    uint8_t page[FLASH_PAGE_SIZE];
    if (slot >= PORT_FLASH_SLOTS || n_bytes > PORT_FLASH_SLOT_BYTES)
        return false;
    memset(page, 0xFF, sizeof page);
    memcpy(page, bytes, n_bytes);
    port_watchdog_feed();
    uint32_t before = save_and_disable_interrupts();
    flash_range_erase(offset_of(slot), FLASH_SECTOR_SIZE);
    flash_range_program(offset_of(slot), page, sizeof page);
    port_watchdog_feed();
    last_words_postpone();
    restore_interrupts(before);
    return true;
}
