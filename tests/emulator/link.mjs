// SPDX-License-Identifier: GPL-3.0-or-later
// The device link's host end, written from protocol/LINK.md alone.

export const TYPE = { HELLO: 1, TAXELS: 2, FRAME: 3, STATUS: 4, FAULT: 5, REPLY: 6, AUX: 7, COMMAND: 16 };
export const COMMAND = {
    DESCRIBE: 1, START: 2, STOP: 3, RATE: 4, GATE: 5, IDENTIFY: 6, SELF_TEST: 7, SETTINGS_LOAD: 8,
    SETTINGS_STORE: 9, BOOTLOADER: 10
};
export const RESULT = {
    OK: 0, UNKNOWN: 1, MALFORMED: 2, RANGE: 3, STREAMING: 4, STORAGE: 5, UNSUPPORTED: 6, BUSY: 7
};
const WITH_ARGUMENT = new Set([COMMAND.RATE, COMMAND.GATE, COMMAND.IDENTIFY]);

const table = Uint32Array.from({ length: 256 }, (_, n) => {
    for (let i = 0; i < 8; i++)
        n = n & 1 ? n >>> 1 ^ 0x82f63b78 : n >>> 1;
    return n;
});

export function crc32c(bytes) {
    let crc = 0xffffffff;
    for (const byte of bytes)
        crc = table[(crc ^ byte) & 255] ^ crc >>> 8;
    return (crc ^ 0xffffffff) >>> 0;
}

export function cobsEncode(bytes) {
    const out = [];
    let piece = [];
    for (const byte of bytes) {
        if (byte) {
            piece.push(byte);
            if (piece.length < 254)
                continue;
            out.push(255, ...piece);
        } else {
            out.push(piece.length + 1, ...piece);
        }
        piece = [];
    }
    out.push(piece.length + 1, ...piece);
    return Buffer.from(out);
}

export function cobsDecode(bytes) {
    const out = Buffer.alloc(bytes.length);
    let n = 0;
    for (let at = 0; at < bytes.length;) {
        const code = bytes[at++];
        if (at + code - 1 > bytes.length)
            return null;
        bytes.copy(out, n, at, at + code - 1);
        n += code - 1;
        at += code - 1;
        if (code < 255 && at < bytes.length)
            out[n++] = 0;
    }
    return out.subarray(0, n);
}

export function wrap(type, body) {
    const message = Buffer.concat([Buffer.from([type]), body, Buffer.alloc(4)]);
    message.writeUInt32LE(crc32c(message.subarray(0, -4)), message.length - 4);
    return Buffer.concat([Buffer.from([0]), cobsEncode(message), Buffer.from([0])]);
}

export function command(request, code, argument = 0) {
    const body = Buffer.alloc(WITH_ARGUMENT.has(code) ? 7 : 3);
    body.writeUInt16LE(request, 0);
    body[2] = code;
    if (body.length === 7)
        body.writeUInt32LE(argument, 3);
    return wrap(TYPE.COMMAND, body);
}

export function unpack12(packed, n) {
    const samples = new Uint16Array(n);
    for (let i = 0; i < n; i += 2) {
        const at = i / 2 * 3;
        samples[i] = packed[at] | (packed[at + 1] & 0x0f) << 8;
        if (i + 1 < n)
            samples[i + 1] = packed[at + 1] >> 4 | packed[at + 2] << 4;
    }
    return samples;
}

function hello(body) {
    let at = 59;
    const text = () => {
        const length = body[at];
        const value = body.toString('utf8', at + 1, at + 1 + length);
        at += 1 + length;
        return value;
    };
    const h = {
        major: body[0], minor: body[1], mount: body[2], adcBits: body[3], nRows: body.readUInt16LE(4),
        nCols: body.readUInt16LE(6), tickHz: body.readUInt32LE(8), rateMhz: body.readUInt32LE(12),
        rateMinMhz: body.readUInt32LE(16), rateMaxMhz: body.readUInt32LE(20),
        hasPages: (body[37] & 2) !== 0, settleNs: body.readUInt32LE(42), gate: body.readUInt16LE(46)
    };
    text();
    h.model = text();
    h.serial = text();
    h.firmware = text();
    h.aux = Array.from({ length: body[at] }, (_, i) => {
        const from = at + 1 + i * 11;
        return {
            id: body[from], kind: body[from + 1], nValues: body[from + 2],
            rateMhz: body.readUInt32LE(from + 3), scaleNano: body.readUInt32LE(from + 7)
        };
    });
    at += 1 + body[at] * 11;
    const bits = body.subarray(at);
    h.exists = Array.from({ length: h.nRows * h.nCols }, (_, i) => (bits[i >> 3] >> (i & 7) & 1) === 1);
    return h;
}

