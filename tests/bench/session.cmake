# SPDX-License-Identifier: GPL-3.0-or-later
# Room and time of session files; run by hand: bench_session [FOLDER]
add_executable(bench_session ${CMAKE_CURRENT_LIST_DIR}/bench_session.c)
target_link_libraries(bench_session PRIVATE thenar::session m thenar::flags)
target_compile_definitions(bench_session PRIVATE _GNU_SOURCE)

# An hour opened and verified: bench_session_hour [FOLDER]
add_executable(bench_session_hour ${CMAKE_CURRENT_LIST_DIR}/bench_session_hour.c)
target_link_libraries(bench_session_hour PRIVATE thenar_cli thenar::session m thenar::flags)
target_compile_definitions(bench_session_hour PRIVATE _GNU_SOURCE)
