# SPDX-License-Identifier: GPL-3.0-or-later
# A sensor against a load cell, on recordings that are not part of Thenar; run by hand:
# tests/bench/load_cell/load_cell.py --filter build/release/tests/bench/sensor_filter DIRECTORY
add_executable(sensor_filter ${CMAKE_CURRENT_LIST_DIR}/load_cell/sensor_filter.c)
target_link_libraries(sensor_filter PRIVATE thenar::engine m thenar::flags)
find_program(THENAR_PYTHON NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)
add_test(NAME golden.load_cell
  COMMAND ${THENAR_PYTHON} ${CMAKE_CURRENT_LIST_DIR}/load_cell/load_cell.py
          --filter $<TARGET_FILE:sensor_filter> --self-test)
set_tests_properties(golden.load_cell PROPERTIES LABELS golden TIMEOUT 60)
