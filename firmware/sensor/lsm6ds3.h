/* SPDX-License-Identifier: MIT */
/* lsm6ds3.h - ST's motion sensors LSM6DS3, LSM6DS3TR-C and LSM6DSO: what to write, what was read
 *
 * The three agree in all that is used here. Knows no bus: a port moves the octets, and asks what
 * they mean. Read over SPI: an octet LSM6DS3_READ | register, then as many as wanted.
 * Source: ST DM00133076 (LSM6DS3), DM00427346 (LSM6DS3TR-C), DM00517282 (LSM6DSO): "Register
 * description", and the sensitivities of "Mechanical characteristics". */
#ifndef LSM6DS3_H
#define LSM6DS3_H

#include <stdbool.h>
#include <stdint.h>

#include "link/message.h"

enum lsm6ds3_register {
    LSM6DS3_WHO_AM_I = 0x0F,
    LSM6DS3_CTRL1_XL = 0x10,
    LSM6DS3_CTRL2_G = 0x11,
    LSM6DS3_CTRL3_C = 0x12,
    LSM6DS3_CTRL4_C = 0x13,
    LSM6DS3_STATUS_REG = 0x1E,
    LSM6DS3_OUT_TEMP_H = 0x21,
    LSM6DS3_OUTX_L_G = 0x22, /* and the eleven after it: angular rate, then acceleration */
    LSM6DS3_READ = 0x80      /* not a register: this bit makes a transfer a read */
};

enum {
    LSM6DS3_SPI_MAX_HZ = 10000000, /* mode 3 or 0 */
    LSM6DS3_RESET_US = 1000,       /* after SW_RESET: 50 us */
    LSM6DS3_IS_NEW = 0x03,         /* of STATUS_REG: GDA and XLDA, both have a new sample */
    LSM6DS3_N_SET_UP = 4,
    LSM6DS3_N_BYTES = 12, /* of a sample, from OUTX_L_G on */
    LSM6DS3_N_CHANNELS = 2,
    LSM6DS3_RESET_VALUE = 0x01 /* into CTRL3_C: SW_RESET */
};

struct lsm6ds3_write {
    uint8_t reg, value;
};

/** [LSM6DS3_N_SET_UP] what to write after the reset, in this order. */
extern const struct lsm6ds3_write lsm6ds3_set_up[LSM6DS3_N_SET_UP];

/** Whether what WHO_AM_I reads is one of them. */
bool lsm6ds3_is_known(uint8_t who_am_i);

/** What HELLO says of the two: id 1 acceleration, id 2 angular rate. */
void lsm6ds3_channels(struct thenar_aux_channel channels[LSM6DS3_N_CHANNELS]);

/**
 * What the octets mean.
 * @param bytes  [LSM6DS3_N_BYTES] from OUTX_L_G on
 * @param axes   where the array's x, y and z are: 1 to 3 for the sensor's X, Y, Z; minus: reversed
 * @param ticks  when they were read
 * @param samples  out: in the order of lsm6ds3_channels()
 */
void lsm6ds3_samples(const uint8_t bytes[LSM6DS3_N_BYTES], const int8_t axes[3], uint64_t ticks,
                     struct thenar_aux_sample samples[LSM6DS3_N_CHANNELS]);

#endif
