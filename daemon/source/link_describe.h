/* SPDX-License-Identifier: GPL-3.0-or-later */
/* link_describe.h - HELLO and TAXELS pages into what the engine needs */
#ifndef LINK_DESCRIBE_H
#define LINK_DESCRIBE_H

#include "link/message.h"
#include "source.h"

/**
 * Start a description from HELLO; taxels stand on the regular grid until their page comes.
 * @param description  zeroed, or filled by an earlier call (its layout is freed)
 * @return THENAR_OK; THENAR_ERR_MEMORY
 */
THENAR_NODISCARD enum thenar_status link_describe_hello(struct source_description *description,
                                                        const struct thenar_hello *hello);

/** Put one page of taxels in its place. @return THENAR_OK; THENAR_ERR_VALUE outside the array */
THENAR_NODISCARD enum thenar_status link_describe_taxels(struct source_description *description,
                                                         const struct thenar_taxel_page *page);

#endif
