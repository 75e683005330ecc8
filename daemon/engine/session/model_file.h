/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model_file.h - a technique model from and into a file (linear_model.h has the text) */
#ifndef MODEL_FILE_H
#define MODEL_FILE_H

#include "technique/linear_model.h"

/** @return THENAR_OK; THENAR_ERR_OS with the reason, or larger than a model is; else as
 * linear_model_parse */
THENAR_NODISCARD enum thenar_status model_file_read(struct linear_model **out, const char *path,
                                                    struct thenar_error *error);

#endif
