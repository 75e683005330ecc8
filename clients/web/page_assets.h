/* SPDX-License-Identifier: GPL-3.0-or-later */
/* page_assets.h - the pages, inside the program: one file to install
 *
 * page_assets.c is written at build time by embed_pages.cmake. */
#ifndef PAGE_ASSETS_H
#define PAGE_ASSETS_H

#include <stddef.h>

struct page_asset {
    const char *path; /* "/student.js" */
    const char *mime_type;
    const char *etag;          /* of the contents, with its quotes */
    const unsigned char *gzip; /* [n_gzip] every browser of today takes it */
    size_t n_gzip;
};

extern const struct page_asset page_assets[];
extern const size_t n_page_assets;

/** NULL when there is no such page. "/" is the student's page, "/class" the
 * instructor's. */
const struct page_asset *page_asset_find(const char *path);

#endif
