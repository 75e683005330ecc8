// SPDX-License-Identifier: GPL-3.0-or-later
// A host that does not read: whole frames are dropped, oldest first, counted, told in the next
// frame; the scan goes on evenly.
import assert from 'node:assert/strict';

import { BULK, CDC, Station } from './station.mjs';
import { COMMAND, TYPE } from './link.mjs';
import { Meter, round, worstTaxel } from './measure.mjs';

const board = process.argv[2];

function stall(way) {
    const station = new Station(board);
    const hello = station.begin(way);
    const link = station.links[way.name], { rateHz } = station.board;
    station.ask(COMMAND.START, 0, { way });
    station.run(50);
    const meter = new Meter(station);
    station.stopReading(way);
    station.run(1000);
    const { jitterUs, nScans } = meter.read(rateHz);
    assert.ok(nScans >= rateHz - 1, `${nScans} scans although nobody reads`);
    assert.ok(jitterUs < 10, `as even as before: ${jitterUs} us`);

    station.startReading(way);
    station.run(1500);
    const frames = station.frames(way);
    const gaps = frames.slice(1).map((frame, i) => [frame, frames[i]])
        .filter(([frame, before]) => frame.sequence !== before.sequence + 1);
    assert.equal(gaps.length, 1, 'one gap');
    const [[after, before]] = gaps;
    const nMissing = after.sequence - before.sequence - 1;
    assert.equal(after.nDropped - before.nDropped, nMissing, 'the frame after the gap tells how many');
    assert.ok(nMissing > rateHz / 2);
    assert.ok(before.sequence < 0.2 * rateHz, 'the newest were kept, the oldest went');
    assert.equal(frames.at(-1).nDropped, after.nDropped, 'and none after');
    for (const frame of frames) {
        assert.ok(frame.exact);
        assert.equal(frame.nLate, 0);
    }
    assert.ok(worstTaxel(after, hello, station.array).counts <= 2, 'no frame is half of another');
    const status = link.of(TYPE.STATUS).at(-1);
    assert.equal(status.nDropped, nMissing);
    assert.equal(status.nOverruns, 0);
    assert.equal(status.nLinkStalls, 1);
    const nAll = frames.at(-1).sequence + 1;
    assert.equal(frames.length + nMissing, nAll, 'every frame arrived or was counted');
    station.finish();
    console.log(`${board} over ${way.name}: nobody reads for 1 s: ${nMissing} of ${nAll} frames ` +
        `dropped and counted, scan starts within ${round(jitterUs, 2)} us`);
}

stall(BULK);
stall(CDC);
