// SPDX-License-Identifier: GPL-3.0-or-later
// The emulated device as a USB/IP export: node usbip_server.mjs BOARD N, N being the last octet
// of its serial number. Protocol: the kernel's Documentation/usb/usbip_protocol.rst. One device, one
// client at a time; each import begins with a reset of the bus, as plugging in does.
import net from 'node:net';

import { Station, UNIQUE_ID } from '../emulator/station.mjs';

const [board, last] = process.argv.slice(2);
const OP_DEVLIST = 0x8005, OP_IMPORT = 0x8003, CMD_SUBMIT = 1, CMD_UNLINK = 2, RET_SUBMIT = 3,
    RET_UNLINK = 4;
const HEADER_BYTES = 48, ECONNRESET = 104, FULL_SPEED = 2, BUS_ID = '1-1';
const SLICE_NS = 5e5, PATIENCE_MS = 2000;

const station = new Station(board, { uniqueId: [...UNIQUE_ID.slice(0, -1), Number(last)] });
const { chip, host } = station;
const { device, configuration } = station.enumerate();

function deviceRecord() {
    const record = Buffer.alloc(312);
    record.write('/sys/devices/emulated/usb1/1-1', 0);
    record.write(BUS_ID, 256);
    [1, 2, FULL_SPEED].forEach((value, i) => record.writeUInt32BE(value, 288 + 4 * i));
    [8, 10, 12].forEach((at, i) => record.writeUInt16BE(device.readUInt16LE(at), 300 + 2 * i));
    record.set([device[4], device[5], device[6], 0, device[17], configuration[4]], 306);
    return record;
}

class Client {
    constructor(socket) {
        this.socket = socket;
        this.received = Buffer.alloc(0);
        this.isImported = false;
        this.transfers = new Map(); // sequence number -> transfer
        this.controls = []; // waiting; the first is under way
        socket.setNoDelay(true);
        socket.on('data', (bytes) => this.take(bytes));
        socket.on('error', () => {});
        socket.on('close', () => this.leave());
    }

    leave() {
        for (const transfer of this.transfers.values())
            this.forget(transfer);
        this.controls = [];
        client = client === this ? null : client;
    }

    forget(transfer) {
        const queue = host.queues.get(transfer.key) ?? [], at = queue.indexOf(transfer);
        if (at >= 0)
            queue.splice(at, 1);
        return at >= 0;
    }

    take(bytes) {
        this.received = Buffer.concat([this.received, bytes]);
        for (;;) {
            const n = this.isImported ? this.takeCommand() : this.takeOperation();
            if (n === 0)
                return;
            this.received = this.received.subarray(n);
        }
    }

    takeOperation() {
        if (this.received.length < 8)
            return 0;
        const code = this.received.readUInt16BE(2);
        if (code === OP_DEVLIST) {
            this.socket.write(Buffer.concat([Buffer.from([1, 0x11, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1]),
                                             deviceRecord()]));
            return 8;
        }
        if (code !== OP_IMPORT) {
            this.socket.destroy();
            return 0;
        }
        if (this.received.length < 40)
            return 0;
        plugIn();
        client?.socket.destroy();
        client = this;
        this.isImported = true;
        this.socket.write(Buffer.concat([Buffer.from([1, 0x11, 0, 3, 0, 0, 0, 0]), deviceRecord()]));
        return 40;
    }

    takeCommand() {
        const head = this.received;
        if (head.length < HEADER_BYTES)
            return 0;
        const [command, sequence, , isIn, endpoint] = [0, 4, 8, 12, 16].map((at) => head.readUInt32BE(at));
        if (command === CMD_UNLINK) {
            this.unlink(sequence, head.readUInt32BE(20));
            return HEADER_BYTES;
        }
        const length = head.readUInt32BE(24), n = HEADER_BYTES + (isIn ? 0 : length);
        if (command !== CMD_SUBMIT || head.length < n)
            return 0;
        const data = Uint8Array.from(head.subarray(HEADER_BYTES, n));
        if (endpoint === 0)
            this.controls.push({ sequence, setup: Buffer.from(head.subarray(40, 48)), isIn, data });
        else if (isIn) {
            lastReadMs.set(endpoint, performance.now());
            this.transfers.set(sequence, host.in(endpoint, length, (transfer) => {
                this.reply(sequence, transfer.status, transfer.bytes.length, transfer.bytes);
            }));
        } else
            this.transfers.set(sequence, host.out(endpoint, data, (transfer) => {
                this.reply(sequence, transfer.status, data.length);
            }));
        return n;
    }

