/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "page_assets.h"

/* Addresses that people see; and the one that browsers ask for by themselves. */
static const struct {
    const char *address, *path;
} addresses[] = {
    {"/", "/student.html"},          {"/class", "/wall.html"},      {"/comfort", "/comfort.html"},
    {"/sessions", "/sessions.html"}, {"/login", "/login.html"},     {"/join", "/join.html"},
    {"/grades", "/grades.html"},     {"/favicon.ico", "/icon.svg"},
};

const struct page_asset *page_asset_find(const char *path)
{
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++)
        if (strcmp(addresses[i].address, path) == 0) {
            path = addresses[i].path;
            break;
        }
    for (size_t i = 0; i < n_page_assets; i++)
        if (strcmp(page_assets[i].path, path) == 0)
            return &page_assets[i];
    return NULL;
}
