/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A gateway that was away while a table recorded has counted less than there was. When a session of
 * the class is over, its files, if they are in the gateway's folder, say the rest. */
#include <string.h>

#include "class_tally_file.h"
#include "gateway_class.h"

#define PAUSE_S 2.0  /* between two sessions: files are closed by then */
#define AGAIN_S 15.0 /* none of them could be read: files may be copied here later */

/* The next one behind the last that was asked for, around the list; NULL: none waits. */
static const struct class_session *choose(const struct gateway_class *own, bool *is_around)
{
    const struct class_book *book = &own->room.book;
    size_t first = 0;
    for (size_t i = 0; i < book->n_sessions; i++)
        if (strcmp(book->sessions[i].session, own->reading_id) == 0)
            first = i + 1;
    for (size_t i = 0; i < book->n_sessions; i++) {
        size_t index = (first + i) % book->n_sessions;
        const struct class_session *session = &book->sessions[index];
        *is_around = first + i >= book->n_sessions;
        if (session->is_closed && !session->is_read)
            return session;
    }
    return NULL;
}

void gateway_catch_up_tick(struct gateway *gateway)
{
    struct gateway_class *own = gateway->classroom;
    struct shelf_job job = {0};
    struct thenar_error error;
    char path[THENAR_LABEL_BYTES + 32];
    bool is_around;
    if (own->reading || gateway_now_s() < own->read_s)
        return;
    own->read_s = gateway_now_s() + PAUSE_S;
    const struct class_session *session = choose(own, &is_around);
    if (!session)
        return;
    if (is_around && own->reading_id[0]) { /* all were asked for: later once more */
        own->reading_id[0] = '\0';
        own->read_s = gateway_now_s() + AGAIN_S;
        return;
    }
    (void)snprintf(own->reading_id, sizeof own->reading_id, "%s", session->session);
    (void)snprintf(path, sizeof path, "/api/sessions/%s", session->session);
    if (session_query_take_path(&job.query, path, &error) != THENAR_OK ||
        session_query_check(&job.query, &error) != THENAR_OK)
        return; /* its id is none that a folder could have */
    job.permission = permission_local();
    job.number = ++gateway->n_readers_ever;
    if (shelf_push(gateway->shelf, &job))
        own->reading = job.number;
}

bool gateway_class_take_session(struct gateway *gateway, const struct shelf_answer *answer)
{
    struct gateway_class *own = gateway->classroom;
    if (!own || own->reading == 0 || answer->number != own->reading)
        return false;
    own->reading = 0;
    struct class_session *session = class_book_session(&own->room.book, own->reading_id);
    if (!session || session->is_read || !session->is_closed || answer->code != HTTP_STATUS_OK ||
        !answer->body ||
        class_tally_take_file(&session->tally, answer->body, answer->n_body) != THENAR_OK)
        return true;
    session->is_read = true;
    own->room.version++;
    own->room.is_unsaved = true;
    return true;
}
