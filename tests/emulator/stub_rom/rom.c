/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the RP2040's boot ROM does for our firmware, written from the datasheet (2.8: start, layout
 * of the tables, lookup; 2.8.3: functions). The real ROM is not ours to ship.
 *
 * Flash is emulated as plain memory: erasing and programming write through its address window, one
 * word at a time, so that a test can cut the power between any two of them. */
#include <stdint.h>

enum { FLASH_AT = 0x10000000, BOOT2_WORDS = 64, BOOT2_AT = 0x20041f00 };

struct rom_entry {
    uint16_t code;
    uint16_t function;
};

static void *lookup(const struct rom_entry *table, uint32_t code)
{
    for (; table->code; table++)
        if (table->code == code)
            return (void *)(uint32_t)table->function;
    return 0;
}

static void nothing(void)
{
}

static void erase(uint32_t offset, uint32_t n_bytes, uint32_t block_bytes, uint8_t command)
{
    (void)block_bytes, (void)command;
    volatile uint32_t *word = (volatile uint32_t *)(FLASH_AT + offset);
    for (uint32_t n = n_bytes / 4; n > 0; n--)
        *word++ = 0xFFFFFFFF;
}

/* Programming only clears bits. */
static void program(uint32_t offset, const uint8_t *bytes, uint32_t n_bytes)
{
    volatile uint32_t *word = (volatile uint32_t *)(FLASH_AT + offset);
    for (uint32_t i = 0; i < n_bytes; i += 4)
        *word++ &= (uint32_t)bytes[i] | (uint32_t)bytes[i + 1] << 8 | (uint32_t)bytes[i + 2] << 16 |
                   (uint32_t)bytes[i + 3] << 24;
}

static void bootloader(uint32_t activity_pins, uint32_t disabled)
{
    (void)activity_pins, (void)disabled;
    for (;;)
        __asm volatile("bkpt 0x42");
}

static uint8_t *set_memory(uint8_t *to, uint8_t value, uint32_t n_bytes)
{
    for (uint32_t i = 0; i < n_bytes; i++)
        to[i] = value;
    return to;
}

static uint8_t *copy_memory(uint8_t *to, const uint8_t *from, uint32_t n_bytes)
{
    for (uint32_t i = 0; i < n_bytes; i++)
        to[i] = from[i];
    return to;
}

/* Flash start: the first 256 octets are copied to the end of RAM and called there, with LR = 0. */
static void reset(void)
{
    uint32_t *to = (uint32_t *)BOOT2_AT;
    const uint32_t *from = (const uint32_t *)FLASH_AT;
    for (int i = 0; i < BOOT2_WORDS; i++)
        to[i] = from[i];
    register uint32_t entry __asm("r1") = BOOT2_AT + 1;
    __asm volatile("movs r0, #0\n mov lr, r0\n bx r1" ::"r"(entry));
    for (;;)
        ;
}

static void fault(void)
{
    for (;;)
        __asm volatile("bkpt 0x13");
}

/* The head of the ROM: vectors, magic, and three half-words that gen_rom.py fills in. */
__attribute__((section(".head"), used)) const struct {
    uint32_t stack;
    void (*reset)(void), (*nmi)(void), (*fault)(void);
    uint8_t magic[4];
    uint16_t function_table, data_table, lookup;
} head = {BOOT2_AT, reset, fault, fault, {'M', 'u', 1, 3}, 0, 0, 0};

/* In the order of gen_rom.py's list of codes; the last is the lookup itself. */
__attribute__((used)) void *const implementations[] = {
    set_memory, set_memory, copy_memory, copy_memory, nothing,    nothing,
    erase,      program,    nothing,     nothing,     bootloader, lookup};
