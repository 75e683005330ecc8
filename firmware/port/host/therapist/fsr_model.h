/* SPDX-License-Identifier: MIT */
/* fsr_model.h - force-sensing resistors behind a transimpedance amplifier: pressure to counts
 *
 * Law          G = gain G100 (p / 100 kPa)^n. Interlink's FSR Integration Guide (94-00004) gives
 *              force against resistance as a near inverse power law, so conductance is nearly
 * linear in force; n = 0.95. G100 = 6 uS a mm^2 of sensing area: its typical curve has about 1.25
 * kilohm at 1 kgf on 127 mm^2, 800 uS at 77 kPa. Spread       log-normal gain, 8 % (the guide: 2 %
 * a part, 6 % within a batch; a printed matrix adds its own). Hysteresis   conductance is higher on
 * the way down; the data sheet has +10 % on average. Two play operators beside the direct path
 * (Prandtl-Ishlinskii, relative widths 1 and 3 h, weights 1/4 each): the full loop is h = 8 % of
 * the pressure wide, half up, half down, and small ripples on a hold pass through, a little damped.
 * Independent of rate. Creep        conductance rises with the logarithm of time under load; the
 * data sheet has < 5 % a decade, 3 % here, from 0.3 s to 300 s: a lag for each decade (a Prony
 * series). It relaxes in the same way after release. Counts       c = C G R + noise, rounded and
 * clipped to 0..C, as the ADC does. R is chosen so that a taxel of gain 1 reaches full scale at 450
 * kPa. */
#ifndef FSR_MODEL_H
#define FSR_MODEL_H

#include "status.h"
#include "stimulus.h"

struct fsr_options {
    uint64_t seed;
    bool calibrated;        /* the factory measured this device */
    float noise_counts;     /* standard deviation; NAN: 2.5 of 4095 */
    float spread_pct;       /* NAN: 8 */
    float hysteresis_pct;   /* whole width of the loop; NAN: 8 */
    float creep_pct_decade; /* NAN: 3 */
    uint16_t n_dead;        /* open taxels: they read the amplifier's noise and nothing else */
    bool sneak_paths;       /* lines that are not read float: a reading holds the whole mesh */
};

struct fsr_model;

/** `array` is borrowed. @return THENAR_OK; THENAR_ERR_MEMORY */
THENAR_NODISCARD enum thenar_status fsr_model_create(struct fsr_model **out,
                                                     const struct stimulus_array *array,
                                                     const struct fsr_options *options);
void fsr_model_destroy(struct fsr_model *model);

/**
 * One scan.
 * @param pressure_kpa  [n_rows * n_cols] mean over each sensing area, >= 0
 * @param elapsed_s     since the scan before, >= 0
 * @param counts        out: [n_rows * n_cols]; 0 where no taxel exists
 * Context: allocates nothing
 */
void fsr_model_execute(struct fsr_model *model, const float *pressure_kpa, double elapsed_s,
                       uint16_t *counts);

/** What the factory measured; kind NONE unless options said calibrated. */
void fsr_model_calibration(const struct fsr_model *model, struct stimulus_calibration *out);

/** The true gain and whether a taxel is dead, for tests. [n_rows * n_cols] */
const float *fsr_model_gain(const struct fsr_model *model);
const bool *fsr_model_dead(const struct fsr_model *model);

#endif
