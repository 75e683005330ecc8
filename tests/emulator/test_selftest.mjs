// SPDX-License-Identifier: GPL-3.0-or-later
// Faults of the array are found, named and placed; a good array has none.
import assert from 'node:assert/strict';

import { Station } from './station.mjs';
import { COMMAND } from './link.mjs';

const OPEN_ROW = 1, SHORTED_COLUMN = 2, STUCK_TAXEL = 3, IDLE_HUM = 4;
const board = process.argv[2];
const station = new Station(board);
station.array.stimulus = () => 20; // nothing touches it
const hello = station.begin();

function test() {
    const reply = station.ask(COMMAND.SELF_TEST, 0, { ms: 5000 });
    assert.equal(reply.value, reply.findings.length);
    return reply.findings;
}

assert.deepEqual(test(), [], 'a good array');

station.array.openRows.add(5);
let findings = test();
assert.deepEqual(findings.map(({ kind, index }) => [kind, index]), [[OPEN_ROW, 5]]);
assert.ok(findings[0].counts < 100);
station.array.openRows.clear();

station.array.shortedCols.add(7);
findings = test();
assert.deepEqual(findings.map(({ kind, index }) => [kind, index]), [[SHORTED_COLUMN, 7]]);
assert.ok(findings[0].counts > 4000);
station.array.shortedCols.clear();

const taxel = hello.exists.lastIndexOf(true);
station.array.stuck.set(`${Math.floor(taxel / hello.nCols)},${taxel % hello.nCols}`, 1500);
findings = test();
assert.deepEqual(findings.map(({ kind, index }) => [kind, index]), [[STUCK_TAXEL, taxel]]);
assert.ok(Math.abs(findings[0].counts - 1500) <= 2);
station.array.stuck.clear();

station.array.stimulus = () => 200;
station.array.hum = { amplitude: 60, hz: 50 };
findings = test();
assert.deepEqual(findings.map(({ kind, index }) => [kind, index]), [[IDLE_HUM, 0]]);
assert.ok(findings[0].counts > 80 && findings[0].counts <= 121, `hum of ${findings[0].counts} counts`);
station.array.hum.amplitude = 0;

// Several at once, and then the array is undriven and can be scanned
station.array.openRows.add(0).add(station.board.nRows - 1);
station.array.shortedCols.add(1);
assert.equal(test().length, 3);
station.array.openRows.clear();
station.array.shortedCols.clear();
const high = station.chip.mcu.sio.gpioValue >>> station.board.rowEnable & 1;
assert.equal(high, 0, 'the array rests undriven');
station.ask(COMMAND.START);
station.run(50);
assert.ok(station.frames().length > 5);
station.finish();
console.log(`${board}: open row, shorted column, stuck taxel and hum found where they were put`);
