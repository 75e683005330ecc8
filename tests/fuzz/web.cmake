# SPDX-License-Identifier: GPL-3.0-or-later
thenar_fuzz_test(viewer_request LIBS thenar_web_core)
thenar_fuzz_test(accounts LIBS thenar_web_core)
thenar_fuzz_test(session_query LIBS thenar_web_sessions m)
thenar_fuzz_test(class_file LIBS thenar_web_core PkgConfig::jansson)
thenar_fuzz_test(rubric LIBS thenar_web_core)
