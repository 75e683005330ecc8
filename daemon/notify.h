/* SPDX-License-Identifier: GPL-3.0-or-later */
/* notify.h - tell systemd how we are (sd_notify(3), without its library) */
#ifndef NOTIFY_H
#define NOTIFY_H

/**
 * @param state  lines as sd_notify(3) has them: "READY=1\nSTATUS=2 devices"
 * No effect, and no harm, when nobody asked to be told ($NOTIFY_SOCKET is unset).
 */
void notify_send(const char *state);

#endif
