// SPDX-License-Identifier: GPL-3.0-or-later
// A hung program says so, is reset, and the fault is remembered across it; so are the core's faults.
import assert from 'node:assert/strict';

import { BULK, Station, address } from './station.mjs';
import { COMMAND, RESULT, TYPE } from './link.mjs';

const WATCHDOG = 1, SUPPLY = 3, INTERNAL = 4;
const board = process.argv[2];
const station = new Station(board);
station.begin();
station.ask(COMMAND.RATE, 100000);
station.ask(COMMAND.START);
station.run(100);
const unharmed = station.frames().length;
assert.ok(unharmed >= 9);

// The main loop hangs in the middle of streaming
let link = station.links[BULK.name];
const hung = station.chip.nanos;
station.chip.hang(address(board, 'device_poll'));
station.run(800);
assert.equal(station.chip.ended, 'watchdog');
const tookMs = (station.chip.nanos - hung) / 1e6;
assert.ok(tookMs > 400 && tookMs < 600, `the watchdog bit after ${tookMs} ms`);
assert.equal(link.of(TYPE.FAULT).length, 1, 'the host was told before');
assert.equal(link.of(TYPE.FAULT)[0].code, WATCHDOG);
assert.equal(link.nBad, 0);
const high = station.chip.mcu.sio.gpioValue >>> station.board.rowEnable & 1;
assert.equal(high, 0, 'the array was left undriven');
assert.deepEqual(station.host.errors, []);

// It comes back, remembers, and does not stream
station.comeBack();
station.enumerate();
link = station.open();
station.run(1200);
assert.equal(link.messages[0].type, TYPE.HELLO, 'HELLO, unasked: there was a reset');
let status = link.of(TYPE.STATUS).at(-1);
assert.equal(status.lastFault, WATCHDOG);
assert.equal(status.nWatchdogResets, 1);
assert.equal(status.streaming, false);
assert.equal(station.frames().length, 0);
station.ask(COMMAND.START);
station.run(50);
assert.ok(station.frames().length > 10, 'and works');

// A fault of the core itself: nothing can be said then, but it is remembered
const core = station.chip.mcu.core;
core.PC = address(board, 'isr_hardfault') & ~1;
station.run(800);
assert.equal(station.chip.ended, 'watchdog');
station.comeBack();
station.enumerate();
link = station.open();
station.run(1200);
status = link.of(TYPE.STATUS).at(-1);
assert.equal(status.lastFault, INTERNAL);
assert.equal(status.nWatchdogResets, 2);

// The supply sags: FAULT, safe state, STATUS goes on; START is refused until it is well again
station.ask(COMMAND.START);
station.array.supplyMv = 4100;
station.run(2500);
assert.equal(link.of(TYPE.FAULT).at(-1).code, SUPPLY);
station.ask(COMMAND.START, 0, { result: RESULT.UNSUPPORTED });
const nFrames = station.frames().length;
station.run(100);
assert.equal(station.frames().length, nFrames);
assert.equal(link.of(TYPE.STATUS).at(-1).lastFault, SUPPLY);
station.array.supplyMv = 5000;
station.ask(COMMAND.START);
station.run(100);
assert.ok(station.frames().length > nFrames);

// Power off: the memory is gone
station.powerOn();
station.enumerate();
link = station.open();
station.run(1200);
status = link.of(TYPE.STATUS).at(-1);
assert.equal(status.lastFault, 0);
assert.equal(status.nWatchdogResets, 0);
station.finish();
console.log(`${board}: hung program said so, was reset after ${Math.round(tookMs)} ms and remembered`);
