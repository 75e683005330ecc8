# SPDX-License-Identifier: GPL-3.0-or-later
thenar_unit_test(pipeline LIBS thenar::engine m)
thenar_unit_test(true_units LIBS thenar::engine thenar::therapist m)
