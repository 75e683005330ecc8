# SPDX-License-Identifier: GPL-3.0-or-later
thenar_unit_test(calibration LIBS thenar::signal m)
thenar_unit_test(lowpass_design LIBS thenar::signal m)
thenar_unit_test(equiripple LIBS thenar::signal m)
thenar_unit_test(lowpass LIBS thenar::signal m)
thenar_unit_test(frame_features LIBS thenar::signal m)
thenar_unit_test(noise_floor LIBS thenar::signal m)
thenar_unit_test(taxel_health LIBS thenar::signal m)
thenar_unit_test(denormals LIBS thenar::signal)
