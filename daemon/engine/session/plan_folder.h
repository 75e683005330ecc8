/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_folder.h - where plans are found by their name
 *
 * In this order: the folders of THENAR_PLANS (with colons between), ~/.config/thenar/plans (or
 * below XDG_CONFIG_HOME), /etc/thenar/plans, and what came with the program:
 * ../share/thenar/plans beside its own folder. The first that has NAME.plan wins. */
#ifndef PLAN_FOLDER_H
#define PLAN_FOLDER_H

#include "technique/plan.h"

enum { PLAN_FOLDERS_MAX = 12, PLAN_PATH_BYTES = 1024, PLANS_MAX = 256 };

struct plan_folders {
    unsigned n_folders;
    char folders[PLAN_FOLDERS_MAX][PLAN_PATH_BYTES];
};

/* One plan that was found, by its file. */
struct plan_entry {
    char name[PLAN_NAME_BYTES];
    char path[PLAN_PATH_BYTES];
};

/** Context: start, commands; reads the environment */
void plan_folders_init(struct plan_folders *folders);

/**
 * All plans, each name once, by name.
 * @param entries  out: [PLANS_MAX]
 * @return how many
 */
unsigned plan_folders_list(const struct plan_folders *folders, struct plan_entry *entries);

/**
 * Read a plan by name, or a file when `name` holds a '/' or ends in ".plan".
 * @return as plan_file_read; THENAR_ERR_ABSENT with the names that there are
 */
THENAR_NODISCARD enum thenar_status plan_folders_read(const struct plan_folders *folders,
                                                      const char *name, struct plan *plan,
                                                      struct thenar_error *error);

/** The same, with the file's text: for free(), NULL unless THENAR_OK. @param text  NULL: not wanted
 */
THENAR_NODISCARD enum thenar_status plan_folders_read_text(const struct plan_folders *folders,
                                                           const char *name, struct plan *plan,
                                                           char **text, struct thenar_error *error);

#endif
