# SPDX-License-Identifier: GPL-3.0-or-later
thenar_unit_test(session_pseudonym LIBS thenar::session)
thenar_unit_test(session_file LIBS thenar::session m)
thenar_unit_test(session_document LIBS thenar::session m)
thenar_unit_test(session_older LIBS thenar::session PkgConfig::hdf5 PkgConfig::zlib m)
thenar_unit_test(session_export LIBS thenar::session_export m)
