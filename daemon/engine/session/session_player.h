/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_player.h - a session's file through a pipeline of its own, frame by frame
 *
 * As it happened: the zero in force at its start, each tare where it took effect, and anew where
 * the device began anew. session_replay.h compares with what is in the file; this one only plays.
 */
#ifndef SESSION_PLAYER_H
#define SESSION_PLAYER_H

#include "pipeline.h"
#include "session/session_reader.h"

struct session_player;

/**
 * @param classifier  borrowed until close; NULL: the one that ships
 * @return THENAR_OK; THENAR_ERR_SYNTAX no frames in it; THENAR_ERR_MEMORY; as session_reader_open
 * Owner: session_player_close
 */
THENAR_NODISCARD enum thenar_status session_player_open(struct session_player **out,
                                                        const char *path,
                                                        const struct classifier *classifier,
                                                        struct thenar_error *error);

/** NULL is allowed. */
void session_player_close(struct session_player *player);

/**
 * The next frame.
 * @param device_s  out: its time by the device's clock
 * @return THENAR_OK; THENAR_END; as session_reader_next
 */
THENAR_NODISCARD enum thenar_status session_player_next(struct session_player *player,
                                                        double *device_s,
                                                        struct pipeline_output *output,
                                                        struct thenar_error *error);

/** Borrowed until close; the pipeline until the next frame. */
struct session_reader *session_player_reader(const struct session_player *player);
struct pipeline *session_player_pipeline(const struct session_player *player);

/** All commands; the first `n_obeyed` took effect by the last frame. @param n_obeyed, n_all out */
const struct session_command_row *session_player_commands(const struct session_player *player,
                                                          size_t *n_obeyed, size_t *n_all);

#endif