    unlink(sequence, victim) {
        const transfer = this.transfers.get(victim), reply = Buffer.alloc(HEADER_BYTES);
        const control = this.controls.find((each) => each.sequence === victim && !each.isUnlinked);
        const isFound = control !== undefined || (transfer !== undefined && this.forget(transfer));
        if (control) // one that is under way goes on to its end on the bus, but nobody hears of it
            control.isUnlinked = true;
        this.transfers.delete(victim);
        reply.writeUInt32BE(RET_UNLINK, 0);
        reply.writeUInt32BE(sequence, 4);
        reply.writeInt32BE(isFound ? -ECONNRESET : 0, 20);
        this.socket.write(reply);
    }

    reply(sequence, status, length, data = Buffer.alloc(0)) {
        const head = Buffer.alloc(HEADER_BYTES);
        this.transfers.delete(sequence);
        head.writeUInt32BE(RET_SUBMIT, 0);
        head.writeUInt32BE(sequence, 4);
        head.writeInt32BE(status, 20);
        head.writeUInt32BE(length, 24);
        head.writeUInt32BE(0xffffffff, 32);
        this.socket.write(Buffer.concat([head, data]));
    }

    /** Control transfers go one after another. */
    control() {
        while (this.controls.length && this.controls[0].isUnlinked && !this.controls[0].transfer)
            this.controls.shift();
        const first = this.controls[0];
        if (first === undefined)
            return;
        if (first.transfer === undefined) {
            const { setup, isIn, data } = first;
            const nOrData = isIn ? setup.readUInt16LE(6) : data;
            first.transfer = host.control(setup[0], setup[1], setup.readUInt16LE(2),
                                          setup.readUInt16LE(4), nOrData);
        } else if (first.transfer.done) {
            this.controls.shift();
            const { bytes, status } = first.transfer;
            if (!first.isUnlinked)
                this.reply(first.sequence, status, first.isIn ? bytes.length : first.data.length,
                           first.isIn ? bytes : undefined);
            this.control();
        }
    }
}

let client = null;

function plugIn() {
    host.reset();
    station.until(() => !host.resetting, 100, 'bus reset');
    station.control(0, 5, 7, 0, 0);
    station.run(2);
}

/* An emulated host is slow to ask for more. The device's time stands still for it, but no longer
 * than PATIENCE_MS, since it may have stopped reading; what a device does then, tests/emulator
 * tells. */
const lastReadMs = new Map();
function isHostLate() {
    const now = performance.now();
    return client !== null && [...lastReadMs].some(([endpoint, ms]) =>
        now - ms < PATIENCE_MS && !host.queues.get(endpoint * 2)?.length);
}

/* Emulated time follows the clock where it can, and falls behind where it must. */
let beganMs = performance.now(), beganNs = chip.nanos;
function slice() {
    client?.control();
    if (isHostLate()) {
        setTimeout(slice, 1);
        return;
    }
    chip.run(chip.nanos + SLICE_NS);
    if (chip.ended) {
        console.log(`the chip ended: ${chip.ended}`);
        process.exit(1);
    }
    const aheadMs = (chip.nanos - beganNs) / 1e6 - (performance.now() - beganMs);
    if (aheadMs < 0) {
        beganMs = performance.now();
        beganNs = chip.nanos;
    }
    if (aheadMs > 2)
        setTimeout(slice, aheadMs);
    else
        setImmediate(slice);
}

const server = net.createServer((socket) => new Client(socket));
server.listen(0, '127.0.0.1', () => {
    console.log(`listening at ${server.address().port}`);
    slice();
});
process.on('SIGTERM', () => {
    console.log(JSON.stringify({ errors: host.errors, nanos: chip.nanos }));
    process.exit(host.errors.length ? 1 : 0);
});
