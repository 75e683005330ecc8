// SPDX-License-Identifier: GPL-3.0-or-later
// A strict full-speed host on rp2040js' device controller: one transaction at a time on the bus,
// about 19 bulk packets a millisecond, NAK while nothing is armed, data toggles checked, STALL,
// start-of-frame interrupts, both buffers of a double-buffered endpoint. It works on the controller's
// own registers in dual-port RAM (datasheet 4.1), in place of what rp2040js does there.

const AVAILABLE = 1 << 10, STALL = 1 << 11, DATA1 = 1 << 13, FULL = 1 << 15, LENGTH = 0x3ff;
const ENABLE = 1 << 31, DOUBLE = 1 << 30;
const DEV_SOF = 1 << 17, SOF_RD = 0x48, SIE_STATUS = 0x50, PULLUP = 1 << 16;
const SUSPENDED = 1 << 4, RESUME = 1 << 11, SUSPEND_NS = 3000000; // of SIE_STATUS; USB 2.0, 7.1.7.6
const PACKET_BYTES = 64;
const PACKET_NS = 52600; // 64 octets, token, handshake and gaps at 12 Mbit/s: 19 in a frame
const FRAME_NS = 1000000;

export const STATUS = { OK: 0, STALLED: -32 };

export class UsbHost {
    constructor(chip) {
        this.chip = chip;
        this.controller = chip.mcu.usbCtrl;
        this.ram = chip.mcu.usbDPRAM;
        this.view = chip.mcu.usbDPRAMView;
        this.errors = [];
        this.queues = new Map(); // endpoint and direction -> transfers
        this.toggles = new Map();
        this.buffers = new Map(); // which buffer of a pair is next
        this.turn = 0;
        this.attached = false;
        this.resetting = false;
        this.asleep = false;
        this.stats = { in: 0, out: 0, packets: 0 };
        this.bus = chip.clock.createAlarm(() => this.transact());
        this.busy = false;
        this.takeOver();
        this.startFrames();
    }

    takeOver() {
        const c = this.controller;
        c.onUSBEnabled = c.onEndpointRead = c.onEndpointWrite = () => {};
        c.onResetReceived = () => { this.resetting = false; };
        c.DPRAMUpdated = (offset, value) => {
            if (offset >= 0x80 && offset <= 0xfc && value & (AVAILABLE | STALL | (AVAILABLE << 16)))
                this.wake();
        };
        // SUSPENDED is cleared by writing it, as the datasheet has it (table of SIE_STATUS).
        const writeAny = c.writeUint32.bind(c);
        c.writeUint32 = (offset, value) => {
            if (offset === SIE_STATUS && c.rawWriteValue & SUSPENDED)
                c.sieStatus &= ~SUSPENDED;
            writeAny(offset, value);
        };
        const write = c.handleSieCtrlWrite.bind(c);
        c.handleSieCtrlWrite = (value) => {
            this.attached = (value & PULLUP) !== 0;
            write(value);
        };
    }

    // Each millisecond; the device may ask to be interrupted by it.
    startFrames() {
        const c = this.controller, read = c.readUint32.bind(c);
        c.readUint32 = (offset) => {
            if (offset === SOF_RD) {
                c.intRaw &= ~DEV_SOF;
                c.checkInterrupts();
            }
            return read(offset);
        };
        const frame = this.chip.clock.createAlarm(() => {
            c.sofFrameNumber = c.sofFrameNumber + 1 & 0x7ff;
            if (this.toggles.size && !this.asleep) {
                c.intRaw |= DEV_SOF;
                c.checkInterrupts();
            }
            frame.schedule(FRAME_NS);
        });
        frame.schedule(FRAME_NS);
    }

    bufferControl(key) { return 0x80 + 8 * (key >> 1) + (key & 1 ? 4 : 0); }

    /** Something changed: if a transfer waits and the bus is free, the next packet begins. */
    wake() {
        if (this.busy || this.asleep || !this.choose())
            return;
        this.busy = true;
        this.bus.schedule(PACKET_NS);
    }

    armed(key) {
        const control = this.view.getUint32(this.bufferControl(key), true);
        const half = this.buffers.get(key) && this.isDouble(key) ? control >>> 16 : control;
        return (half & (AVAILABLE | STALL)) !== 0;
    }

    endpointControl(key) {
        return key < 2 ? ENABLE : this.view.getUint32(8 + 8 * ((key >> 1) - 1) + (key & 1 ? 4 : 0), true);
    }

    isDouble(key) { return key >= 2 && (this.endpointControl(key) & DOUBLE) !== 0; }

    /** The endpoints take turns. @return a transfer's key that can go on, or undefined */
    choose() {
        const keys = [...this.queues.keys()].filter((key) => this.queues.get(key).length);
        for (let i = 0; i < keys.length; i++) {
            const key = keys[(this.turn + i) % keys.length];
            if (this.armed(key)) {
                this.turn = (this.turn + i + 1) % keys.length;
                return { key };
            }
        }
        return undefined;
    }

    transact() {
        this.busy = false;
        if (this.asleep)
            return;
        const chosen = this.choose();
        if (chosen)
            this.packet(chosen.key);
        this.wake();
    }

