# SPDX-License-Identifier: GPL-3.0-or-later
thenar_fuzz_test(uri LIBS thenar::source)
thenar_fuzz_test(conf LIBS thenar::daemon)
