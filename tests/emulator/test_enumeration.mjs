// SPDX-License-Identifier: GPL-3.0-or-later
// The device joins the bus, says what it is, stalls what it does not know, and never answers AT.
import assert from 'node:assert/strict';

import { BULK, CDC, SERIAL, Station } from './station.mjs';
import { STATUS } from './usb_host.mjs';
import { TYPE } from './link.mjs';

const board = process.argv[2];
const station = new Station(board);
const { device, configuration } = station.enumerate();

assert.equal(device.readUInt16LE(8), 0x1209);
assert.equal(device.readUInt16LE(10), 0x0001);
assert.equal(device.readUInt16LE(2), 0x0210, 'USB 2.1, so that BOS is asked for');
assert.equal(station.text(device[14]), 'Thenar');
assert.equal(station.text(device[15]), board);
assert.equal(station.text(device[16]), SERIAL, 'the serial number is the unique id of the flash');

// Interfaces, as a host walks them
assert.equal(configuration.readUInt16LE(2), configuration.length);
assert.equal(configuration[4], 3);
const interfaces = [], endpoints = [];
for (let at = 0; at < configuration.length; at += configuration[at]) {
    assert.ok(configuration[at] >= 2, 'a descriptor has a length');
    if (configuration[at + 1] === 4)
        interfaces.push([...configuration.subarray(at + 2, at + 8)]);
    if (configuration[at + 1] === 5)
        endpoints.push([configuration[at + 2], configuration[at + 3], configuration.readUInt16LE(at + 4)]);
}
assert.deepEqual(interfaces, [[0, 0, 1, 2, 2, 0], [1, 0, 2, 10, 0, 0], [2, 0, 2, 255, 0, 0]]);
assert.deepEqual(endpoints,
    [[0x81, 3, 8], [0x02, 2, 64], [0x82, 2, 64], [0x03, 2, 64], [0x83, 2, 64]]);

// Windows: BOS names the Microsoft OS 2.0 platform, whose set binds WinUSB to interface 2
const bos = station.descriptor(15, 0, 255).bytes;
assert.equal(bos.length, bos.readUInt16LE(2));
const platform = Buffer.from('df60ddd88945c74c9cd2659d9e648a9f', 'hex');
const at = bos.indexOf(platform);
assert.ok(at > 0);
const nSet = bos.readUInt16LE(at + 20), code = bos[at + 22];
const set = station.control(0xc0, code, 0, 7, nSet).bytes;
assert.equal(set.length, nSet);
assert.equal(set.readUInt16LE(8), nSet, 'the set is as long as it says');
let covered = 0;
for (let i = 0; i < set.length; i += set.readUInt16LE(i))
    covered = i + set.readUInt16LE(i);
assert.equal(covered, nSet, 'its descriptors fill it');
assert.equal(set[10 + 8 + 4], 2, 'for interface 2');
assert.ok(set.includes(Buffer.from('WINUSB\0\0')));
assert.ok(set.includes(Buffer.from('DeviceInterfaceGUIDs\0', 'utf16le')));

// What a full-speed device has not, and what nobody knows
assert.equal(station.descriptor(6, 0, 10).status, STATUS.STALLED, 'device qualifier');
assert.equal(station.control(0xc0, 0x77, 0, 0, 8).status, STATUS.STALLED, 'unknown vendor request');
assert.equal(station.control(0x41, 1, 2, 2, Uint8Array.of()).status, STATUS.STALLED, 'HOST with 2');
assert.equal(station.descriptor(1, 0, 18).status, STATUS.OK, 'and a stall is over with the next');

// A modem manager's probe: octets without a delimiter are no message, and get no answer
const link = station.open(CDC);
station.run(1);
station.send(Buffer.from('AT+GCAP\r\nATI\r\n'), CDC);
station.run(300);
const said = new Set(link.messages.map((message) => message.type));
for (const type of said)
    assert.ok([TYPE.HELLO, TYPE.TAXELS, TYPE.STATUS].includes(type), 'only what was due anyway');
assert.equal(link.of(TYPE.HELLO).length, 1, 'HELLO once after a reset, unasked');
station.close(CDC);
station.open(BULK);
station.finish();
console.log(`${board}: enumerates as ${station.text(device[15])} ${SERIAL}, ${endpoints.length} endpoints`);
