// SPDX-License-Identifier: GPL-3.0-or-later
// The same stimulus gives the same frames: octet for octet from run to run, and in content as
// golden.json has it, whatever compiler built the firmware (times are left out of that).
// golden.json changes only with a reason; `node test_golden.mjs BOARD --print` tells the new value.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';

import { BULK, Station } from './station.mjs';
import { COMMAND } from './link.mjs';

const N_FRAMES = 60;
const board = process.argv[2];

function run() {
    const station = new Station(board);
    const wire = createHash('sha256'), content = createHash('sha256');
    const hello = station.begin();
    const link = station.links[BULK.name], receive = link.receive.bind(link);
    link.receive = (bytes) => {
        wire.update(bytes);
        receive(bytes);
    };
    station.ask(COMMAND.START);
    station.until(() => station.frames().length >= N_FRAMES / 2, 1000, 'the first half');
    station.ask(COMMAND.GATE, 1000);
    station.until(() => station.frames().length >= N_FRAMES, 1000, 'the second half');
    content.update(JSON.stringify(hello.exists));
    const sparse = station.frames().find((frame) => frame.encoding === 1);
    for (const frame of [...station.frames().slice(0, N_FRAMES / 2), sparse]) {
        content.update(Buffer.from([frame.trigger, frame.encoding, frame.nLate, frame.nDropped]));
        content.update(Buffer.from(frame.counts.buffer, frame.counts.byteOffset, frame.counts.byteLength));
    }
    station.finish();
    return { wire: wire.digest('hex').slice(0, 16), content: content.digest('hex').slice(0, 16) };
}

const first = run(), second = run();
console.log(`${board}: wire ${first.wire}, content ${first.content}`);
assert.deepEqual(second, first, 'two runs are the same to the last octet');
if (!process.argv.includes('--print')) {
    const golden = JSON.parse(fs.readFileSync(new URL('golden.json', import.meta.url), 'utf8'));
    assert.equal(first.content, golden[board]);
}
