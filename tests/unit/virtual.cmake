# SPDX-License-Identifier: GPL-3.0-or-later
thenar_unit_test(pcg LIBS thenar::therapist m)
thenar_unit_test(surface LIBS thenar::therapist m)
thenar_unit_test(fsr_model LIBS thenar::therapist m)
thenar_unit_test(therapist_script LIBS thenar::therapist m)
thenar_unit_test(therapist_hands LIBS thenar::therapist m)
thenar_unit_test(therapist_moves LIBS thenar::therapist m)
thenar_unit_test(scene LIBS thenar::therapist m)
thenar_unit_test(hand_motion LIBS thenar::therapist m)
