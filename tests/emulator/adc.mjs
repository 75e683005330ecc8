// SPDX-License-Identifier: GPL-3.0-or-later
// The RP2040's converter, from the datasheet (4.9). It stands in for rp2040js' own, whose free
// running starts anew at each write of CS, whose FIFO keeps its interrupt raised once it was read,
// and whose START_ONCE and round robin are not the chip's.

const CS = 0x00, RESULT = 0x04, FCS = 0x08, FIFO = 0x0c, DIV = 0x10, INTR = 0x14, INTE = 0x18,
    INTF = 0x1c, INTS = 0x20;
const EN = 1 << 0, START_ONCE = 1 << 2, START_MANY = 1 << 3, READY = 1 << 8;
const FIFO_EN = 1 << 0, FIFO_EMPTY = 1 << 8, FIFO_FULL = 1 << 9, FIFO_UNDER = 1 << 10,
    FIFO_OVER = 1 << 11;
const IRQ_ADC_FIFO = 22;
const FIFO_DEPTH = 4;
const CONVERSION_NS = 2000; // 96 cycles of 48 MHz
const CYCLE_NS = 1000 / 48;

export class Adc {
    /** @param sample  (input) -> 0..4095: what the input carries at this moment */
    constructor(chip, sample) {
        this.chip = chip;
        this.clock = chip.clock;
        this.sample = sample;
        this.cs = 0;
        this.fcs = 0;
        this.div = 0;
        this.result = 0;
        this.inte = 0;
        this.fifo = [];
        this.converting = false;
        this.began = 0;
        this.nConversions = 0;
        this.onStart = () => {}; // (nanos) a conversion begins
        this.done = this.clock.createAlarm(() => this.finish());
        this.next = this.clock.createAlarm(() => {
            if (this.cs & START_MANY)
                this.start();
        });
    }

    get raised() {
        const threshold = this.fcs >> 24 & 0xf;
        return this.fifo.length >= threshold && threshold > 0 ? 1 : 0;
    }

    update() {
        this.chip.setInterrupt(IRQ_ADC_FIFO, (this.raised & this.inte) !== 0);
    }

    start() {
        this.converting = true;
        this.began = this.clock.nanos;
        this.nConversions++;
        this.onStart(this.began);
        this.held = this.sample(this.cs >> 12 & 7); // held at the beginning, then converted
        this.done.schedule(CONVERSION_NS);
    }

    finish() {
        this.converting = false;
        this.result = this.held;
        if (this.fcs & FIFO_EN) {
            if (this.fifo.length === FIFO_DEPTH)
                this.fcs |= FIFO_OVER;
            else
                this.fifo.push(this.result);
        }
        this.update();
        if (this.cs & START_MANY) {
            const period = Math.max(CONVERSION_NS, (1 + this.div / 256) * CYCLE_NS);
            const left = this.began + period - this.clock.nanos;
            if (left > 0)
                this.next.schedule(left);
            else
                this.start();
        }
    }

    readUint32(offset) {
        switch (offset) {
        case CS: return this.cs | (this.converting ? 0 : READY);
        case RESULT: return this.result;
        case FCS:
            return this.fcs | this.fifo.length << 16 | (this.fifo.length === 0 ? FIFO_EMPTY : 0) |
                (this.fifo.length === FIFO_DEPTH ? FIFO_FULL : 0);
        case FIFO: {
            if (this.fifo.length === 0) {
                this.fcs |= FIFO_UNDER;
                return 0;
            }
            const value = this.fifo.shift();
            this.update();
            return value;
        }
        case DIV: return this.div;
        case INTR: return this.raised;
        case INTE: return this.inte;
        case INTF: return 0;
        case INTS: return this.raised & this.inte;
        default: throw new Error(`ADC: read of ${offset}`);
        }
    }

    writeUint32Atomic(offset, value, how) {
        const old = how === 0 ? 0 : this.readUint32(offset);
        const now = [value, old ^ value, old | value, old & ~value][how];
        switch (offset) {
        case CS: {
            const ran = this.cs & START_MANY;
            this.cs = now & 0x1ff70bf & ~(START_ONCE | READY) | now & START_MANY;
            const wanted = now & START_ONCE || (now & START_MANY && !ran);
            if (now & EN && wanted && !this.converting)
                this.start();
            if (!(now & START_MANY))
                this.next.cancel();
            break;
        }
        case FCS:
            this.fcs = (this.fcs & ~(value & (FIFO_OVER | FIFO_UNDER))) & (FIFO_OVER | FIFO_UNDER) |
                now & 0x0f00000f;
            this.update();
            break;
        case DIV: this.div = now & 0xffffff; break;
        case INTE:
            this.inte = now & 1;
            this.update();
            break;
        default: throw new Error(`ADC: write of ${offset}`);
        }
    }
}
