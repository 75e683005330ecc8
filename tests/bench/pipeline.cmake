# SPDX-License-Identifier: GPL-3.0-or-later
# Thenar against NumPy: `cmake --build build/release --target bench` prints the tables of
# docs/performance.md. That both compute the same is a test of every check.
add_executable(bench_pipeline
  pipeline/bench_pipeline.c
  pipeline/bench_publish.c
  pipeline/bench_stages.c)
target_link_libraries(bench_pipeline PRIVATE
  thenar::flags thenar::link thenar::feed thenar::engine PkgConfig::zeromq m)
target_compile_definitions(bench_pipeline PRIVATE _GNU_SOURCE)

find_program(THENAR_PYTHON NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)
add_test(NAME golden.numpy_agrees
  COMMAND ${THENAR_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/pipeline/test_numpy_agrees.py
          $<TARGET_FILE:bench_pipeline>)
set_tests_properties(golden.numpy_agrees PROPERTIES LABELS golden TIMEOUT 120)

add_executable(bench_devices pipeline/bench_devices.c)
target_link_libraries(bench_devices PRIVATE thenar::flags thenar::link)
target_compile_definitions(bench_devices PRIVATE _GNU_SOURCE)

add_custom_target(bench
  COMMAND ${THENAR_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/run --build ${CMAKE_BINARY_DIR}
  USES_TERMINAL)
