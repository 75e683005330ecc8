# SPDX-License-Identifier: GPL-3.0-or-later
# The vectors of the feed, read by the C library and by a reader that knows FEED.md alone.
set(FEED_VECTORS ${PROJECT_SOURCE_DIR}/protocol/vectors/feed)

add_executable(test_feed_vectors ${PROJECT_SOURCE_DIR}/tests/golden/test_feed_vectors.c)
target_link_libraries(test_feed_vectors PRIVATE thenar::flags thenar::feed)
target_compile_definitions(test_feed_vectors PRIVATE _POSIX_C_SOURCE=200809L)
add_test(NAME golden.feed COMMAND test_feed_vectors ${FEED_VECTORS}/good ${FEED_VECTORS}/bad)
set_tests_properties(golden.feed PROPERTIES LABELS golden TIMEOUT 60)

find_program(PYTHON3 NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH)
if(PYTHON3)
  add_test(NAME golden.feed_document
    COMMAND ${PYTHON3} ${PROJECT_SOURCE_DIR}/tests/golden/feed_reader.py
      ${PROJECT_SOURCE_DIR}/protocol/FEED.md ${FEED_VECTORS}/good ${FEED_VECTORS}/bad)
  set_tests_properties(golden.feed_document PROPERTIES LABELS golden TIMEOUT 60)
endif()
