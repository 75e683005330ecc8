// SPDX-License-Identifier: GPL-3.0-or-later
// The sensor array and its front end: what the converter's inputs carry, from what the pins select.
// Wiring as in docs/hardware.md, stated here once more so that a slip in a board file shows.

const NANOS = 1e9;

/** Common to both boards. */
const pins = {
    rowEnable: 16, trigger: 15, led: 25,
    checkInput: 2, supplyInput: 3, temperatureInput: 4
};

export const BOARDS = {
    glove16: {
        ...pins, nRows: 16, nCols: 16, nTaxels: 177, rateHz: 500, mount: 3,
        rows: [2, 3, 4, 5], cols: [[7, 8, 9, 10]], timeConstantNs: 310
    },
    table32: {
        ...pins, nRows: 32, nCols: 32, nTaxels: 1024, rateHz: 200, mount: 0,
        rows: [2, 3, 4, 5, 6], cols: [[7, 8, 9, 10], [11, 12, 13, 14]], timeConstantNs: 330
    }
};

const TEMPERATURE_27C = Math.round(0.706 / 3.3 * 4096);

/** A pattern in which neighbours differ much, so that what has not settled shows. */
export function pattern(row, col) {
    return 60 + (row * 2657 + col * 1531 + 911) % 3900;
}

export class SensorArray {
    constructor(board) {
        this.board = board;
        this.stimulus = pattern;
        this.openRows = new Set();
        this.shortedCols = new Set();
        this.stuck = new Map(); // 'row,col' -> counts
        this.hum = { amplitude: 0, hz: 50 };
        this.supplyMv = 5000;
        this.row = -1;
        this.checkCounts = 2048;
    }

    attach(chip) {
        this.chip = chip;
        this.banks = this.board.cols.map(() => ({ from: 0, target: 0, since: 0 }));
        chip.sample = (input) => this.read(input);
        chip.onPins = (high) => this.select(high);
        this.select(0);
    }

    address(high, list) {
        return list.reduce((sum, pin, i) => sum + (high >>> pin & 1) * 2 ** i, 0);
    }

    counts(row, col) {
        if (row < 0 || row >= this.board.nRows || col >= this.board.nCols)
            return 0;
        if (this.shortedCols.has(col))
            return 4095;
        if (this.openRows.has(row))
            return 0;
        return this.stuck.get(`${row},${col}`) ?? this.stimulus(row, col);
    }

    level(bank) {
        const age = this.chip.nanos - bank.since;
        return bank.target + (bank.from - bank.target) * Math.exp(-age / this.board.timeConstantNs);
    }

    select(high) {
        const { board } = this;
        this.row = high >>> board.rowEnable & 1 ? this.address(high, board.rows) : -1;
        const perBank = board.nCols / this.banks.length;
        this.banks.forEach((bank, b) => {
            const target = this.counts(this.row, b * perBank + this.address(high, board.cols[b]));
            if (target === bank.target)
                return;
            bank.from = this.level(bank);
            bank.since = this.chip.nanos;
            bank.target = target;
        });
    }

    read(input) {
        const { board } = this;
        if (input === board.supplyInput)
            return Math.round((this.supplyMv - 300) / 9900 * 4096);
        if (input === board.temperatureInput)
            return TEMPERATURE_27C;
        if (input === board.checkInput)
            return this.row >= 0 && !this.openRows.has(this.row) ? this.checkCounts : 0;
        const { amplitude, hz } = this.hum;
        const hum = amplitude * Math.sin(2 * Math.PI * hz * this.chip.nanos / NANOS);
        const level = this.level(this.banks[input]) + hum;
        return Math.max(0, Math.min(4095, Math.round(level)));
    }
}
