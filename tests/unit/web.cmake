# SPDX-License-Identifier: GPL-3.0-or-later
thenar_unit_test(map_code LIBS thenar_web_core m)
thenar_unit_test(viewer LIBS thenar_web_core PkgConfig::jansson m)
thenar_unit_test(viewer_request LIBS thenar_web_core)
thenar_unit_test(accounts LIBS thenar_web_core)
thenar_unit_test(worker LIBS thenar_web_core Threads::Threads)
thenar_unit_test(session_query LIBS thenar_web_sessions m)
