# SPDX-License-Identifier: GPL-3.0-or-later
# Writes page_assets.c: every page, compressed, as an array.
#   cmake -DOUTPUT=page_assets.c -DSCRATCH=DIR -DFILES="path=file;..." -P embed_pages.cmake
set(types_html "text/html; charset=utf-8")
set(types_js "text/javascript; charset=utf-8")
set(types_css "text/css; charset=utf-8")
set(types_svg "image/svg+xml")
set(types_webmanifest "application/manifest+json")
set(types_txt "text/plain; charset=utf-8")

set(arrays "")
set(rows "")
set(number 0)
foreach(pair IN LISTS FILES)
  string(REGEX MATCH "^([^=]+)=(.+)$" _ "${pair}")
  set(path "${CMAKE_MATCH_1}")
  set(file "${CMAKE_MATCH_2}")
  string(REGEX MATCH "[^.]+$" suffix "${file}")
  if(NOT DEFINED types_${suffix})
    message(FATAL_ERROR "${file}: no MIME type is known for .${suffix}; add it to embed_pages.cmake")
  endif()
  file(SHA256 "${file}" hash)
  string(SUBSTRING "${hash}" 0 20 etag)
  set(packed "${SCRATCH}/page_${number}.gz")
  # -n: no name and no time, so that the same pages give the same program.
  execute_process(COMMAND gzip -9 -n -c "${file}" OUTPUT_FILE "${packed}" COMMAND_ERROR_IS_FATAL ANY)
  file(READ "${packed}" hex HEX)
  file(SIZE "${packed}" n_bytes)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(APPEND arrays "static const unsigned char page_${number}[] = {${bytes}};\n")
  string(APPEND rows
    "    {\"${path}\", \"${types_${suffix}}\", \"\\\"${etag}\\\"\", page_${number}, ${n_bytes}},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE "${OUTPUT}" "/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Written by embed_pages.cmake from clients/web/pages. */
#include \"page_assets.h\"

${arrays}
const struct page_asset page_assets[] = {
${rows}};
const size_t n_page_assets = ${number};
")
