# SPDX-License-Identifier: GPL-3.0-or-later
# Times of the signal stages; run by hand: bench_signal [--quick]
add_executable(bench_signal ${CMAKE_CURRENT_LIST_DIR}/bench_signal.c)
target_link_libraries(bench_signal PRIVATE thenar::signal m thenar::flags)
target_compile_definitions(bench_signal PRIVATE _POSIX_C_SOURCE=200809L)
# Sneak currents against the exact network; run by hand: bench_crosstalk [--quick]
add_executable(bench_crosstalk ${CMAKE_CURRENT_LIST_DIR}/bench_crosstalk.c)
target_link_libraries(bench_crosstalk PRIVATE thenar::signal thenar::therapist m thenar::flags)
target_compile_definitions(bench_crosstalk PRIVATE _POSIX_C_SOURCE=200809L)
