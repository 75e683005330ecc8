# SPDX-License-Identifier: GPL-3.0-or-later
thenar_fuzz_test(session_manifest LIBS thenar::session)
target_compile_definitions(fuzz_session_manifest PRIVATE _GNU_SOURCE)
thenar_fuzz_test(session_file LIBS thenar::session_export PkgConfig::hdf5)
target_compile_definitions(fuzz_session_file PRIVATE _GNU_SOURCE)
