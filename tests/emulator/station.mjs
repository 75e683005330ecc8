// SPDX-License-Identifier: GPL-3.0-or-later
// A whole bench: chip, array, USB host and link, and what a host does with them.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

import { BOARDS, SensorArray } from './array.mjs';
import { Chip, freshFlash } from './chip.mjs';
import { COMMAND, Link, RESULT, TYPE, command } from './link.mjs';
import { STATUS, UsbHost } from './usb_host.mjs';

export const MS = 1e6;
export const CDC = { name: 'cdc', out: 2, in: 2 };
export const BULK = { name: 'bulk', out: 3, in: 3 };
export const UNIQUE_ID = [0xe6, 0x60, 0x58, 0x38, 0x83, 0x4a, 0x2b, 0x31];
export const SERIAL = 'E6605838834A2B31';
const READ_BYTES = 4096;

const folder = (name) => path.join(process.env.THENAR_EMULATOR, 'firmware', name);

/** Address of a function in the firmware. */
export function address(name, symbol) {
    const line = fs.readFileSync(path.join(folder(name), 'symbols'), 'utf8').split('\n')
        .find((text) => text.endsWith(` ${symbol}`));
    assert.ok(line, `the firmware has ${symbol}`);
    return parseInt(line, 16);
}

export class Station {
    /** @param name     board; @param variant  which build of its firmware */
    constructor(name, { flash, variant = name, uniqueId = UNIQUE_ID } = {}) {
        this.name = name;
        this.board = BOARDS[name];
        this.program = path.join(folder(variant), `thenar-${name}.bin`);
        this.flash = flash ?? freshFlash(this.program);
        this.array = new SensorArray(this.board);
        this.uniqueId = uniqueId;
        this.request = 0;
        this.powerOn();
    }

    powerOn(kept = {}) {
        this.chip = new Chip({ flash: this.flash, uniqueId: this.uniqueId, ...kept });
        this.array.attach(this.chip);
        this.host = new UsbHost(this.chip);
        this.links = {};
        this.reading = {};
    }

    /** What the watchdog does: all is reset but its scratch registers. */
    comeBack() {
        assert.equal(this.chip.ended, 'watchdog');
        this.powerOn({ scratch: this.chip.scratch, reason: 1 });
    }

    run(ms) { this.chip.run(this.chip.nanos + ms * MS); }

    until(isDone, ms, what) {
        if (!this.chip.run(this.chip.nanos + ms * MS, isDone))
            assert.fail(`${what}: not within ${ms} ms${this.chip.ended ? ` (${this.chip.ended})` : ''}`);
    }

    control(type, request, value, index, data) {
        const transfer = this.host.control(type, request, value, index, data);
        this.until(() => transfer.done, 100, `control request ${type} ${request}`);
        return transfer;
    }

    descriptor(kind, index, length, language = 0) {
        return this.control(0x80, 6, kind << 8 | index, language, length);
    }

    enumerate() {
        this.until(() => this.host.attached, 1000, 'attach');
        this.host.reset();
        this.until(() => !this.host.resetting, 100, 'bus reset');
        assert.equal(this.descriptor(1, 0, 8).bytes.length, 8);
        assert.equal(this.control(0, 5, 7, 0, 0).status, STATUS.OK);
        this.run(2);
        assert.equal(this.chip.mcu.usbCtrl.addrEndp & 0x7f, 7, 'the address is taken after the status stage');
        const device = this.descriptor(1, 0, 18).bytes;
        const nConfiguration = this.descriptor(2, 0, 9).bytes.readUInt16LE(2);
        const configuration = this.descriptor(2, 0, nConfiguration).bytes;
        assert.equal(this.control(0, 9, 1, 0, 0).status, STATUS.OK);
        return { device, configuration };
    }

    text(index) {
        return this.descriptor(3, index, 255, 0x409).bytes.subarray(2).toString('utf16le');
    }

    /** Open an interface, and read from it for ever. */
    open(way = BULK) {
        const link = new Link();
        link.nTaxels = this.board.nRows * this.board.nCols;
        this.links[way.name] = link;
        if (way === CDC) {
            this.control(0x21, 0x20, 0, 0, Uint8Array.from([0, 0xc2, 1, 0, 0, 0, 8]));
            this.control(0x21, 0x22, 3, 0, Uint8Array.of());
        } else {
            assert.equal(this.control(0x41, 1, 1, 2, Uint8Array.of()).status, STATUS.OK);
        }
        this.startReading(way);
        return link;
    }

    close(way) {
        this.stopReading(way);
        if (way === CDC)
            this.control(0x21, 0x22, 0, 0, Uint8Array.of());
        else
            this.control(0x41, 1, 0, 2, Uint8Array.of());
    }

    startReading(way) {
        this.reading[way.name] = true;
        const again = () => this.host.in(way.in, READ_BYTES, (transfer) => {
            this.links[way.name].receive(transfer.bytes);
            if (this.reading[way.name])
                again();
        });
        again();
    }

    /** The read under way is cancelled; what it had got is kept. */
    stopReading(way) {
        this.reading[way.name] = false;
        this.links[way.name].receive(this.host.cancel(way.in));
    }

    send(bytes, way = BULK) { this.host.out(way.out, bytes); }

    /** A command and its reply. */
    ask(code, argument = 0, { way = BULK, ms = 500, result = RESULT.OK } = {}) {
        const request = ++this.request, link = this.links[way.name];
        const find = () => link.messages.find((m) => m.type === TYPE.REPLY && m.request === request);
        this.send(command(request, code, argument), way);
        this.until(() => find() !== undefined, ms, `reply to command ${code}`);
        if (result !== null)
            assert.equal(find().result, result, `result of command ${code}`);
        return find();
    }

    frames(way = BULK) { return this.links[way.name].of(TYPE.FRAME); }

    /** Enumerate, open, describe, start. @return the HELLO */
    begin(way = BULK) {
        this.enumerate();
        const link = this.open(way);
        this.ask(COMMAND.STOP, 0, { way });
        this.ask(COMMAND.DESCRIBE, 0, { way });
        const hellos = link.of(TYPE.HELLO);
        return hellos[hellos.length - 1];
    }

    /** The strict host found nothing to complain of, and the link brought nothing damaged. */
    finish() {
        assert.deepEqual(this.host.errors, []);
        for (const [name, link] of Object.entries(this.links))
            assert.equal(link.nBad, 0, `damaged messages on ${name}`);
    }
}
