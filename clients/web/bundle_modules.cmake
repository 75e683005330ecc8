# SPDX-License-Identifier: GPL-3.0-or-later
# Puts a page's modules into one file, so that a phone asks once and not thirty times.
#   cmake -DPAGES=DIR -DENTRY=student.js -DOUTPUT=FILE -P bundle_modules.cmake
#
# Each module becomes a function that returns what it exports, in the order in which they need each
# other. That is enough for how our pages are written: `import { a, b } from "./x.js";`, and
# `export` before const, function, async function or class. What is imported by import() stays a
# file of its own.
cmake_minimum_required(VERSION 3.25)
set(bundle "")
set(done "")

function(take module chain)
  if(module IN_LIST chain)
    message(FATAL_ERROR "${PAGES}/${module}.js: modules import each other in a circle: ${chain}")
  endif()
  file(READ "${PAGES}/${module}.js" text)
  string(REGEX MATCHALL "\nimport [{][^}]*[}] from \"[^\"]*\"" imports "\n${text}")
  foreach(import IN LISTS imports)
    string(REGEX REPLACE ".*\"./([a-z0-9_]+).js\"" "\\1" needed "${import}")
    if(NOT needed IN_LIST done)
      take(${needed} "${chain};${module}")
    endif()
  endforeach()
  string(REGEX MATCHALL "\nexport (const|function|async function|class) [A-Za-z0-9_]+" exports
    "\n${text}")
  list(TRANSFORM exports REPLACE ".* " "")
  list(JOIN exports ", " exports)
  string(REGEX REPLACE "import ([{][^}]*[}]) from \"./([a-z0-9_]+).js\"" "const \\1 = in_\\2" text
    "${text}")
  string(REGEX REPLACE "\nexport (const|function|async function|class) " "\n\\1 " text "\n${text}")
  if(text MATCHES "\n(import|export) ")
    message(FATAL_ERROR "${PAGES}/${module}.js: an import or export that bundle_modules.cmake does "
      "not know; it says which it does")
  endif()
  string(APPEND bundle "const in_${module} = (() => {${text}\nreturn { ${exports} };\n})();\n")
  set(bundle "${bundle}" PARENT_SCOPE)
  list(APPEND done ${module})
  set(done "${done}" PARENT_SCOPE)
endfunction()

get_filename_component(entry "${ENTRY}" NAME_WE)
take(${entry} "")
file(WRITE "${OUTPUT}" "${bundle}")
