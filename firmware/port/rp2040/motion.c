/* SPDX-License-Identifier: MIT */
#include "motion.h"

#include "hardware/gpio.h"
#include "hardware/spi.h"
#include "hardware/timer.h"

#include "port/port.h"
#include "scan_engine.h"
#include "sensor/lsm6ds3.h"

enum {
    SPI_HZ = 4000000, /* the sensor sits at the end of a cable */
    /* In words of 16 bits: a register's number and what it holds; or OUT_TEMP_H, which is passed
     * over, and then the sample. It is as long as the chip's FIFO at most, so that it goes out
     * without a break even if an interrupt comes. */
    BITS = 16,
    SAMPLE_WORDS = 1 + LSM6DS3_N_BYTES / 2,
    SAMPLE_US = 40, /* (1 + 7) words of 16 bits at 3.9 MHz are 33 us, and the way there */
    TRIES = 10,
    TRY_US = 5000
};

static struct {
    spi_inst_t *spi; /* NULL: no sensor */
    uint8_t cs_pin;
    const int8_t *axes;
    struct thenar_aux_sample samples[LSM6DS3_N_CHANNELS];
    uint8_t n_samples; /* of these, still to be handed out: the last ones */
} motion;

static void transfer(const uint16_t *out, uint16_t *in, size_t n_words)
{
    gpio_put(motion.cs_pin, false);
    (void)spi_write16_read16_blocking(motion.spi, out, in, n_words);
    gpio_put(motion.cs_pin, true);
}

static uint8_t read_register(uint8_t reg)
{
    uint16_t out = (uint16_t)((LSM6DS3_READ | reg) << 8), in = 0;
    transfer(&out, &in, 1);
    return (uint8_t)in;
}

static void write_register(uint8_t reg, uint8_t value)
{
    uint16_t out = (uint16_t)(reg << 8 | value), in;
    transfer(&out, &in, 1);
}

/* Datasheet 1.4.3: pins 0-7 and 16-23 are SPI0's, the others SPI1's; in fours RX, CS, SCK, TX. */
static bool are_spi_pins(const struct board_motion *wiring)
{
    uint8_t unit = wiring->sck_pin >> 3 & 1;
    return wiring->rx_pin % 4 == 0 && wiring->sck_pin % 4 == 2 && wiring->tx_pin % 4 == 3 &&
           (wiring->rx_pin >> 3 & 1) == unit && (wiring->tx_pin >> 3 & 1) == unit;
}

static void prepare(const struct board_motion *wiring)
{
    motion.spi = wiring->sck_pin >> 3 & 1 ? spi1 : spi0;
    motion.cs_pin = wiring->cs_pin;
    motion.axes = wiring->axes;
    gpio_init(wiring->cs_pin);
    gpio_put(wiring->cs_pin, true);
    gpio_set_dir(wiring->cs_pin, GPIO_OUT);
    (void)spi_init(motion.spi, SPI_HZ);
    spi_set_format(motion.spi, BITS, SPI_CPOL_1, SPI_CPHA_1, SPI_MSB_FIRST);
    gpio_set_function(wiring->rx_pin, GPIO_FUNC_SPI);
    gpio_set_function(wiring->sck_pin, GPIO_FUNC_SPI);
    gpio_set_function(wiring->tx_pin, GPIO_FUNC_SPI);
    gpio_pull_up(wiring->rx_pin); /* nobody there reads 0xFF, which no sensor is */
}

/* After power-on it takes a while until it answers. */
static bool is_there(void)
{
    for (unsigned i = 0; i < TRIES; i++) {
        if (lsm6ds3_is_known(read_register(LSM6DS3_WHO_AM_I)))
            return true;
        busy_wait_us_32(TRY_US);
    }
    return false;
}

bool motion_init(const struct board *board)
{
    const struct board_motion *wiring = &board->motion;
    if (wiring->axes[0] == 0)
        return true;
    if (!are_spi_pins(wiring))
        return false;
    prepare(wiring);
    if (!is_there()) {
        spi_deinit(motion.spi);
        motion.spi = NULL;
        return true;
    }
    write_register(LSM6DS3_CTRL3_C, LSM6DS3_RESET_VALUE);
    busy_wait_us_32(LSM6DS3_RESET_US);
    for (unsigned i = 0; i < LSM6DS3_N_SET_UP; i++)
        write_register(lsm6ds3_set_up[i].reg, lsm6ds3_set_up[i].value);
    return true;
}

uint8_t port_aux_channels(struct thenar_aux_channel channels[THENAR_MAX_AUX])
{
    if (!motion.spi)
        return 0;
    lsm6ds3_channels(channels);
    return LSM6DS3_N_CHANNELS;
}

static void read_sample(void)
{
    uint16_t out[SAMPLE_WORDS] = {(LSM6DS3_READ | LSM6DS3_OUT_TEMP_H) << 8}, in[SAMPLE_WORDS];
    uint8_t bytes[LSM6DS3_N_BYTES];
    uint64_t ticks = port_ticks();
    transfer(out, in, SAMPLE_WORDS);
    for (unsigned i = 0; i < LSM6DS3_N_BYTES; i++)
        bytes[i] = (uint8_t)(i % 2 ? in[1 + i / 2] : in[1 + i / 2] >> 8);
    lsm6ds3_samples(bytes, motion.axes, ticks, motion.samples);
    motion.n_samples = LSM6DS3_N_CHANNELS;
}

bool port_aux_read(struct thenar_aux_sample *sample)
{
    if (!motion.spi)
        return false;
    if (motion.n_samples == 0) {
        if (scan_engine_pause_us() < SAMPLE_US)
            return false;
        if ((read_register(LSM6DS3_STATUS_REG) & LSM6DS3_IS_NEW) != LSM6DS3_IS_NEW)
            return false;
        read_sample();
    }
    *sample = motion.samples[LSM6DS3_N_CHANNELS - motion.n_samples--];
    return true;
}
