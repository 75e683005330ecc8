# SPDX-License-Identifier: GPL-3.0-or-later
# Room and time of session files; run by hand: bench_session [FOLDER]
add_executable(bench_session ${CMAKE_CURRENT_LIST_DIR}/bench_session.c)
target_link_libraries(bench_session PRIVATE thenar::session m thenar::flags)
target_compile_definitions(bench_session PRIVATE _GNU_SOURCE)
