# SPDX-License-Identifier: GPL-3.0-or-later
foreach(name cobs crc32c packed12 stream hello link_frame command report)
  thenar_unit_test(${name} LIBS thenar::link)
endforeach()

# The link goes into firmware: it must build without an operating system, and call no allocator.
find_program(ARM_GCC arm-none-eabi-gcc)
find_program(ARM_NM arm-none-eabi-nm)
if(ARM_GCC AND ARM_NM)
  add_test(NAME unit.link_freestanding
    COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/unit/link_freestanding.sh ${ARM_GCC} ${ARM_NM}
      ${PROJECT_SOURCE_DIR}/protocol ${CMAKE_CURRENT_BINARY_DIR}/link_freestanding)
  set_tests_properties(unit.link_freestanding PROPERTIES LABELS unit TIMEOUT 120)
endif()
