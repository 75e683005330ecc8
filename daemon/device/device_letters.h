/* SPDX-License-Identifier: GPL-3.0-or-later */
/* device_letters.h - what is asked of a device's thread, and what it answers: two mailboxes
 *
 *     control server                              device's thread
 *     device_thread_command(device, &command) --> device_letters_obey
 *     device_thread_answer(device, &answer)   <-- device_letters_pass_on
 *
 * To add a command: a kind here, and what it does in device_letters.c. */
#ifndef DEVICE_LETTERS_H
#define DEVICE_LETTERS_H

#include "device_array.h"
#include "mailbox.h"

enum device_command_kind {
    DEVICE_SET_RATE,
    DEVICE_TARE,
    DEVICE_IDENTIFY,
    DEVICE_SELF_TEST,
    DEVICE_BOOTLOADER,
    DEVICE_RECORD,     /* a session starts */
    DEVICE_RECORD_END, /* and stops */
    DEVICE_NOTE,       /* `text` into the file; not answered */
    DEVICE_WRITE_DOWN, /* a command that was done elsewhere, into the file; not answered */
    DEVICE_COACH       /* for device_coach.h */
};

struct coach_order;

struct device_command {
    enum device_command_kind kind;
    uint32_t ticket; /* comes back in the answer */
    double value;    /* SET_RATE: Hz; TARE: over how many seconds; IDENTIFY: for how many */
    bool loaded;     /* TARE: although something touches the array */
    struct coach_order *order;     /* COACH: goes to the device with the command */
    char name[SESSION_WORD_BYTES]; /* WRITE_DOWN: of the command */
    char text[SESSION_NOTE_BYTES]; /* NOTE: the note; else the request as it came, for the file */
};

struct device_answer {
    uint32_t ticket;
    enum thenar_status status;
    double value;   /* SET_RATE: Hz in force; SELF_TEST: how many findings; RECORD: files begun */
    char text[160]; /* why not */
    unsigned n_findings;
    struct thenar_finding findings[THENAR_MAX_FINDINGS];
    char plan[THENAR_LABEL_BYTES], plan_state[THENAR_WORD_BYTES]; /* COACH: in force now */
    uint32_t step, n_steps;
};

struct device_letters {
    struct mailbox commands; /* its waker also ends the thread's sleep */
    struct ring answers;
};

/** @param answered woken when an answer is there; borrowed. @return THENAR_OK; THENAR_ERR_MEMORY;
 * THENAR_ERR_OS */
THENAR_NODISCARD enum thenar_status device_letters_init(struct device_letters *letters,
                                                        struct waker *answered);
void device_letters_finish(struct device_letters *letters);

/** The oldest answer. @return false when there is none. Context: the control server's thread */
THENAR_NODISCARD bool device_letters_take_answer(struct device_letters *letters,
                                                 struct device_answer *answer);

/** Answer a command. Lost when nobody takes the answers. Context: the device's thread */
void device_letters_post(struct device_letters *letters, const struct device_answer *answer);

/** What became of a command that the source was asked. Context: the device's thread */
void device_letters_pass_on(struct device_letters *letters, const struct source_answer *answer);

/**
 * Do one command, or ask the source to; the answer comes now or from the source.
 * Context: the device's thread
 */
void device_letters_obey(const struct device_command *command, struct device_array *array,
                         struct device_report *report, struct source *source,
                         struct device_outbox *outbox, struct device_tape *tape,
                         struct device_letters *letters);

#endif
