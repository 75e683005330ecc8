// SPDX-License-Identifier: GPL-3.0-or-later
// The computer goes to sleep and wakes: the device stops scanning meanwhile, and afterwards says to
// the host that was there that it does not stream; START makes it go on.
import assert from 'node:assert/strict';

import { BULK, CDC, Station } from './station.mjs';
import { COMMAND, RESULT, TYPE } from './link.mjs';
import { Meter, assertUnbroken, round } from './measure.mjs';

const board = process.argv[2];

function sleepAndWake(way, other) {
    const station = new Station(board);
    station.begin(way);
    const link = station.links[way.name];
    station.ask(COMMAND.START, 0, { way });
    station.run(200);
    const meter = new Meter(station);
    station.host.suspend();
    station.run(50);
    const scansBefore = meter.starts.length;
    meter.restart();
    const bytesBefore = station.host.stats.in;
    station.run(1000);
    assert.ok(scansBefore > 0, 'it scans until the suspension is told');
    assert.equal(meter.starts.length, 0, 'asleep it does not scan');
    assert.equal(station.host.stats.in, bytesBefore);
    const idle = (station.chip.idleNanos - meter.idle) / (station.chip.nanos - meter.nanos) * 100;
    assert.ok(idle > 95, `asleep it idles: ${idle} %`);
    assertUnbroken(station.frames(way));

    station.host.resume();
    const wakeNanos = station.chip.nanos, nBefore = link.messages.length;
    station.until(() => link.messages.slice(nBefore).some((m) => m.type === TYPE.STATUS && !m.streaming), 1200,
        'a STATUS that says: not streaming');
    const saidMs = (station.chip.nanos - wakeNanos) / 1e6;
    assert.ok(link.nBad <= 1, 'at most the message in which it fell asleep');
    link.nBad = 0;
    const frames = station.frames(way).length;
    station.ask(COMMAND.START, 0, { way });
    station.run(200);
    const after = station.frames(way).slice(frames);
    assertUnbroken(after);
    assert.equal(after[0].sequence, 0);
    assert.ok(after.length >= 0.19 * station.board.rateHz);

    // The link is still the first host's
    station.open(other);
    station.ask(COMMAND.STOP, 0, { way: other, result: RESULT.BUSY });
    station.finish();
    return { saidMs, idle };
}

/* A bus reset, awake or asleep, begins anew: nobody who was there before is there still. */
function reset(asleep, way, other) {
    const station = new Station(board);
    station.begin(way);
    station.ask(COMMAND.START, 0, { way });
    station.run(50);
    if (asleep)
        station.host.suspend();
    station.run(100);
    station.stopReading(way);
    station.enumerate();
    const link = station.open(other);
    station.ask(COMMAND.STOP, 0, { way: other });
    station.ask(COMMAND.DESCRIBE, 0, { way: other });
    station.run(1100);
    assert.equal(link.of(TYPE.STATUS).at(-1).streaming, false);
    assert.equal(link.nBad, 0);
    assert.deepEqual(station.host.errors, []);
}

for (const [way, other] of [[BULK, CDC], [CDC, BULK]]) {
    const { saidMs, idle } = sleepAndWake(way, other);
    console.log(`${board} over ${way.name}: asleep ${round(idle)} % idle, nothing scanned; ` +
        `${Math.round(saidMs)} ms after waking it says that it does not stream`);
}
for (const asleep of [false, true])
    for (const [way, other] of [[BULK, CDC], [CDC, BULK]])
        reset(asleep, way, other);
