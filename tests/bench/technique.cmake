# SPDX-License-Identifier: GPL-3.0-or-later
# bench_scene: how well the pipeline names what the virtual therapist does.
add_executable(bench_scene bench_scene.c bench_run.c bench_truth.c)
target_include_directories(bench_scene PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
target_compile_definitions(bench_scene PRIVATE _GNU_SOURCE)
target_link_libraries(bench_scene PRIVATE thenar::engine thenar::virtual_takes thenar::therapist thenar::flags m)

# bench_technique: what contacts, pace and names cost a frame; run by hand.
add_executable(bench_technique bench_technique.c)
target_compile_definitions(bench_technique PRIVATE _POSIX_C_SOURCE=200809L)
target_link_libraries(bench_technique PRIVATE thenar::technique thenar::flags m)

# bench_gait: the engine's pace from windows of one signal; tests/bench/recognition/run drives it.
add_executable(bench_gait recognition/bench_gait.c)
target_link_libraries(bench_gait PRIVATE thenar::technique thenar::flags m)

# bench_pace: how right the pace is, by technique, from 6 to 720 a minute, on several arrays.
add_executable(bench_pace bench_pace.c bench_run.c bench_truth.c)
target_include_directories(bench_pace PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
target_compile_definitions(bench_pace PRIVATE _GNU_SOURCE)
target_link_libraries(bench_pace PRIVATE thenar::engine thenar::therapist thenar::flags m)
