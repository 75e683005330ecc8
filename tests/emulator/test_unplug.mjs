// SPDX-License-Identifier: GPL-3.0-or-later
// The device is torn from the bus in the middle of a frame: that frame is lost and nothing else, and
// the host can tell.
import assert from 'node:assert/strict';

import { BULK, Station } from './station.mjs';
import { COMMAND, TYPE } from './link.mjs';
import { assertUnbroken, worstTaxel } from './measure.mjs';

const board = process.argv[2];
const station = new Station(board);
const hello = station.begin();
station.ask(COMMAND.START);
station.run(200);
const link = station.links[BULK.name];

// Until some packets of a frame have come, but not all; the host hands up what it has
const n = station.frames().length;
const transfer = () => station.host.queues.get(BULK.in * 2)[0];
station.until(() => transfer().nReceived > 300 && transfer().nReceived < 1200, 50, 'half a frame');
link.receive(Buffer.concat(transfer().received));
assert.ok(link.buffered.length > 0, 'half a frame is in hand');
const before = station.frames();
assert.ok(before.length >= n);
assertUnbroken(before);

// Power is back, the same host reads on with the same decoder
station.powerOn();
station.enumerate();
station.links[BULK.name] = link;
assert.equal(station.control(0x41, 1, 1, 2, Uint8Array.of()).status, 0);
station.startReading(BULK);
const nHellos = link.of(TYPE.HELLO).length;
station.ask(COMMAND.DESCRIBE);
assert.equal(link.nBad, 1, 'the half frame is one damaged message');
assert.equal(link.of(TYPE.HELLO).length, nHellos + 2, 'a HELLO unasked tells of the reset');
station.ask(COMMAND.START);
station.run(200);
const after = station.frames().slice(before.length);
assertUnbroken(after);
assert.equal(after[0].sequence, 0);
assert.ok(worstTaxel(after.at(-1), hello, station.array).counts <= 2);
assert.deepEqual(station.host.errors, []);
console.log(`${board}: torn away in mid-frame: ${before.length} frames before and ${after.length} ` +
    'after are whole, 1 message damaged');
