/* SPDX-License-Identifier: MIT */
#include "feed/control_tables.h"

#include <stddef.h>

/* clang-format off */

#define MEMBER(structure, member, name)                                                            \
    #name, "\"" #name "\":", sizeof #name + 2,                                                     \
    offsetof(struct thenar_control_##structure, member),                                           \
    sizeof(((struct thenar_control_##structure *)0)->member)
#define REQUEST(member) MEMBER(request, member, member)
#define REPLY(member) MEMBER(reply, member, member)
#define DAEMON(member) MEMBER(daemon, member, member)
#define FOUND(member) MEMBER(found, member, member)

enum {
    BOOL = THENAR_FIELD_BOOL, U32 = THENAR_FIELD_U32, U64 = THENAR_FIELD_U64,
    FLOAT = THENAR_FIELD_FLOAT, TEXT = THENAR_FIELD_TEXT
};
enum { ALWAYS = THENAR_ALWAYS, MAYBE = THENAR_MAYBE };

/* ---- requests */

static const struct thenar_field request_head[] = {
    {REQUEST(id), U64, ALWAYS, 0, "",
     "any number; the reply repeats it"},
    {MEMBER(request, command_name, command), TEXT, ALWAYS, 0, "",
     "what to do"},
};
static const struct thenar_field rate_request[] = {
    {REQUEST(device), TEXT, ALWAYS, 0, "",
     "name of the device"},
    {REQUEST(metrics_rate_hz), FLOAT, MAYBE, 3, "Hz",
     "metrics and contact messages a second; 0 turns them off"},
    {REQUEST(frame_rate_hz), FLOAT, MAYBE, 3, "Hz",
     "frame messages a second; 0 turns them off"},
    {REQUEST(rate_hz), FLOAT, MAYBE, 3, "Hz",
     "frames a second that the device scans"},
};
static const struct thenar_field tare_request[] = {
    {REQUEST(device), TEXT, MAYBE, 0, "",
     "name of the device; absent: all"},
    {REQUEST(span_s), FLOAT, MAYBE, 3, "s",
     "over how long to take the mean; absent: 1 s"},
    {REQUEST(loaded), BOOL, MAYBE, 0, "",
     "true: tare although the array is touched (a person lies on the mat)"},
};
static const struct thenar_field identify_request[] = {
    {REQUEST(device), TEXT, ALWAYS, 0, "",
     "name of the device"},
    {REQUEST(span_s), FLOAT, MAYBE, 3, "s",
     "for how long, 0 to 60; 0 stops it; absent: 5 s"},
};
static const struct thenar_field device_request[] = {
    {REQUEST(device), TEXT, ALWAYS, 0, "",
     "name of the device"},
};
static const struct thenar_field plan_request[] = {
    {REQUEST(plan), TEXT, MAYBE, 0, "",
     "name of the plan to start"},
    {REQUEST(action), TEXT, MAYBE, 0, "",
     "start, stop, next, back, pause or resume; absent: start when plan is there, else only ask"},
    {REQUEST(cues), TEXT, MAYBE, 0, "",
     "with start: trusted (measured bands and the instructor's), all or off; absent: as the plan's file says, or trusted"},
    {REQUEST(device), TEXT, MAYBE, 0, "",
     "name of the device; absent: all"},
};
static const struct thenar_field declare_request[] = {
    {REQUEST(technique), TEXT, ALWAYS, 0, "",
     "that is being done; unknown takes it back"},
    {REQUEST(variant), TEXT, MAYBE, 0, "",
     "of soft_tissue_release: passive, active or weight_bearing"},
    {REQUEST(device), TEXT, MAYBE, 0, "",
     "name of the device; absent: all"},
};
static const struct thenar_field comfort_request[] = {
    {REQUEST(pain), FLOAT, MAYBE, 1, "",
     "0 none to 10 the worst; absent: the button, it hurts"},
    {REQUEST(device), TEXT, MAYBE, 0, "",
     "name of the device; absent: all"},
};
static const struct thenar_field session_start_request[] = {
    {REQUEST(participant), TEXT, MAYBE, 0, "",
     "pseudonym of who is treated or taught; what looks like a name is refused"},
    {MEMBER(request, operator_id, operator), TEXT, MAYBE, 0, "",
     "pseudonym of who treats; what looks like a name is refused"},
    {REQUEST(plan), TEXT, MAYBE, 0, "",
     "name of the plan that it follows"},
    {REQUEST(note), TEXT, MAYBE, 0, "",
     "anything worth knowing of it; no names"},
    {REQUEST(on_contact), BOOL, MAYBE, 0, "",
     "true: it counts from the first touch after hands were off, and is dropped when none comes"},
    {REQUEST(wait_s), FLOAT, MAYBE, 1, "s",
     "for how long that touch is waited for; absent: 1800"},
};
static const struct thenar_field session_note_request[] = {
    {REQUEST(note), TEXT, ALWAYS, 0, "",
     "what is noted, at most 511 octets; no names"},
};

/* ---- replies */

static const struct thenar_field reply_head[] = {
    {REPLY(id), U64, ALWAYS, 0, "",
     "of the request; 0 when it could not be read"},
    {REPLY(ok), BOOL, ALWAYS, 0, "",
     "whether it was done"},
};
static const struct thenar_field error_reply[] = {
    {REPLY(error), TEXT, ALWAYS, 0, "",
     "a sentence: what was wrong and what to do"},
};
static const struct thenar_field rate_reply[] = {
    {REPLY(device), TEXT, ALWAYS, 0, "",
     "name of the device"},
    {REPLY(metrics_rate_hz), FLOAT, ALWAYS, 3, "Hz",
     "in force now"},
    {REPLY(frame_rate_hz), FLOAT, ALWAYS, 3, "Hz",
     "in force now"},
    {REPLY(rate_hz), FLOAT, MAYBE, 3, "Hz",
     "in force now; absent until the device said it"},
};
static const struct thenar_field tare_reply[] = {
    {REPLY(device), TEXT, MAYBE, 0, "",
     "as in the request"},
    {REPLY(span_s), FLOAT, ALWAYS, 3, "s",
     "how long the tare takes from now"},
};
static const struct thenar_field identify_reply[] = {
    {REPLY(device), TEXT, ALWAYS, 0, "",
     "name of the device"},
    {REPLY(span_s), FLOAT, ALWAYS, 3, "s",
     "for how long it blinks from now"},
};
static const struct thenar_field selftest_reply[] = {
    {REPLY(device), TEXT, ALWAYS, 0, "",
     "name of the device"},
    {REPLY(findings), U32, ALWAYS, 0, "",
     "what is wrong with the array, counted; 0: nothing"},
    {REPLY(report), TEXT, ALWAYS, 0, "",
     "the first 32 of these in words, each with what was read"},
};
static const struct thenar_field device_reply[] = {
    {REPLY(device), TEXT, ALWAYS, 0, "",
     "name of the device"},
};
static const struct thenar_field plan_reply[] = {
    {REPLY(plan), TEXT, ALWAYS, 0, "",
     "name of the plan in force; empty: none"},
    {REPLY(plan_state), TEXT, ALWAYS, 0, "",
     "as state of the feed's plan"},
    {REPLY(step), U32, ALWAYS, 0, "",
     "the step in force, from 1; 0: no plan"},
    {REPLY(n_steps), U32, ALWAYS, 0, "",
     "how many there are"},
};
static const struct thenar_field declare_reply[] = {
    {REPLY(technique), TEXT, ALWAYS, 0, "",
     "as in the request"},
};
static const struct thenar_field session_reply[] = {
    {REPLY(session), TEXT, MAYBE, 0, "",
     "id of the session that goes on, else of the last; absent: none since the daemon started"},
    {MEMBER(reply, session_state, state), TEXT, ALWAYS, 0, "",
     "idle, armed (waits for the first touch), recording, full (no room on the disk), failed, closed or dropped (nothing touched, nothing is kept)"},
    {MEMBER(reply, session_reason, reason), TEXT, MAYBE, 0, "",
     "what is wrong and what to do; absent while all is well"},
    {REPLY(participant), TEXT, MAYBE, 0, "",
     "as it was started"},
    {MEMBER(reply, operator_id, operator), TEXT, MAYBE, 0, "",
     "as it was started"},
    {REPLY(plan), TEXT, MAYBE, 0, "",
     "as it was started"},
    {REPLY(sessions), TEXT, MAYBE, 0, "",
     "folder of all sessions; absent: the daemon has none, and records nothing"},
    {REPLY(folder), TEXT, MAYBE, 0, "",
     "folder of this session"},
    {REPLY(length_s), FLOAT, MAYBE, 1, "s",
     "since it began, or how long it was; absent without a session"},
    {REPLY(files), U32, ALWAYS, 0, "",
     "files that are, or were, written: one a device"},
    {REPLY(frames), U64, ALWAYS, 0, "",
     "frames in them"},
    {REPLY(lost), U64, ALWAYS, 0, "",
     "frames that are missing, whoever lost them"},
    {REPLY(lost_disk), U64, ALWAYS, 0, "",
     "of these, frames that the disk was too slow, or had no room, for"},
    {REPLY(gaps), U64, ALWAYS, 0, "",
     "holes in the files"},
    {REPLY(size_bytes), U64, ALWAYS, 0, "B",
     "size of the files"},
    {REPLY(free_bytes), U64, ALWAYS, 0, "B",
     "room that is left on the disk"},
};
static const struct thenar_field any_reply[] = {
    {REPLY(error), TEXT, MAYBE, 0, "", ""},
    {REPLY(device), TEXT, MAYBE, 0, "", ""},
    {REPLY(metrics_rate_hz), FLOAT, MAYBE, 3, "Hz", ""},
    {REPLY(frame_rate_hz), FLOAT, MAYBE, 3, "Hz", ""},
    {REPLY(rate_hz), FLOAT, MAYBE, 3, "Hz", ""},
    {REPLY(span_s), FLOAT, MAYBE, 3, "s", ""},
    {REPLY(findings), U32, MAYBE, 0, "", ""},
    {REPLY(report), TEXT, MAYBE, 0, "", ""},
    {REPLY(plan), TEXT, MAYBE, 0, "", ""},
    {REPLY(plan_state), TEXT, MAYBE, 0, "", ""},
    {REPLY(step), U32, MAYBE, 0, "", ""},
    {REPLY(n_steps), U32, MAYBE, 0, "", ""},
    {REPLY(technique), TEXT, MAYBE, 0, "", ""},
    {REPLY(session), TEXT, MAYBE, 0, "", ""},
    {MEMBER(reply, session_state, state), TEXT, MAYBE, 0, "", ""},
    {MEMBER(reply, session_reason, reason), TEXT, MAYBE, 0, "", ""},
    {REPLY(participant), TEXT, MAYBE, 0, "", ""},
    {MEMBER(reply, operator_id, operator), TEXT, MAYBE, 0, "", ""},
    {REPLY(sessions), TEXT, MAYBE, 0, "", ""},
    {REPLY(folder), TEXT, MAYBE, 0, "", ""},
    {REPLY(length_s), FLOAT, MAYBE, 1, "s", ""},
    {REPLY(files), U32, MAYBE, 0, "", ""},
    {REPLY(frames), U64, MAYBE, 0, "", ""},
    {REPLY(lost), U64, MAYBE, 0, "", ""},
    {REPLY(lost_disk), U64, MAYBE, 0, "", ""},
    {REPLY(gaps), U64, MAYBE, 0, "", ""},
    {REPLY(size_bytes), U64, MAYBE, 0, "B", ""},
    {REPLY(free_bytes), U64, MAYBE, 0, "B", ""},
};
static const struct thenar_field daemon_fields[] = {
    {DAEMON(version), TEXT, ALWAYS, 0, "",
     "of the daemon"},
    {DAEMON(station), TEXT, ALWAYS, 0, "",
     "its station"},
    {DAEMON(uptime_s), FLOAT, ALWAYS, 1, "s",
     "since it started"},
    {DAEMON(feed), TEXT, ALWAYS, 0, "",
     "address of the feed"},
    {DAEMON(control), TEXT, ALWAYS, 0, "",
     "address of the control socket"},
    {DAEMON(pid), U32, ALWAYS, 0, "",
     "its process"},
    {DAEMON(memory_bytes), U64, ALWAYS, 0, "B",
     "resident memory"},
    {DAEMON(messages), U64, ALWAYS, 0, "",
     "messages handed to the feed since the start"},
    {DAEMON(dropped), U64, ALWAYS, 0, "",
     "messages that the publisher was too slow for"},
    {DAEMON(refused), U64, ALWAYS, 0, "",
     "connections refused since the start, because their key is not allowed"},
};

static const struct thenar_field found_fields[] = {
    {FOUND(uri), TEXT, ALWAYS, 0, "",
     "its address, for thenard --device"},
    {FOUND(device), TEXT, MAYBE, 0, "",
     "name of the daemon's device that it is; absent: none of them"},
    {FOUND(model), TEXT, MAYBE, 0, "",
     "model; absent when it does not say"},
    {FOUND(serial), TEXT, MAYBE, 0, "",
     "serial number; absent when it does not say"},
    {FOUND(firmware), TEXT, MAYBE, 0, "",
     "firmware build; absent until the daemon has opened it"},
    {FOUND(port), TEXT, MAYBE, 0, "",
     "where it is plugged in, as in 1-2.4: bus 1, hub at port 2, its port 4; absent when unknown"},
    {FOUND(usb), TEXT, MAYBE, 0, "",
     "device file of its vendor interface; absent when libusb does not see it"},
    {FOUND(tty), TEXT, MAYBE, 0, "",
     "device file of its serial port; absent when it has none"},
    {FOUND(problem), TEXT, MAYBE, 0, "",
     "why the daemon cannot open it, and what to do; absent when nothing is known against it"},
};

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define RECORD(name, structure, head, rows)                                                        \
    {name, sizeof(struct thenar_control_##structure), head, COUNT(head), rows, COUNT(rows), -1}
#define BARE(name, structure, head)                                                                \
    {name, sizeof(struct thenar_control_##structure), head, COUNT(head), NULL, 0, -1}

static const struct thenar_record status_request_record = BARE("status", request, request_head);
static const struct thenar_record devices_request_record = BARE("devices", request, request_head);
static const struct thenar_record rate_request_record =
    RECORD("rate", request, request_head, rate_request);
static const struct thenar_record tare_request_record =
    RECORD("tare", request, request_head, tare_request);
static const struct thenar_record plan_request_record =
    RECORD("plan", request, request_head, plan_request);
static const struct thenar_record declare_request_record =
    RECORD("declare", request, request_head, declare_request);
static const struct thenar_record comfort_request_record =
    RECORD("comfort", request, request_head, comfort_request);
static const struct thenar_record discover_request_record = BARE("discover", request, request_head);
static const struct thenar_record identify_request_record =
    RECORD("identify", request, request_head, identify_request);
static const struct thenar_record selftest_request_record =
    RECORD("selftest", request, request_head, device_request);
static const struct thenar_record bootloader_request_record =
    RECORD("bootloader", request, request_head, device_request);
static const struct thenar_record session_request_record = BARE("session", request, request_head);
static const struct thenar_record session_start_request_record =
    RECORD("session_start", request, request_head, session_start_request);
static const struct thenar_record session_stop_request_record =
    BARE("session_stop", request, request_head);
static const struct thenar_record session_note_request_record =
    RECORD("session_note", request, request_head, session_note_request);
static const struct thenar_record shutdown_request_record = BARE("shutdown", request, request_head);

static const struct thenar_record bare_reply_record = BARE("reply", reply, reply_head);
static const struct thenar_record rate_reply_record = RECORD("rate", reply, reply_head, rate_reply);
static const struct thenar_record tare_reply_record = RECORD("tare", reply, reply_head, tare_reply);
static const struct thenar_record plan_reply_record = RECORD("plan", reply, reply_head, plan_reply);
static const struct thenar_record declare_reply_record =
    RECORD("declare", reply, reply_head, declare_reply);
static const struct thenar_record identify_reply_record =
    RECORD("identify", reply, reply_head, identify_reply);
static const struct thenar_record selftest_reply_record =
    RECORD("selftest", reply, reply_head, selftest_reply);
static const struct thenar_record bootloader_reply_record =
    RECORD("bootloader", reply, reply_head, device_reply);

static const struct thenar_record session_reply_record =
    RECORD("session", reply, reply_head, session_reply);

const struct thenar_record control_head_record = BARE("request", request, request_head);
const struct thenar_record control_any_reply = RECORD("reply", reply, reply_head, any_reply);
const struct thenar_record control_error_record = RECORD("error", reply, reply_head, error_reply);
const struct thenar_record control_daemon_record = {
    "daemon", sizeof(struct thenar_control_daemon), NULL, 0, daemon_fields, COUNT(daemon_fields), -1
};
const struct thenar_record control_found_record = {
    "found", sizeof(struct thenar_control_found), NULL, 0, found_fields, COUNT(found_fields), -1
};

const struct control_row control_table[THENAR_N_CONTROL_COMMANDS] = {
    [THENAR_CONTROL_STATUS] = {"status", &status_request_record, &bare_reply_record},
    [THENAR_CONTROL_DEVICES] = {"devices", &devices_request_record, &bare_reply_record},
    [THENAR_CONTROL_RATE] = {"rate", &rate_request_record, &rate_reply_record},
    [THENAR_CONTROL_TARE] = {"tare", &tare_request_record, &tare_reply_record},
    [THENAR_CONTROL_PLAN] = {"plan", &plan_request_record, &plan_reply_record},
    [THENAR_CONTROL_DISCOVER] = {"discover", &discover_request_record, &bare_reply_record},
    [THENAR_CONTROL_IDENTIFY] = {"identify", &identify_request_record, &identify_reply_record},
    [THENAR_CONTROL_SELF_TEST] = {"selftest", &selftest_request_record, &selftest_reply_record},
    [THENAR_CONTROL_BOOTLOADER] = {"bootloader", &bootloader_request_record, &bootloader_reply_record},
    [THENAR_CONTROL_DECLARE] = {"declare", &declare_request_record, &declare_reply_record},
    [THENAR_CONTROL_COMFORT] = {"comfort", &comfort_request_record, &bare_reply_record},
    [THENAR_CONTROL_SESSION] = {"session", &session_request_record, &session_reply_record},
    [THENAR_CONTROL_SESSION_START] = {"session_start", &session_start_request_record, &session_reply_record},
    [THENAR_CONTROL_SESSION_STOP] = {"session_stop", &session_stop_request_record, &session_reply_record},
    [THENAR_CONTROL_SESSION_NOTE] = {"session_note", &session_note_request_record, &session_reply_record},
    [THENAR_CONTROL_SHUTDOWN] = {"shutdown", &shutdown_request_record, &bare_reply_record},
};
