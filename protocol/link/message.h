/* SPDX-License-Identifier: MIT */
/* message.h - what the messages of the device link say (LINK.md, "Messages")
 *
 * One plain struct a message, in host form; the codecs in hello.h, frame.h, command.h and
 * report.h turn them into octets and back. Freestanding: no heap, no I/O, no float arithmetic. */
#ifndef THENAR_LINK_MESSAGE_H
#define THENAR_LINK_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    THENAR_LINK_VERSION_MAJOR = 1,
    THENAR_LINK_VERSION_MINOR = 0,

    THENAR_MAX_TAXELS = 4096, /* 64x64 */
    THENAR_MAX_SIDE = 256,    /* rows, or columns */
    THENAR_MAX_ADC_BITS = 12,
    THENAR_MAX_AUX = 8,
    THENAR_MAX_AUX_VALUES = 9,
    THENAR_MAX_FINDINGS = 32,
    THENAR_NAME_BYTES = 32, /* with the terminating NUL */
    THENAR_TAXELS_A_PAGE = 64,

    /* type, body and checksum: the longest is a full sparse 64x64 FRAME */
    THENAR_MESSAGE_BYTES = 6688,
    THENAR_ENCODED_BYTES = THENAR_MESSAGE_BYTES + THENAR_MESSAGE_BYTES / 254 + 3
};

enum thenar_message_type {
    THENAR_MESSAGE_HELLO = 1,
    THENAR_MESSAGE_TAXELS = 2,
    THENAR_MESSAGE_FRAME = 3,
    THENAR_MESSAGE_STATUS = 4,
    THENAR_MESSAGE_FAULT = 5,
    THENAR_MESSAGE_REPLY = 6,
    THENAR_MESSAGE_AUX = 7,
    THENAR_MESSAGE_COMMAND = 16 /* host to device; all others are device to host */
};

enum thenar_mount {
    THENAR_MOUNT_PAD = 0,
    THENAR_MOUNT_TORSO = 1,
    THENAR_MOUNT_MAT = 2,
    THENAR_MOUNT_GLOVE = 3
};

/* How a taxel's conductance G becomes counts c, with full scale C = 2^adc_bits - 1. */
enum thenar_front_end {
    THENAR_FRONT_END_DIVIDER = 0,       /* c = C * G R / (1 + G R); R is reference_ohm */
    THENAR_FRONT_END_TRANSIMPEDANCE = 1 /* c = C * G R, clipped; R: feedback scaled by drive */
};

enum thenar_calibration_kind {
    THENAR_CALIBRATION_NONE = 0,   /* counts mean nothing in kPa */
    THENAR_CALIBRATION_FACTORY = 1 /* measured on this very device; see the law in HELLO */
};

enum thenar_aux_kind {
    THENAR_AUX_ACCELERATION = 1, /* m/s^2, 3 values */
    THENAR_AUX_ANGULAR_RATE = 2, /* rad/s, 3 values */
    THENAR_AUX_TEMPERATURE = 3,  /* degrees Celsius, 1 value */
    THENAR_AUX_ANALOG = 4        /* V, 1 value */
};

struct thenar_aux_channel {
    uint8_t id;
    uint8_t kind;        /* enum thenar_aux_kind; an unknown kind is kept, not refused */
    uint8_t n_values;    /* 1..THENAR_MAX_AUX_VALUES */
    uint32_t rate_mhz;   /* millihertz */
    uint32_t scale_nano; /* one step of a value, in 1e-9 of the kind's unit */
};

/* HELLO: the device describes itself; the host hard-codes nothing. */
struct thenar_hello {
    uint8_t version_major, version_minor;
    uint8_t mount; /* enum thenar_mount */
    uint8_t adc_bits;
    uint16_t n_rows, n_cols;
    uint32_t tick_hz;
    uint32_t rate_mhz; /* frame rate in force, millihertz */
    uint32_t rate_min_mhz, rate_max_mhz;
    uint32_t pitch_x_um, pitch_y_um; /* between columns; between rows */
    uint32_t sensing_um2; /* sensing area of one taxel, in square micrometres: pitch is not area */
    uint8_t front_end;    /* enum thenar_front_end */
    bool zero_potential;  /* unread lines are held at the virtual ground: no sneak currents */
    bool has_taxel_pages; /* TAXELS follow: taxels differ from the grid in place, area or gain */
    uint32_t reference_ohm; /* R of the front end's law */
    uint32_t settle_ns;     /* after each multiplexer step */
    uint16_t gate_counts;   /* 0: raw is raw */
    uint8_t calibration;    /* enum thenar_calibration_kind; the five below are 0 when NONE */
    uint32_t conductance_100kpa_ns; /* G at 100 kPa, nanosiemens, of a taxel with gain 1 */
    uint16_t exponent_e4;           /* n in G = G100 (p / 100 kPa)^n, in 1e-4 */
    uint16_t uncertainty_e4;        /* standard uncertainty of a reading, in 1e-4 of it */
    uint16_t calibration_days;      /* date of calibration, days since 1970-01-01 */
    char calibration_reference[THENAR_NAME_BYTES]; /* instrument and operator */
    char model[THENAR_NAME_BYTES];
    char serial[THENAR_NAME_BYTES]; /* unique; never empty */
    char firmware[THENAR_NAME_BYTES];
    uint8_t n_aux;
    struct thenar_aux_channel aux[THENAR_MAX_AUX];
    /* bit i % 8 of octet i / 8: taxel i is there; row-major */
    uint8_t exists[THENAR_MAX_TAXELS / 8];
};

