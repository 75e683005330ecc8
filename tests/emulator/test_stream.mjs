// SPDX-License-Identifier: GPL-3.0-or-later
// Frames hold what presses on the array, taxel by taxel, at the rate asked for, whatever else goes
// on; and what that costs.
import assert from 'node:assert/strict';

import { BULK, CDC, MS, Station } from './station.mjs';
import { COMMAND, TYPE, command } from './link.mjs';
import { MOST_OFF_COUNTS, Meter, assertUnbroken, round, worstTaxel } from './measure.mjs';

const LEAST_IDLE_PERCENT = 30, MOST_JITTER_US = 10;
const board = process.argv[2];

function checkHello(hello, station) {
    const { nRows, nCols, nTaxels, mount, rateHz } = station.board;
    assert.equal(hello.nRows, nRows);
    assert.equal(hello.nCols, nCols);
    assert.equal(hello.mount, mount);
    assert.equal(hello.adcBits, 12);
    assert.equal(hello.rateMhz, rateHz * 1000);
    assert.equal(hello.model, board);
    assert.equal(hello.exists.filter(Boolean).length, nTaxels);
}

function checkSamples(frames, hello, array) {
    let worst = { counts: 0 };
    for (const frame of frames) {
        const here = worstTaxel(frame, hello, array);
        worst = here.counts > worst.counts ? here : worst;
    }
    assert.ok(worst.counts <= MOST_OFF_COUNTS,
        `taxel ${worst.row},${worst.col} is off by ${worst.counts} counts`);
    return worst.counts;
}

function report(name, figures, more) {
    console.log(`${board} ${name}: ${round(figures.nScans / figures.seconds)} frames/s, ` +
        `${Math.round(figures.cyclesAFrame)} cycles a frame, ${round(figures.idlePercent)} % idle, ` +
        `scan starts within ${round(figures.jitterUs, 2)} us, ${more}`);
    assert.ok(figures.idlePercent >= LEAST_IDLE_PERCENT, `idle ${figures.idlePercent} %`);
    assert.ok(figures.jitterUs < MOST_JITTER_US, `jitter ${figures.jitterUs} us`);
}

function stream(way, ms) {
    const station = new Station(board);
    const hello = station.begin(way);
    checkHello(hello, station);
    const { rateHz } = station.board;
    station.ask(COMMAND.START, 0, { way });
    station.run(20);
    const meter = new Meter(station), nBefore = station.frames(way).length;
    station.run(ms);
    const frames = station.frames(way);
    assert.equal(frames[0].sequence, 0, 'the first frame after START');
    assertUnbroken(frames);
    const counts = checkSamples(frames, hello, station.array);
    const n = frames.length - nBefore, wanted = rateHz * ms / 1000;
    assert.ok(Math.abs(n - wanted) <= 1, `${n} frames of ${wanted}`);
    const ticks = frames.slice(1).map((frame, i) => frame.ticks - frames[i].ticks);
    ticks.forEach((each, i) => { // START itself is not timed to the microsecond
        const most = i === 0 ? 10 : 2;
        assert.ok(Math.abs(each - hello.tickHz / rateHz) <= most, `ticks between frames: ${each}`);
    });
    report(`over ${way.name}`, meter.read(rateHz),
        `0 of ${frames.length} frames lost, samples within ${counts} counts, ` +
        `scan takes ${frames[1].scanTicks} us, stack ${station.chip.stackUsed} octets`);
    return { station, hello, way };
}

/* The pattern moves while it is being scanned: a frame after the change has all of the new one. */
function followStimulus({ station, hello, way }) {
    for (const step of [1, 2, 3]) {
        station.array.stimulus = (row, col) => 100 + (row * 131 + col * 977 + step * 1777) % 3800;
        station.array.select(0);
        station.run(20);
        const frames = station.frames(way);
        checkSamples(frames.slice(-1), hello, station.array);
    }
    station.chip.setInput(station.board.trigger, true);
    station.run(15);
    assert.equal(station.frames(way).at(-1).trigger, 1);
    station.chip.setInput(station.board.trigger, false);
    station.run(15);
    assert.equal(station.frames(way).at(-1).trigger, 0);
}

/* Everything at once: frames, descriptions each 10 ms, and a second host that does not give up. */
function underLoad({ station, way, hello }) {
    station.open(CDC);
    const link = station.links[way.name];
    const meter = new Meter(station), nBefore = station.frames(way).length;
    const bytesBefore = station.host.stats.in, nanos = station.chip.nanos;
    for (let i = 0; i < 30; i++) {
        station.send(command(1000 + i, COMMAND.DESCRIBE), way);
        for (let k = 0; k < 4; k++)
            station.send(command(2000 + 4 * i + k, COMMAND.START), CDC);
        station.run(10);
    }
    const frames = station.frames(way).slice(nBefore);
    assertUnbroken(frames);
    checkSamples(frames, hello, station.array);
    const described = link.of(TYPE.REPLY).filter((reply) => reply.request >= 1000).length;
    assert.ok(described >= 25, `${described} descriptions in 300 ms`);
    const rate = (station.host.stats.in - bytesBefore) / (station.chip.nanos - nanos) * MS;
    report('with descriptions and a second host', meter.read(station.board.rateHz),
        `${Math.round(rate)} kB/s on the bus, 0 of ${frames.length} frames lost`);
}

function otherRates({ station, way, hello }) {
    for (const rateMhz of [hello.rateMaxMhz, 50000]) {
        assert.equal(station.ask(COMMAND.RATE, rateMhz, { way }).value, rateMhz);
        station.run(40);
        const nBefore = station.frames(way).length;
        const meter = new Meter(station);
        station.run(300);
        const frames = station.frames(way).slice(nBefore);
        assert.ok(Math.abs(frames.length - rateMhz * 0.3 / 1000) <= 1);
        assertUnbroken(frames);
        checkSamples(frames, hello, station.array);
        const { idlePercent } = meter.read(rateMhz / 1000);
        console.log(`${board} at ${rateMhz / 1000} frames/s: ${round(idlePercent)} % idle`);
    }
}

const bench = stream(BULK, 1000);
followStimulus(bench);
underLoad(bench);
otherRates(bench);
bench.station.finish();
stream(CDC, 300).station.finish();
