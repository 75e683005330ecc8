# SPDX-License-Identifier: GPL-3.0-or-later
# One target carries the flags of our own code; third-party headers come in as SYSTEM.
add_library(thenar_flags INTERFACE)
add_library(thenar::flags ALIAS thenar_flags)
target_compile_options(thenar_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
  -Wundef -Wvla -Wformat=2 -Wcast-align -Wswitch-enum -Wdouble-promotion
  # Replay promises the same bits on every kernel: no fused multiply-add unless written.
  -ffp-contract=off)
if(THENAR_WERROR)
  target_compile_options(thenar_flags INTERFACE -Werror)
endif()
if(THENAR_SANITIZE)
  target_compile_options(thenar_flags INTERFACE
    -fsanitize=${THENAR_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(thenar_flags INTERFACE -fsanitize=${THENAR_SANITIZE})
endif()
if(THENAR_FUZZ)
  # So that libFuzzer sees its way through the libraries under test, not only through the target.
  target_compile_options(thenar_flags INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(thenar_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
