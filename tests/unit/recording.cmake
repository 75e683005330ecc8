# SPDX-License-Identifier: GPL-3.0-or-later
thenar_unit_test(csv_row LIBS thenar::recording m)
thenar_unit_test(recording_csv LIBS thenar::recording PkgConfig::zlib m)
thenar_unit_test(array_layout LIBS thenar::array)
thenar_unit_test(calibration_file LIBS thenar::calibration_file m)
