// SPDX-License-Identifier: GPL-3.0-or-later
// A step of the lines that comes too late spoils a sample: the frame says so. Something that holds
// interrupts off is put into the middle of a scan, for a little longer each time.
import assert from 'node:assert/strict';

import { MS, Station } from './station.mjs';
import { COMMAND } from './link.mjs';
import { assertUnbroken, worstTaxel } from './measure.mjs';

const ADC_IRQ = 1 << 22;
const board = process.argv[2];
const station = new Station(board);
const hello = station.begin();
station.ask(COMMAND.START);
station.run(100);
assertUnbroken(station.frames());

const { core } = station.chip.mcu;
function holdOff(us) {
    station.run(30);
    const { adc } = station.chip, nConversions = adc.fcs >> 24 & 0xf;
    const ready = () => station.array.row >= 2 && adc.converting && core.IPSR === 0 &&
        adc.fifo.length === nConversions - 1; // the last conversion of a slot is under way
    station.until(ready, 50, 'a scan');
    const nBefore = station.frames().length;
    core.enabledInterrupts &= ~ADC_IRQ; // from within a conversion to `us` after its end
    station.chip.run(adc.began + (2 + us) / 1000 * MS);
    core.enabledInterrupts |= ADC_IRQ;
    core.interruptsUpdated = true;
    station.run(60);
    return station.frames().slice(nBefore);
}

let firstLate = null, worstUncounted = 0;
for (const us of [0.5, 1, 1.5, 2, 3, 5, 8, 12]) {
    const frames = holdOff(us);
    const late = frames.filter((frame) => frame.nLate > 0);
    assert.ok(late.length <= 1, 'one scan is affected');
    if (late.length && firstLate === null)
        firstLate = us;
    if (firstLate !== null)
        assert.equal(late.length, 1, `held off for ${us} us`);
    for (const frame of frames)
        if (frame.nLate === 0)
            worstUncounted = Math.max(worstUncounted, worstTaxel(frame, hello, station.array).counts);
}
assert.ok(firstLate !== null && firstLate <= 3, 'late steps are counted');
assert.ok(worstUncounted <= 2, 'no sample is off in a frame that says none was late');
assert.deepEqual(station.host.errors, []);
console.log(`${board}: interrupts held off for ${firstLate} us or more are told in n_late; ` +
    `in frames without, samples are within ${worstUncounted} counts`);
