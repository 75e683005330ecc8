# SPDX-License-Identifier: GPL-3.0-or-later
thenar_fuzz_test(calibrate_script LIBS thenar_cli)
