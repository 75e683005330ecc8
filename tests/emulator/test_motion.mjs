// SPDX-License-Identifier: GPL-3.0-or-later
// The glove's motion sensor: found, announced, read between scans, its values told in the array's
// axes; and a glove without one says so and is the same otherwise.
import assert from 'node:assert/strict';

import { COMMAND, TYPE } from './link.mjs';
import { Meter, assertUnbroken, round } from './measure.mjs';
import { MotionSensor } from './motion_sensor.mjs';
import { Station } from './station.mjs';

const LEAST_IDLE_PERCENT = 30;
const PINS = { rx: 20, cs: 21, sck: 22, tx: 19 }; // docs/hardware.md, section 2
const SENSOR_HZ = 208, G = 9.80665;
const board = process.argv[2];

/* A value that tells when it was taken: neighbours in time and axis differ. */
function values(nanos) {
    const n = Math.round(nanos / 1e6);
    return [1000 + n % 997, -2000 - n % 991, 3000 + n % 983, 7 * (n % 401) - 1400, -32768, 32767 - n % 977];
}

/* The array's x, y, z from the sensor's X (to the fingers), Y, Z (outwards): docs/hardware.md, 6. */
const turned = ([x, y, z]) => [y, -x, z];

function begin(options) {
    const station = new Station(board);
    const sensor = options ? new MotionSensor(station.chip, PINS, values, options) : null;
    const hello = station.begin();
    return { station, sensor, hello };
}

function checkChannels(hello) {
    assert.deepEqual(hello.aux.map(({ id, kind, nValues, rateMhz }) => [id, kind, nValues, rateMhz]),
        [[1, 1, 3, 208000], [2, 2, 3, 208000]]);
    const [acceleration, rate] = hello.aux;
    assert.ok(Math.abs(acceleration.scaleNano / 1e9 - 0.488e-3 * G) < 1e-9, '0.488 mg a step at 16 g');
    assert.ok(Math.abs(rate.scaleNano / 1e9 - 70e-3 * Math.PI / 180) < 1e-9, '70 mdps a step at 2000 dps');
}

/* Each sample is what the sensor had at some moment of the last sensor's and the last frame's period. */
function checkSamples(samples, periodMs) {
    for (let i = 0; i < samples.length; i += 2) {
        const [acceleration, rate] = samples.slice(i, i + 2);
        assert.deepEqual([acceleration.id, rate.id], [1, 2]);
        assert.equal(acceleration.ticks, rate.ticks);
        const oldest = acceleration.ticks / 1e3 - 1000 / SENSOR_HZ - periodMs - 1;
        const seen = Array.from({ length: 20 }, (_, k) => values((oldest + k) * 1e6));
        assert.ok(seen.some((all) =>
            turned(all.slice(0, 3)).join() === rate.values.join() &&
            turned(all.slice(3)).join() === acceleration.values.join()),
        `at ${acceleration.ticks}: ${acceleration.values}; ${rate.values}`);
    }
}

/* No wire to the sensor moves while a row is driven. */
function watchQuiet(station, sensor) {
    const { chip, board: { rowEnable } } = station, select = chip.onPins;
    let since = null;
    const scans = [];
    chip.onPins = (high) => {
        const driven = (high >>> rowEnable & 1) === 1;
        if (driven && since === null)
            since = chip.nanos;
        if (!driven && since !== null) {
            scans.push([since, chip.nanos]);
            since = null;
        }
        select(high);
    };
    sensor.busy.length = 0;
    return () => {
        const clash = sensor.busy.find(([from, to]) => scans.some(([begin, end]) => from < end && to > begin));
        assert.equal(clash, undefined, 'the sensor is read between scans only');
        return sensor.busy.length;
    };
}

function stream(rateHz, ms) {
    const { station, sensor, hello } = begin({});
    checkChannels(hello);
    station.ask(COMMAND.RATE, rateHz * 1000);
    station.run(30);
    const unquiet = watchQuiet(station, sensor);
    station.ask(COMMAND.START);
    station.run(20);
    const meter = new Meter(station), nBefore = station.links.bulk.of(TYPE.AUX).length;
    station.run(ms);
    assertUnbroken(station.frames());
    const samples = station.links.bulk.of(TYPE.AUX), n = (samples.length - nBefore) / 2;
    assert.ok(samples.length % 2 === 0);
    assert.ok(Math.abs(n - SENSOR_HZ * ms / 1000) <= 2, `${n} samples in ${ms} ms`);
    checkSamples(samples, 1000 / rateHz);
    const { idlePercent, jitterUs } = meter.read(rateHz);
    assert.ok(idlePercent >= LEAST_IDLE_PERCENT && jitterUs < 10);
    const nTransfers = unquiet();
    const longest = Math.max(...sensor.busy.map(([from, to]) => to - from)) / 1000;
    console.log(`${board} with a motion sensor, at ${rateHz} frames/s: ${round(n / ms * 1000)} samples/s, ` +
        `${round(idlePercent)} % idle, scan starts within ${round(jitterUs, 2)} us, none of ${nTransfers} ` +
        `transfers (the longest ${round(longest)} us) during a scan`);
    station.ask(COMMAND.STOP);
    const stopped = station.links.bulk.messages.length;
    station.run(50);
    assert.ok(!station.links.bulk.messages.slice(stopped).some(({ type }) => type === TYPE.AUX),
        'no AUX after the reply to STOP');
    station.finish();
    return station;
}

/* A host that stalls gets, when it reads again, frames and samples of late, and a whole stream. */
function stall() {
    const { station } = begin({});
    station.ask(COMMAND.START);
    station.run(50);
    station.stopReading({ name: 'bulk', in: 3 });
    station.run(400);
    station.startReading({ name: 'bulk', in: 3 });
    station.run(100);
    const ticks = station.links.bulk.of(TYPE.AUX).map((sample) => sample.ticks);
    const gaps = ticks.slice(1).map((each, i) => each - ticks[i]);
    assert.ok(gaps.every((gap) => gap >= 0), 'samples come in order');
    assert.equal(gaps.filter((gap) => gap > 20000).length, 1, 'one gap, of what found no room');
    assert.ok(station.frames().at(-1).nDropped > 0);
    station.finish();
}

function absent(what, options) {
    const { station, sensor, hello } = begin(options);
    assert.deepEqual(hello.aux, [], `${what}: no channel`);
    station.ask(COMMAND.START);
    station.run(100);
    assertUnbroken(station.frames());
    assert.equal(station.links.bulk.of(TYPE.AUX).length, 0);
    assert.equal(sensor?.nSamples ?? 0, 0);
    station.finish();
}

stream(500, 500);
stream(600, 300);
stream(100, 300);
stall();
absent('no sensor');
absent('another part', { id: 0x12 });
