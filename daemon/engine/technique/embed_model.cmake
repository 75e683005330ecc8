# SPDX-License-Identifier: GPL-3.0-or-later
# cmake -DIN=shipped.model -DOUT=shipped_model_text.h -P embed_model.cmake: a file as an array of C.
file(READ ${IN} bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)"
  "\\1\n" bytes "${bytes}")
file(STRINGS ${IN} head LIMIT_COUNT 3)
list(GET head 1 name)
list(GET head 2 hands)
string(REPLACE "name " "" name ${name})
string(REPLACE "hands " "" hands ${hands})
file(WRITE ${OUT} "static const char shipped_model_name[] = \"${name}, ${hands} hands\";
static const unsigned char shipped_model_text[] = {\n${bytes}};\n")
