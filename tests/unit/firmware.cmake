# SPDX-License-Identifier: GPL-3.0-or-later
foreach(name scan frame_queue settings command_server health selftest motion_sensor)
  thenar_unit_test(${name} LIBS thenar::firmware_core m SOURCES unit/fake_port.c)
  target_include_directories(test_${name} PRIVATE unit)
endforeach()
foreach(name faults playback virtual_options)
  thenar_unit_test(${name} LIBS thenar::virtual_parts m)
endforeach()

# What of the RP2040's port knows no register.
thenar_unit_test(turn_away LIBS thenar::firmware_core)
thenar_unit_test(scan_plan LIBS thenar::firmware_core
  SOURCES ${PROJECT_SOURCE_DIR}/firmware/port/rp2040/scan_plan.c)
target_include_directories(test_scan_plan PRIVATE ${PROJECT_SOURCE_DIR}/firmware/port/rp2040)

# The core goes into a microcontroller: no operating system, no allocator, little RAM.
find_program(ARM_GCC arm-none-eabi-gcc)
find_program(ARM_NM arm-none-eabi-nm)
find_program(ARM_SIZE arm-none-eabi-size)
if(ARM_GCC AND ARM_NM AND ARM_SIZE)
  add_test(NAME unit.firmware_freestanding
    COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/unit/firmware_freestanding.sh ${ARM_GCC} ${ARM_NM}
      ${ARM_SIZE} ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_BINARY_DIR}/firmware_freestanding)
  set_tests_properties(unit.firmware_freestanding PROPERTIES LABELS unit TIMEOUT 120)
endif()
