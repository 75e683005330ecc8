# SPDX-License-Identifier: GPL-3.0-or-later
thenar_unit_test(contacts LIBS thenar::technique thenar::signal m SOURCES unit/hand_signals.c)
thenar_unit_test(history LIBS thenar::technique m)
thenar_unit_test(pace LIBS thenar::technique m)
thenar_unit_test(strokes LIBS thenar::technique m)
thenar_unit_test(episodes LIBS thenar::technique m)
thenar_unit_test(classifier LIBS thenar::technique m)
thenar_unit_test(technique_tracker LIBS thenar::technique m SOURCES unit/hand_signals.c)
thenar_unit_test(mat_load LIBS thenar::technique thenar::therapist m)
thenar_unit_test(coaching LIBS thenar::coaching m)
thenar_unit_test(plan_file LIBS thenar::plan_file thenar::episode_table)
thenar_unit_test(linear_model LIBS thenar::training thenar::technique m)
thenar_unit_test(coach_sessions
  LIBS thenar::plan_file thenar::engine thenar::therapist m SOURCES unit/coached_scene.c)
