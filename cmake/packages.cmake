# SPDX-License-Identifier: GPL-3.0-or-later
# Every library that Thenar uses, as an imported target. The set-up script installs them.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(zeromq REQUIRED IMPORTED_TARGET libzmq>=4.3)
pkg_check_modules(fftw REQUIRED IMPORTED_TARGET fftw3f)
pkg_check_modules(jansson REQUIRED IMPORTED_TARGET jansson>=2.14)
pkg_check_modules(libconfig REQUIRED IMPORTED_TARGET libconfig>=1.5)
pkg_check_modules(serialport REQUIRED IMPORTED_TARGET libserialport)
pkg_check_modules(zlib REQUIRED IMPORTED_TARGET zlib)
pkg_check_modules(ncursesw REQUIRED IMPORTED_TARGET ncursesw)
if(BUILD_TESTING)
  pkg_check_modules(cmocka REQUIRED IMPORTED_TARGET cmocka)
endif()
