// SPDX-License-Identifier: GPL-3.0-or-later
// An LSM6DS3TR-C on the chip's SPI, from its datasheet (ST DM00427346): strict about chip select,
// mode and clock; asleep until it has booted, and until a rate of samples is set.
import assert from 'node:assert/strict';

const WHO_AM_I = 0x0f, CTRL1_XL = 0x10, CTRL2_G = 0x11, CTRL3_C = 0x12, STATUS_REG = 0x1e, OUTX_L_G = 0x22;
const OUT_TEMP_H = 0x21;
const BOOT_NS = 15e6, RESET_NS = 50e3, MAX_HZ = 10e6;
const SPO = 1 << 6, SPH = 1 << 7; // of the chip's SSPCR0
const RATES_HZ = [0, 12.5, 26, 52, 104, 208, 416, 833, 1660];

export class MotionSensor {
    /**
     * @param pins   {rx, cs, sck, tx} of the chip
     * @param values (nanos) => [6] raw: angular rate X Y Z, acceleration X Y Z
     */
    constructor(chip, pins, values, { id = 0x6a } = {}) {
        Object.assign(this, { chip, pins, values, id });
        this.bornNanos = chip.nanos;
        this.readyNanos = chip.nanos + BOOT_NS;
        this.selected = false;
        this.busy = []; // [from, to] nanos, of each transfer
        this.nSamples = 0; // that were read
        this.reset();
        const spi = chip.mcu.spi[pins.sck >> 3 & 1];
        this.spi = spi;
        const alarm = chip.clock.createAlarm(() => spi.completeTransmit(this.answer));
        spi.onTransmit = (word) => {
            this.answer = this.exchange(word, spi.dataBits);
            alarm.schedule(spi.dataBits / spi.clockFrequency * 1e9);
        };
        const select = chip.onPins;
        chip.onPins = (high) => {
            this.select(!(high >>> pins.cs & 1));
            select(high);
        };
    }

    reset() {
        this.registers = new Uint8Array(0x80);
        this.registers[WHO_AM_I] = this.id;
        this.registers[CTRL3_C] = 0x04; // IF_INC
        this.newest = -1;
        this.fresh = false;
    }

    select(selected) {
        if (selected === this.selected)
            return;
        this.selected = selected;
        if (selected) {
            this.at = null;
            this.busy.push([this.chip.nanos, this.chip.nanos]);
        } else {
            assert.ok(!this.spi.busy, 'chip select rises when the last word has gone');
            this.busy.at(-1)[1] = this.chip.nanos;
        }
    }

    exchange(word, bits) {
        assert.ok(this.selected, 'SPI is clocked with chip select low');
        assert.ok(this.spi.clockFrequency <= MAX_HZ, `SPI at ${this.spi.clockFrequency} Hz`);
        const mode = this.spi.control0 & (SPO | SPH);
        assert.ok(mode === 0 || mode === (SPO | SPH), 'SPI mode 0 or 3');
        let answer = 0;
        for (let shift = bits - 8; shift >= 0; shift -= 8)
            answer = answer << 8 | this.octet(word >>> shift & 0xff);
        return answer;
    }

    octet(out) {
        if (this.chip.nanos < this.readyNanos)
            return 0xff;
        if (this.at === null) {
            this.reads = (out & 0x80) !== 0;
            this.at = out & 0x7f;
            return 0;
        }
        const reg = this.at;
        if (this.registers[CTRL3_C] & 0x04)
            this.at = this.at + 1 & 0x7f;
        if (this.reads)
            return this.read(reg);
        this.write(reg, out);
        return 0;
    }

    write(reg, value) {
        assert.ok(reg >= CTRL1_XL && reg <= 0x19, `register ${reg.toString(16)} is not to be written`);
        if (reg === CTRL3_C && value & 1) {
            this.reset();
            this.readyNanos = this.chip.nanos + RESET_NS;
            return;
        }
        this.registers[reg] = value;
        if (reg === CTRL1_XL || reg === CTRL2_G)
            this.startedNanos = this.chip.nanos;
    }

    /** Take the sample of this moment into the registers. */
    refresh() {
        const accelerationHz = RATES_HZ[this.registers[CTRL1_XL] >> 4];
        const rateHz = RATES_HZ[this.registers[CTRL2_G] >> 4];
        if (!accelerationHz || rateHz !== accelerationHz)
            return;
        const n = Math.floor((this.chip.nanos - this.startedNanos) / 1e9 * rateHz);
        if (n === 0 || n === this.newest)
            return;
        this.newest = n;
        this.fresh = true;
        this.values(this.startedNanos + n / rateHz * 1e9).forEach((value, i) => {
            this.registers[OUTX_L_G + 2 * i] = value & 0xff;
            this.registers[OUTX_L_G + 2 * i + 1] = value >> 8 & 0xff;
        });
    }

    read(reg) {
        // BDU: what is being read does not change meanwhile.
        if (reg === STATUS_REG || reg === OUT_TEMP_H)
            this.refresh();
        if (reg === STATUS_REG)
            return this.fresh ? 0x03 : 0;
        if (reg === OUTX_L_G && this.fresh) {
            this.fresh = false;
            this.nSamples++;
        }
        return this.registers[reg];
    }
}
