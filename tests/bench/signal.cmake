# SPDX-License-Identifier: GPL-3.0-or-later
# Times of the signal stages; run by hand: bench_signal [--quick]
add_executable(bench_signal ${CMAKE_CURRENT_LIST_DIR}/bench_signal.c)
target_link_libraries(bench_signal PRIVATE thenar::signal m thenar::flags)
target_compile_definitions(bench_signal PRIVATE _POSIX_C_SOURCE=200809L)
