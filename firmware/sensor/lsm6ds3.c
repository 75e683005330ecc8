/* SPDX-License-Identifier: MIT */
#include "sensor/lsm6ds3.h"

enum {
    BDU = 0x40,         /* CTRL3_C: both octets of a value are of the same sample */
    IF_INC = 0x04,      /* CTRL3_C: the register's number grows within a transfer */
    I2C_DISABLE = 0x04, /* CTRL4_C */
    ODR_208_HZ = 0x50,  /* CTRL1_XL, CTRL2_G */
    FS_16_G = 0x04,     /* CTRL1_XL: hacking strikes with more than 8 g */
    FS_2000_DPS = 0x0C, /* CTRL2_G */
    RATE_MHZ = 208000,
    /* 0.488 mg of 9.80665 m/s^2; 70 mdps of pi / 180 rad. */
    ACCELERATION_NANO = 4785645,
    ANGULAR_RATE_NANO = 1221730
};

const struct lsm6ds3_write lsm6ds3_set_up[LSM6DS3_N_SET_UP] = {
    {LSM6DS3_CTRL4_C, I2C_DISABLE},
    {LSM6DS3_CTRL3_C, BDU | IF_INC},
    {LSM6DS3_CTRL1_XL, ODR_208_HZ | FS_16_G},
    {LSM6DS3_CTRL2_G, ODR_208_HZ | FS_2000_DPS},
};

bool lsm6ds3_is_known(uint8_t who_am_i)
{
    return who_am_i == 0x69 /* LSM6DS3 */ || who_am_i == 0x6A /* LSM6DS3TR-C */ ||
           who_am_i == 0x6C /* LSM6DSO */;
}

void lsm6ds3_channels(struct thenar_aux_channel channels[LSM6DS3_N_CHANNELS])
{
    channels[0] = (struct thenar_aux_channel){.id = 1,
                                              .kind = THENAR_AUX_ACCELERATION,
                                              .n_values = 3,
                                              .rate_mhz = RATE_MHZ,
                                              .scale_nano = ACCELERATION_NANO};
    channels[1] = (struct thenar_aux_channel){.id = 2,
                                              .kind = THENAR_AUX_ANGULAR_RATE,
                                              .n_values = 3,
                                              .rate_mhz = RATE_MHZ,
                                              .scale_nano = ANGULAR_RATE_NANO};
}

static void turn(const uint8_t bytes[6], const int8_t axes[3], int32_t values[3])
{
    for (unsigned i = 0; i < 3; i++) {
        unsigned from = (unsigned)(axes[i] < 0 ? -axes[i] : axes[i]) - 1U;
        int32_t value = (int16_t)(bytes[2 * from] | bytes[2 * from + 1] << 8);
        values[i] = axes[i] < 0 ? -value : value;
    }
}

void lsm6ds3_samples(const uint8_t bytes[LSM6DS3_N_BYTES], const int8_t axes[3], uint64_t ticks,
                     struct thenar_aux_sample samples[LSM6DS3_N_CHANNELS])
{
    samples[0] = (struct thenar_aux_sample){.ticks = ticks, .id = 1, .n_values = 3};
    samples[1] = (struct thenar_aux_sample){.ticks = ticks, .id = 2, .n_values = 3};
    turn(bytes + 6, axes, samples[0].values);
    turn(bytes, axes, samples[1].values);
}
