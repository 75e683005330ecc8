/* SPDX-License-Identifier: MIT */
#include "link/hello.h"
#include "link/wire.h"

static bool is_page(size_t first, size_t n_taxels)
{
    return n_taxels >= 1 && n_taxels <= THENAR_TAXELS_A_PAGE &&
           first + n_taxels <= THENAR_MAX_TAXELS;
}

enum thenar_status thenar_taxels_encode(const struct thenar_taxel_page *page, uint8_t *body,
                                        size_t n_space, size_t *n_body)
{
    *n_body = 0;
    if (!is_page(page->first, page->n_taxels))
        return THENAR_ERR_VALUE;
    struct thenar_wire_writer writer = thenar_wire_write(body, n_space);
    thenar_wire_put_u16(&writer, page->first);
    thenar_wire_put_u16(&writer, page->n_taxels);
    for (size_t i = 0; i < page->n_taxels; i++) {
        thenar_wire_put_u32(&writer, (uint32_t)page->taxels[i].x_um);
        thenar_wire_put_u32(&writer, (uint32_t)page->taxels[i].y_um);
        thenar_wire_put_u32(&writer, page->taxels[i].sensing_um2);
        thenar_wire_put_u16(&writer, page->taxels[i].gain_q14);
    }
    if (writer.failed)
        return THENAR_ERR_SPACE;
    *n_body = n_space - writer.n_left;
    return THENAR_OK;
}

enum thenar_status thenar_taxels_decode(const uint8_t *body, size_t n_body,
                                        struct thenar_taxel_page *page)
{
    struct thenar_wire_reader reader = thenar_wire_read(body, n_body);
    page->first = thenar_wire_get_u16(&reader);
    page->n_taxels = thenar_wire_get_u16(&reader);
    if (reader.failed)
        return THENAR_ERR_LENGTH;
    if (!is_page(page->first, page->n_taxels))
        return THENAR_ERR_VALUE;
    for (size_t i = 0; i < page->n_taxels; i++) {
        page->taxels[i].x_um = (int32_t)thenar_wire_get_u32(&reader);
        page->taxels[i].y_um = (int32_t)thenar_wire_get_u32(&reader);
        page->taxels[i].sensing_um2 = thenar_wire_get_u32(&reader);
        page->taxels[i].gain_q14 = thenar_wire_get_u16(&reader);
    }
    return reader.failed ? THENAR_ERR_LENGTH : THENAR_OK;
}
