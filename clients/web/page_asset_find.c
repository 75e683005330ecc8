/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "page_assets.h"

const struct page_asset *page_asset_find(const char *path)
{
    if (strcmp(path, "/") == 0)
        path = "/student.html";
    else if (strcmp(path, "/class") == 0)
        path = "/wall.html";
    else if (strcmp(path, "/comfort") == 0)
        path = "/comfort.html";
    else if (strcmp(path, "/sessions") == 0)
        path = "/sessions.html";
    else if (strcmp(path, "/login") == 0)
        path = "/login.html";
    else if (strcmp(path, "/join") == 0)
        path = "/join.html";
    else if (strcmp(path, "/grades") == 0)
        path = "/grades.html";
    for (size_t i = 0; i < n_page_assets; i++)
        if (strcmp(page_assets[i].path, path) == 0)
            return &page_assets[i];
    return NULL;
}