/* TAXELS: one page of the table of taxels. Place is from the array's centre: x grows with the
 * column, y with the row. */
struct thenar_taxel {
    int32_t x_um, y_um;
    uint32_t sensing_um2;
    uint16_t gain_q14; /* G of this taxel over G of the law, 16384 = 1.0 */
};

struct thenar_taxel_page {
    uint16_t first; /* index of the first, row-major */
    uint16_t n_taxels;
    struct thenar_taxel taxels[THENAR_TAXELS_A_PAGE];
};

/* FRAME: one scan. The samples stand in the caller's array, beside this head. */
struct thenar_frame {
    uint32_t sequence;
    uint64_t ticks;      /* at the start of the scan */
    uint32_t scan_ticks; /* how long the scan took */
    uint32_t n_dropped;  /* whole frames dropped on the device since its reset */
    uint16_t n_late;     /* scan steps that came late: those samples may be off */
    bool trigger;        /* level of the trigger input */
    bool sparse;         /* taxels at or below the gate are not sent: they read 0 */
};

enum thenar_command_code {
    THENAR_COMMAND_DESCRIBE = 1, /* HELLO, TAXELS pages, then the reply */
    THENAR_COMMAND_START = 2,
    THENAR_COMMAND_STOP = 3,
    THENAR_COMMAND_RATE = 4,     /* argument: millihertz; the reply's value is the rate in force */
    THENAR_COMMAND_GATE = 5,     /* argument: counts */
    THENAR_COMMAND_IDENTIFY = 6, /* argument: milliseconds of blinking */
    THENAR_COMMAND_SELF_TEST = 7,
    THENAR_COMMAND_SETTINGS_LOAD = 8,
    THENAR_COMMAND_SETTINGS_STORE = 9,
    THENAR_COMMAND_BOOTLOADER = 10
};

struct thenar_command {
    uint16_t request;
    uint8_t code;      /* enum thenar_command_code, or one that this end does not know */
    uint32_t argument; /* 0 where the code takes none */
};

enum thenar_reply_result {
    THENAR_REPLY_OK = 0,
    THENAR_REPLY_UNKNOWN = 1,   /* no such command, or no such message */
    THENAR_REPLY_MALFORMED = 2, /* wrong length */
    THENAR_REPLY_RANGE = 3,     /* argument outside the limits; the value tells the nearest */
    THENAR_REPLY_STREAMING = 4, /* not while streaming: stop first */
    THENAR_REPLY_STORAGE = 5,   /* the flash failed, or holds nothing valid */
    THENAR_REPLY_UNSUPPORTED = 6,
    THENAR_REPLY_BUSY = 7 /* another host has the link, over another interface */
};

enum thenar_finding_kind {
    THENAR_FINDING_OPEN_ROW = 1,
    THENAR_FINDING_SHORTED_COLUMN = 2,
    THENAR_FINDING_STUCK_TAXEL = 3,
    THENAR_FINDING_IDLE_HUM = 4
};

struct thenar_finding {
    uint8_t kind;    /* enum thenar_finding_kind */
    uint16_t index;  /* row, column or taxel; 0 for hum */
    uint16_t counts; /* what was read; for hum, peak to peak */
};

struct thenar_reply {
    uint16_t request;
    uint8_t code;   /* of the command that is answered */
    uint8_t result; /* enum thenar_reply_result */
    uint32_t value;
    uint8_t n_findings; /* self-test only */
    struct thenar_finding findings[THENAR_MAX_FINDINGS];
};

/* STATUS: once a second, streaming or not. */
struct thenar_health {
    uint64_t ticks;
    uint32_t uptime_s;
    bool streaming;
    uint32_t rate_mhz;
    uint16_t gate_counts;
    int16_t temperature_centi_c; /* 0.01 degree Celsius; INT16_MIN: no sensor */
    uint16_t supply_mv;          /* 0: not measured */
    uint32_t n_frames;           /* scanned since the reset */
    uint32_t n_dropped;          /* of these, dropped whole because the link was full */
    uint32_t n_overruns;         /* scans that began late */
    uint32_t n_link_stalls;      /* times that the host took nothing for 100 ms */
    uint32_t n_watchdog_resets;
    uint32_t n_bad_commands; /* damaged, malformed or unknown messages from the host */
    uint16_t last_fault;     /* enum thenar_fault_code, remembered across the reset; 0: none */
};

enum thenar_fault_code {
    THENAR_FAULT_NONE = 0,
    THENAR_FAULT_WATCHDOG = 1,
    THENAR_FAULT_SCAN_STALLED = 2,
    THENAR_FAULT_SUPPLY = 3,
    THENAR_FAULT_INTERNAL = 4
};

/* FAULT: sent before the device goes to its safe state. */
struct thenar_fault {
    uint64_t ticks;
    uint16_t code; /* enum thenar_fault_code */
    uint32_t detail;
};

/* AUX: one sample of an auxiliary channel. */
struct thenar_aux_sample {
    uint64_t ticks;
    uint8_t id;
    uint8_t n_values;
    int32_t values[THENAR_MAX_AUX_VALUES]; /* steps of the channel's scale */
};

#endif
