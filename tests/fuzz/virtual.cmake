# SPDX-License-Identifier: GPL-3.0-or-later
thenar_fuzz_test(therapist_script LIBS thenar::therapist)