    packet(key) {
        const transfer = this.queues.get(key)[0], register = this.bufferControl(key);
        const double = this.isDouble(key), second = double && this.buffers.get(key) ? 1 : 0;
        const word = this.view.getUint32(register, true);
        const control = second ? word >>> 16 : word & 0xffff;
        if (control & STALL) {
            if (key < 2)
                this.view.setUint32(register, word & ~STALL, true);
            return this.end(key, STATUS.STALLED);
        }
        if (!(this.endpointControl(key) & ENABLE))
            this.errors.push(`endpoint ${key >> 1} is armed but not enabled`);
        const toggle = this.toggles.get(key) ?? 0;
        if ((control & DATA1 ? 1 : 0) !== toggle)
            this.errors.push(`endpoint ${key >> 1} ${key & 1 ? 'OUT' : 'IN'}: toggle is not ${toggle}`);
        this.toggles.set(key, toggle ^ 1);
        const base = this.controller.getEndpointBufferOffset(key >> 1, (key & 1) === 1) + 64 * second;
        this.stats.packets++;
        const now = key & 1 ? this.give(transfer, control, base) : this.take(key, transfer, control, base);
        const shift = 16 * second;
        this.view.setUint32(register, (word & ~(0xffff << shift) | now << shift) >>> 0, true);
        if (double)
            this.buffers.set(key, second ^ 1);
        // A pair is reported when both have gone, or the second was never armed.
        const other = second ? now : word >>> 16;
        if (!double || second || !(other & AVAILABLE))
            this.controller.indicateBufferReady(key >> 1, (key & 1) === 1);
        return undefined;
    }

    take(key, transfer, control, base) {
        const n = control & LENGTH;
        if (!(control & FULL))
            this.errors.push(`endpoint ${key >> 1} IN is armed without data`);
        const bytes = this.ram.slice(base, base + n);
        this.stats.in += n;
        transfer.received.push(bytes);
        transfer.nReceived += n;
        if (n < PACKET_BYTES || transfer.nReceived >= transfer.length)
            this.end(key, STATUS.OK);
        return control & ~(AVAILABLE | FULL);
    }

    give(transfer, control, base) {
        const n = Math.min(control & LENGTH, PACKET_BYTES, transfer.data.length - transfer.nSent);
        this.ram.set(transfer.data.subarray(transfer.nSent, transfer.nSent + n), base);
        transfer.nSent += n;
        this.stats.out += n;
        if (transfer.nSent >= transfer.data.length)
            this.end(transfer.key, STATUS.OK);
        return control & ~(AVAILABLE | LENGTH) | FULL | n;
    }

    end(key, status) {
        const transfer = this.queues.get(key).shift();
        transfer.status = status;
        transfer.done = true;
        if (!(key & 1))
            transfer.bytes = Buffer.concat(transfer.received);
        transfer.then?.(transfer);
    }

    submit(endpoint, out, transfer) {
        const key = endpoint * 2 + (out ? 1 : 0);
        Object.assign(transfer, { key, done: false, received: [], nReceived: 0, nSent: 0 });
        if (!this.queues.has(key))
            this.queues.set(key, []);
        this.queues.get(key).push(transfer);
        this.wake();
        return transfer;
    }

    in(endpoint, length, then) { return this.submit(endpoint & 0xf, false, { length, then }); }
    out(endpoint, data, then) { return this.submit(endpoint, true, { data, then }); }

    /** Forget the IN transfers of an endpoint. @return what they had received */
    cancel(endpoint) {
        const key = (endpoint & 0xf) * 2;
        const received = (this.queues.get(key) ?? []).flatMap((transfer) => transfer.received);
        this.queues.set(key, []);
        return Buffer.concat(received);
    }

    /** No more start-of-frame, no packets: after three milliseconds that is a suspension. */
    suspend() {
        this.asleep = true;
        this.chip.clock.createAlarm(() => {
            if (!this.asleep)
                return;
            this.controller.sieStatus |= SUSPENDED;
            this.controller.sieStatusUpdated();
        }).schedule(SUSPEND_NS);
    }

    resume() {
        this.asleep = false;
        this.controller.sieStatus = this.controller.sieStatus & ~SUSPENDED | RESUME;
        this.controller.sieStatusUpdated();
        this.wake();
    }

    reset() {
        this.asleep = false;
        this.toggles.clear();
        this.queues.clear();
        this.buffers.clear();
        this.resetting = true;
        this.controller.resetDevice();
    }

    /** Begin a control transfer; one at a time. @return it, with done, status, bytes */
    control(type, request, value, index, data) {
        const out = typeof data !== 'number', length = out ? data.length : data;
        const setup = Uint8Array.from([type, request, value & 255, value >> 8, index & 255, index >> 8,
                                       length & 255, length >> 8]);
        const whole = { done: false, status: null, bytes: Buffer.alloc(0) };
        const finish = (transfer) => {
            whole.status = transfer.status;
            if (request === 9 && type === 0)
                this.configured();
            whole.done = true;
        };
        this.queues.set(0, []);
        this.queues.set(1, []);
        this.toggles.set(0, 1).set(1, 1);
        this.controller.epStallArm = 0;
        for (const register of [0x80, 0x84])
            this.view.setUint32(register, this.view.getUint32(register, true) & ~(STALL | AVAILABLE), true);
        this.controller.sendSetupPacket(setup);
        if (type & 0x80) {
            this.in(0, length, (stage) => {
                if (stage.status)
                    return finish(stage);
                whole.bytes = stage.bytes;
                this.toggles.set(1, 1);
                return this.out(0, new Uint8Array(0), finish);
            });
        } else if (length) {
            this.out(0, data, (stage) => {
                if (stage.status)
                    return finish(stage);
                this.toggles.set(0, 1);
                return this.in(0, 64, finish);
            });
        } else {
            this.in(0, 64, finish);
        }
        return whole;
    }

    configured() {
        for (const key of [...this.toggles.keys()])
            if (key > 1)
                this.toggles.delete(key);
    }
}
