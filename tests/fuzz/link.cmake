# SPDX-License-Identifier: GPL-3.0-or-later
foreach(name stream hello link_frame command report)
  thenar_fuzz_test(${name} LIBS thenar::link)
endforeach()
