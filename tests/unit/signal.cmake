# SPDX-License-Identifier: GPL-3.0-or-later
thenar_unit_test(calibration LIBS thenar::signal m)
thenar_unit_test(lowpass_design LIBS thenar::signal m)
thenar_unit_test(equiripple LIBS thenar::signal m)
