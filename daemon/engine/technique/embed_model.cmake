# SPDX-License-Identifier: GPL-3.0-or-later
# cmake -DIN=shipped.model -DOUT=shipped_model_text.h -P embed_model.cmake: a file as an array of C.
file(READ ${IN} bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)"
  "\\1\n" bytes "${bytes}")
file(WRITE ${OUT} "static const unsigned char shipped_model_text[] = {\n${bytes}};\n")