function frame(body, nTaxels) {
    const f = {
        sequence: body.readUInt32LE(0), ticks: Number(body.readBigUInt64LE(4)),
        scanTicks: body.readUInt32LE(12), nDropped: body.readUInt32LE(16), nLate: body.readUInt16LE(20),
        trigger: body[22] & 1, encoding: body[23]
    };
    const samples = body.subarray(24);
    if (f.encoding === 0) {
        f.exact = samples.length === Math.ceil(3 * nTaxels / 2);
        f.counts = unpack12(samples, nTaxels);
    } else {
        const nBitmap = Math.ceil(nTaxels / 8), sent = [];
        for (let i = 0; i < nTaxels; i++)
            if (samples[i >> 3] >> (i & 7) & 1)
                sent.push(i);
        f.exact = samples.length === nBitmap + Math.ceil(3 * sent.length / 2);
        f.counts = new Uint16Array(nTaxels);
        unpack12(samples.subarray(nBitmap), sent.length).forEach((c, k) => { f.counts[sent[k]] = c; });
    }
    return f;
}

function status(body) {
    const u32 = (at) => body.readUInt32LE(at);
    return {
        ticks: Number(body.readBigUInt64LE(0)), uptimeS: u32(8), streaming: body[12] === 1,
        rateMhz: u32(13), gate: body.readUInt16LE(17), temperatureCentiC: body.readInt16LE(19),
        supplyMv: body.readUInt16LE(21), nFrames: u32(23), nDropped: u32(27), nOverruns: u32(31),
        nLinkStalls: u32(35), nWatchdogResets: u32(39), nBadCommands: u32(43),
        lastFault: body.readUInt16LE(47)
    };
}

function reply(body) {
    const findings = [];
    for (let i = 0, at = 9; i < body[8]; i++, at += 5)
        findings.push({ kind: body[at], index: body.readUInt16LE(at + 1), counts: body.readUInt16LE(at + 3) });
    return {
        request: body.readUInt16LE(0), code: body[2], result: body[3], value: body.readUInt32LE(4), findings
    };
}

function aux(body) {
    const values = Array.from({ length: body[9] }, (_, i) => body.readInt32LE(10 + 4 * i));
    return { ticks: Number(body.readBigUInt64LE(0)), id: body[8], values };
}

export class Link {
    constructor() {
        this.buffered = Buffer.alloc(0);
        this.messages = [];
        this.nBad = 0;
        this.nTaxels = 0;
    }

    receive(bytes) {
        let data = Buffer.concat([this.buffered, bytes]);
        for (let end = data.indexOf(0); end >= 0; end = data.indexOf(0)) {
            if (end > 0)
                this.decode(data.subarray(0, end));
            data = data.subarray(end + 1);
        }
        this.buffered = Buffer.from(data);
    }

    decode(encoded) {
        const message = cobsDecode(encoded);
        if (!message || message.length < 5 ||
            crc32c(message.subarray(0, -4)) !== message.readUInt32LE(message.length - 4)) {
            this.nBad++;
            return;
        }
        const body = Buffer.from(message.subarray(1, -4));
        this.messages.push({ type: message[0], body, ...this.interpret(message[0], body) });
    }

    interpret(type, body) {
        switch (type) {
        case TYPE.HELLO: {
            const h = hello(body);
            this.nTaxels = h.nRows * h.nCols;
            return h;
        }
        case TYPE.FRAME: return frame(body, this.nTaxels);
        case TYPE.STATUS: return status(body);
        case TYPE.FAULT: return { code: body.readUInt16LE(8), detail: body.readUInt32LE(10) };
        case TYPE.REPLY: return reply(body);
        case TYPE.AUX: return aux(body);
        default: return {};
        }
    }

    of(type) { return this.messages.filter((message) => message.type === type); }
}
