# SPDX-License-Identifier: GPL-3.0-or-later
thenar_fuzz_test(payload LIBS thenar::feed)
thenar_fuzz_test(control LIBS thenar::feed)
thenar_fuzz_test(curve_key LIBS thenar::keys)
