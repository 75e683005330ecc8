# SPDX-License-Identifier: GPL-3.0-or-later
thenar_unit_test(contacts LIBS thenar::technique thenar::signal m SOURCES unit/hand_signals.c)
thenar_unit_test(pace LIBS thenar::technique m)
