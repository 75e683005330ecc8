# SPDX-License-Identifier: GPL-3.0-or-later
thenar_fuzz_test(linear_model LIBS thenar::technique PkgConfig::zlib m)
