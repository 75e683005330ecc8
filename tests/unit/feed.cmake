# SPDX-License-Identifier: GPL-3.0-or-later
thenar_unit_test(topic LIBS thenar::feed)
thenar_unit_test(json_text LIBS thenar::feed m)
thenar_unit_test(payload LIBS thenar::feed PkgConfig::jansson m)
thenar_unit_test(control LIBS thenar::feed m)
thenar_unit_test(feed_document LIBS thenar::feed PkgConfig::jansson)
thenar_unit_test(curve_key LIBS thenar::keys)
thenar_unit_test(key_folder LIBS thenar::keys)
