# SPDX-License-Identifier: GPL-3.0-or-later
thenar_fuzz_test(csv LIBS thenar::recording)
target_compile_definitions(fuzz_csv PRIVATE _GNU_SOURCE)
thenar_fuzz_test(calibration_file LIBS thenar::calibration_file)
thenar_fuzz_test(calibration_run LIBS thenar::calibration_file)
thenar_fuzz_test(plan_file LIBS thenar::plan_file)
thenar_fuzz_test(episode_table LIBS thenar::episode_table)
target_compile_definitions(fuzz_plan_file PRIVATE _GNU_SOURCE)
