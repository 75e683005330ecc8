// SPDX-License-Identifier: GPL-3.0-or-later
// Every command of LINK.md, 4, and everything that is not one, is answered by the real chip's code.
import assert from 'node:assert/strict';

import { BULK, Station } from './station.mjs';
import { COMMAND, RESULT, TYPE, command, wrap } from './link.mjs';
import { assertUnbroken } from './measure.mjs';

const board = process.argv[2];
const station = new Station(board);
const hello = station.begin();
const link = station.links[BULK.name];

// Rate and gate: limits are told, nothing is changed by a refusal
let reply = station.ask(COMMAND.RATE, hello.rateMaxMhz + 1, { result: RESULT.RANGE });
assert.equal(reply.value, hello.rateMaxMhz);
reply = station.ask(COMMAND.RATE, 1, { result: RESULT.RANGE });
assert.equal(reply.value, hello.rateMinMhz);
reply = station.ask(COMMAND.GATE, 4096, { result: RESULT.RANGE });
assert.equal(reply.value, 4095);
assert.equal(station.ask(COMMAND.RATE, 123456).value, 123456);

// Streaming: START answers before frame 0, again changes nothing; what must not happen is refused
station.ask(COMMAND.START);
station.run(60);
const atStart = link.messages.findLastIndex?.((m) => m.type === TYPE.REPLY && m.code === COMMAND.START) ??
    link.messages.map((m) => m.code === COMMAND.START && m.type === TYPE.REPLY).lastIndexOf(true);
assert.ok(atStart < link.messages.findIndex((m) => m.type === TYPE.FRAME));
station.ask(COMMAND.START);
for (const code of [COMMAND.SELF_TEST, COMMAND.SETTINGS_LOAD, COMMAND.SETTINGS_STORE, COMMAND.BOOTLOADER])
    station.ask(code, 0, { result: RESULT.STREAMING });
station.run(200);
const frames = station.frames();
assertUnbroken(frames);
const ticks = frames.at(-1).ticks - frames[1].ticks;
const wanted = (frames.length - 2) * hello.tickHz / 123.456;
assert.ok(Math.abs(ticks - wanted) <= 2, `an odd rate is kept exactly: ${ticks} of ${wanted} ticks`);

// The gate sends what is above it and nothing else
assert.equal(station.ask(COMMAND.GATE, 2000).value, 2000);
station.run(40);
const gated = station.frames().at(-1);
assert.equal(gated.encoding, 1);
assert.ok(gated.exact);
hello.exists.forEach((exists, i) => {
    const counts = exists ? station.array.counts(Math.floor(i / hello.nCols), i % hello.nCols) : 0;
    if (Math.abs(counts - 2000) > 2)
        assert.ok(Math.abs(gated.counts[i] - (counts > 2000 ? counts : 0)) <= 2, `taxel ${i}`);
});
station.ask(COMMAND.GATE, 0);

// STOP: no frame after its reply
station.ask(COMMAND.STOP);
const nStopped = station.frames().length;
station.run(50);
assert.equal(station.frames().length, nStopped);
station.ask(COMMAND.START);
station.run(30);
assert.equal(station.frames()[nStopped].sequence, 0, 'sequence begins anew');
station.ask(COMMAND.STOP);

// IDENTIFY: the light changes for as long as was asked
const led = () => station.chip.mcu.sio.gpioValue >>> station.board.led & 1;
station.ask(COMMAND.IDENTIFY, 1200);
const seen = new Set();
for (let i = 0; i < 11; i++) {
    station.run(100);
    seen.add(led());
}
assert.equal(seen.size, 2, 'it blinks');
station.run(300);
assert.equal(led(), 0, 'and stops');
station.ask(COMMAND.IDENTIFY, 60001, { result: RESULT.RANGE });

// What is no command
const replies = () => link.of(TYPE.REPLY);
function told(bytes, want) {
    const n = replies().length;
    station.send(bytes);
    station.until(() => replies().length > n, 500, 'an answer');
    const { request, code, result } = replies().at(-1);
    assert.deepEqual({ request, code, result }, want);
}
told(wrap(TYPE.COMMAND, Buffer.from([7, 0, 99])), { request: 7, code: 99, result: RESULT.UNKNOWN });
told(wrap(TYPE.COMMAND, Buffer.from([8, 0, COMMAND.RATE])),
    { request: 8, code: COMMAND.RATE, result: RESULT.MALFORMED });
told(wrap(TYPE.COMMAND, Buffer.from([9])), { request: 0, code: 0, result: RESULT.MALFORMED });
told(wrap(TYPE.COMMAND, Buffer.from([9, 1])), { request: 265, code: 0, result: RESULT.MALFORMED });
told(wrap(TYPE.HELLO, Buffer.alloc(5)), { request: 0, code: 0, result: RESULT.UNKNOWN });
const damaged = command(77, COMMAND.START);
damaged[5] ^= 0x10;
const n = replies().length;
station.send(damaged);
station.run(1200);
assert.equal(replies().length, n, 'what is damaged gets no answer');
assert.equal(link.of(TYPE.STATUS).at(-1).nBadCommands, 6, 'but is counted');

// A command in pieces, and three in one packet
const pieces = command(500, COMMAND.DESCRIBE);
for (const byte of pieces)
    station.send(Buffer.from([byte]));
station.send(Buffer.concat([501, 502, 503].map((request) => command(request, COMMAND.STOP))));
station.run(100);
assert.deepEqual(replies().slice(-4).map((each) => each.request), [500, 501, 502, 503]);

// 64 octets in one packet, none after it: it is taken at once
const full = Buffer.concat([Buffer.alloc(64 - command(504, COMMAND.STOP).length), command(504, COMMAND.STOP)]);
station.send(full);
station.run(20);
assert.equal(replies().at(-1).request, 504);

// STATUS
const status = link.of(TYPE.STATUS).at(-1);
assert.ok(Math.abs(status.temperatureCentiC - 2700) < 100, `temperature ${status.temperatureCentiC}`);
assert.ok(Math.abs(status.supplyMv - 5000) < 20, `supply ${status.supplyMv}`);
assert.equal(status.nWatchdogResets, 0);
assert.equal(status.lastFault, 0);

// BOOTLOADER: OK is the last thing said, then the boot ROM has the chip
station.ask(COMMAND.BOOTLOADER);
assert.equal(link.messages.at(-1).code, COMMAND.BOOTLOADER);
station.run(300);
assert.equal(station.chip.ended, 'bootloader');
assert.equal(station.host.attached, false, 'and it has left the bus');
station.finish();
console.log(`${board}: ${replies().length} answers`);
