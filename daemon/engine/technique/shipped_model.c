/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "technique/linear_model.h"
#include "technique/shipped_model_text.h"

enum thenar_status linear_model_shipped(struct linear_model **out, struct thenar_error *error)
{
    return linear_model_parse(out, (const char *)shipped_model_text, sizeof shipped_model_text,
                              "shipped.model", error);
}

const char *linear_model_shipped_name(void)
{
    return shipped_model_name;
}
