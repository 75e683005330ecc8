// SPDX-License-Identifier: GPL-3.0-or-later
// One link, two interfaces: the first host has it, the second is told BUSY; who leaves makes room.
import assert from 'node:assert/strict';

import { BULK, CDC, Station } from './station.mjs';
import { COMMAND, RESULT, TYPE, wrap } from './link.mjs';
import { assertUnbroken } from './measure.mjs';

const board = process.argv[2];

function firstComes(first, second) {
    const station = new Station(board);
    station.begin(first);
    station.ask(COMMAND.START, 0, { way: first });
    const other = station.open(second);
    for (const code of [COMMAND.STOP, COMMAND.DESCRIBE, COMMAND.START, COMMAND.BOOTLOADER])
        station.ask(code, 0, { way: second, result: RESULT.BUSY });
    station.ask(COMMAND.RATE, 50000, { way: second, result: RESULT.BUSY });
    station.send(wrap(TYPE.STATUS, Buffer.alloc(3)), second);
    station.run(1200);
    assert.ok(other.messages.every((m) => m.type === TYPE.REPLY && m.result === RESULT.BUSY),
        'nothing but BUSY on the other interface');
    assert.equal(other.messages.length, 6);
    assert.equal(other.messages.at(-1).request, 0);
    const frames = station.frames(first);
    assert.ok(frames.length > 500, 'and the first one streams on');
    assertUnbroken(frames);

    // The first leaves: streaming stops, the second has the link, and nobody else's octets in it
    station.close(first);
    station.run(10);
    station.ask(COMMAND.DESCRIBE, 0, { way: second });
    assert.equal(other.messages.at(-2).type, TYPE.TAXELS);
    station.run(1100);
    assert.equal(other.of(TYPE.STATUS).at(-1).streaming, false, 'a host that left does not stream');
    assert.equal(other.of(TYPE.FRAME).length, 0);
    station.ask(COMMAND.START, 0, { way: second });
    station.run(100);
    assertUnbroken(station.frames(second));
    assert.ok(station.frames(second).length > 40);

    // The first comes again: now it is the one that waits
    const again = station.open(first);
    station.ask(COMMAND.STOP, 0, { way: first, result: RESULT.BUSY });
    assert.ok(again.nBad <= 1, 'at most the message in which it left');
    again.nBad = 0;
    station.finish();
}

/* A host that died without leaving: its interface takes nothing more. */
function deadHost() {
    const station = new Station(board);
    station.begin(BULK);
    station.ask(COMMAND.START);
    station.run(50);
    station.stopReading(BULK);
    station.run(5000);
    station.open(CDC);
    station.run(100);
    station.ask(COMMAND.STOP, 0, { way: CDC });
    station.ask(COMMAND.DESCRIBE, 0, { way: CDC });
    station.finish();
}

/* Octets alone are a host on the bulk endpoints, without the request HOST. */
function plainHost() {
    const station = new Station(board);
    station.enumerate();
    station.open(BULK);
    station.control(0x41, 1, 0, 2, Uint8Array.of());
    station.links[BULK.name].messages.length = 0;
    station.run(20);
    station.ask(COMMAND.STOP);
    station.finish();
}

firstComes(BULK, CDC);
firstComes(CDC, BULK);
deadHost();
plainHost();
console.log(`${board}: the first host has the link, the second is told BUSY`);
