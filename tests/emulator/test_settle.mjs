// SPDX-License-Identifier: GPL-3.0-or-later
// The settle time of the board file is what keeps samples right: with 0 there, the same look at the
// same array finds taxels that are off.
import assert from 'node:assert/strict';

import { Station } from './station.mjs';
import { COMMAND } from './link.mjs';
import { MOST_OFF_COUNTS, worstTaxel } from './measure.mjs';

const board = process.argv[2];

function worst(variant) {
    const station = new Station(board, { variant });
    const hello = station.begin();
    station.ask(COMMAND.START);
    station.run(60);
    station.finish();
    return worstTaxel(station.frames().at(-1), hello, station.array);
}

const settled = worst(board), hasty = worst(`${board}-hasty`);
console.log(`${board}: worst taxel off by ${settled.counts} counts; with settle time 0 by ` +
    `${hasty.counts} counts, at row ${hasty.row}, column ${hasty.col}`);
assert.ok(settled.counts <= MOST_OFF_COUNTS);
assert.ok(hasty.counts > 2 * MOST_OFF_COUNTS, 'a settling fault must show');
