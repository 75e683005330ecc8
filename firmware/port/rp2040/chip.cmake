# SPDX-License-Identifier: MIT
# Included by the root before project(): where the Pico SDK is, and with it the toolchain.
# PICO_SDK_PATH and PICO_TINYUSB_PATH, as variables or in the environment, are taken as they are.
foreach(name PICO_SDK_PATH PICO_TINYUSB_PATH)
  if(NOT ${name} AND DEFINED ENV{${name}})
    set(${name} "$ENV{${name}}")
  endif()
endforeach()
if(NOT PICO_SDK_PATH OR NOT PICO_TINYUSB_PATH)
  set(fetched ${CMAKE_SOURCE_DIR}/build/pico)
  execute_process(COMMAND ${CMAKE_CURRENT_LIST_DIR}/fetch-sdk ${fetched} RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "No Pico SDK: set PICO_SDK_PATH and PICO_TINYUSB_PATH")
  endif()
  if(NOT PICO_SDK_PATH)
    set(PICO_SDK_PATH ${fetched}/usr/src/pico-sdk)
  endif()
  if(NOT PICO_TINYUSB_PATH)
    set(PICO_TINYUSB_PATH ${fetched}/usr/src/tinyusb)
  endif()
endif()
set(PICO_NO_PICOTOOL 1) # uf2.py does what it would
set(PICO_BOARD pico CACHE STRING "The Pico SDK's name of the board that carries the chip")
include(${PICO_SDK_PATH}/pico_sdk_init.cmake)
