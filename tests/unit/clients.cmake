# SPDX-License-Identifier: GPL-3.0-or-later
thenar_unit_test(loss_count LIBS thenar::client)
thenar_unit_test(feed_subscriber LIBS thenar::client PkgConfig::zeromq m)
thenar_unit_test(control_client LIBS thenar::client PkgConfig::zeromq Threads::Threads m)
thenar_unit_test(cli_options LIBS thenar_cli)
thenar_unit_test(daemon_probe LIBS thenar_cli)
thenar_unit_test(watch_map LIBS thenar_cli m)
thenar_unit_test(watch_state LIBS thenar_cli m)
thenar_unit_test(analysis LIBS thenar_cli PkgConfig::jansson m)
thenar_unit_test(analysis_rest LIBS thenar_cli m)

# The example of libthenar is built as it stands in the documents: against the shared library.
add_executable(pressure_example ${PROJECT_SOURCE_DIR}/docs/examples/pressure.c)
target_link_libraries(pressure_example PRIVATE thenar::thenar thenar::flags)
thenar_unit_test(calibrate_steps LIBS thenar_cli m)
thenar_unit_test(compare LIBS thenar_cli m)
