# SPDX-License-Identifier: GPL-3.0-or-later
# The vectors of the device link, read by the C library and by a decoder written from LINK.md alone.
set(LINK_VECTORS ${PROJECT_SOURCE_DIR}/protocol/vectors/link)

add_executable(test_link_vectors test_link_vectors.c link_text.c)
target_link_libraries(test_link_vectors PRIVATE thenar::flags thenar::link)
target_include_directories(test_link_vectors PRIVATE ${PROJECT_SOURCE_DIR}/tests)
target_compile_definitions(test_link_vectors PRIVATE _POSIX_C_SOURCE=200809L)
add_test(NAME golden.link COMMAND test_link_vectors ${LINK_VECTORS}/good ${LINK_VECTORS}/bad)
set_tests_properties(golden.link PROPERTIES LABELS golden TIMEOUT 120)

find_program(PYTHON3 NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH)
if(PYTHON3)
  add_test(NAME golden.link_document
    COMMAND ${PYTHON3} ${CMAKE_CURRENT_SOURCE_DIR}/link_decoder.py
      ${LINK_VECTORS}/good ${LINK_VECTORS}/bad)
  add_test(NAME golden.link_vectors_fresh COMMAND ${PYTHON3} ${LINK_VECTORS}/make_vectors.py --check)
  set_tests_properties(golden.link_document golden.link_vectors_fresh
    PROPERTIES LABELS golden TIMEOUT 120)
endif()
