// SPDX-License-Identifier: GPL-3.0-or-later
// Rate and gate outlive the power; a store that is cut anywhere leaves the old ones or the new.
import assert from 'node:assert/strict';

import { BULK, Station } from './station.mjs';
import { COMMAND, RESULT, TYPE, command } from './link.mjs';
import { freshFlash } from './chip.mjs';

const board = process.argv[2];
const SECTOR_BYTES = 4096, FLASH_BYTES = 2 * 1024 * 1024;

function settings(flash) {
    const station = new Station(board, { flash });
    const hello = station.begin();
    return { rateMhz: hello.rateMhz, gate: hello.gate };
}

// A new device has none stored, and says so
const station = new Station(board);
const { flash } = station;
assert.equal(station.begin().rateMhz, station.board.rateHz * 1000);
station.ask(COMMAND.SETTINGS_LOAD, 0, { result: RESULT.STORAGE });

// Where it writes: one slot at a time, in the last two erase blocks
const program = flash.slice(0, FLASH_BYTES - 2 * SECTOR_BYTES);
const written = [];
station.chip.onFlashWrite = (offset) => written.push(offset);
function store(rateMhz, gate) {
    written.length = 0;
    station.ask(COMMAND.RATE, rateMhz);
    station.ask(COMMAND.GATE, gate);
    station.ask(COMMAND.SETTINGS_STORE);
    return { first: Math.min(...written), last: Math.max(...written), n: written.length };
}
const one = store(200000, 10), two = store(300000, 20), three = store(250000, 30);
for (const { first, last } of [one, two, three]) {
    assert.ok(first >= FLASH_BYTES - 2 * SECTOR_BYTES);
    assert.equal(Math.floor(first / SECTOR_BYTES), Math.floor(last / SECTOR_BYTES));
}
assert.notEqual(one.first, two.first, 'the slots take turns');
assert.equal(one.first, three.first);
assert.deepEqual(Buffer.from(flash.slice(0, program.length)), Buffer.from(program), 'no program harmed');
assert.deepEqual(settings(flash.slice()), { rateMhz: 250000, gate: 30 }, 'and they are there again');

// LOAD brings them back over what was set meanwhile
station.ask(COMMAND.RATE, 100000);
station.ask(COMMAND.SETTINGS_LOAD);
station.ask(COMMAND.DESCRIBE);
assert.equal(station.links[BULK.name].of(TYPE.HELLO).at(-1).rateMhz, 250000);
station.finish();

// Power cut at a word of the erase, of the record, of the rest of the page
const base = flash.slice();
const cuts = [1, 2, 3, 512, 1023, 1024, 1025, 1026, 1027, 1028, 1029, 1030, 1050, three.n - 1];
let nOld = 0, nNew = 0;
for (const cut of cuts) {
    const torn = base.slice();
    const victim = new Station(board, { flash: torn });
    victim.begin();
    victim.ask(COMMAND.RATE, 400000);
    victim.ask(COMMAND.GATE, 40);
    let nWords = 0;
    victim.chip.onFlashWrite = () => {
        if (++nWords === cut)
            victim.chip.ended = 'power';
    };
    victim.send(command(900, COMMAND.SETTINGS_STORE));
    victim.run(50);
    assert.equal(victim.chip.ended, 'power', `cut at word ${cut}`);
    const found = settings(torn);
    if (found.rateMhz === 400000)
        assert.deepEqual(found, { rateMhz: 400000, gate: 40 }, `whole, at ${cut}`), nNew++;
    else
        assert.deepEqual(found, { rateMhz: 250000, gate: 30 }, `the old ones, at ${cut}`), nOld++;
}
assert.ok(nOld > 0 && nNew > 0);

// Nonsense in both slots is no settings
const spoiled = freshFlash(station.program);
for (let i = FLASH_BYTES - 2 * SECTOR_BYTES; i < FLASH_BYTES; i++)
    spoiled[i] = i * 37 & 255;
assert.deepEqual(settings(spoiled), { rateMhz: station.board.rateHz * 1000, gate: 0 });
console.log(`${board}: ${cuts.length} power cuts, ${nOld} left the old settings, ${nNew} the new`);
