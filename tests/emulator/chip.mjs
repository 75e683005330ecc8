// SPDX-License-Identifier: GPL-3.0-or-later
// The chip: rp2040js, with a boot ROM, and put right where it differs from the datasheet in what
// our firmware stands on.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

import { Adc } from './adc.mjs';

const { RP2040, LogLevel, ConsoleLogger } =
    createRequire(path.join(process.env.THENAR_EMULATOR, 'node_modules/'))('rp2040js');

export const CYCLE_NS = 8; // 125 MHz
const ENTRY_CYCLES = 15, EXIT_CYCLES = 13; // Cortex-M0+ r0p1, 3.6: zero wait states
const FLASH_BYTES = 2 * 1024 * 1024;
const SSI = 0x18000, ADC = 0x4004c, TIMER = 0x40054, WATCHDOG = 0x40058;
const BKPT_BOOTLOADER = 0x42;
const STACK_AT = 0x41000, STACK_BYTES = 4096, STACK_PAINT = 0xa5;
const READ_UNIQUE_ID = 0x4b;

/** A flash image that holds the program and is erased otherwise. */
export function freshFlash(program) {
    const flash = new Uint8Array(FLASH_BYTES).fill(0xff);
    flash.set(fs.readFileSync(program));
    return flash;
}

export class Chip {
    /**
     * Power on (or come back from the watchdog).
     * @param flash     [2 MiB] kept by the caller, written by the firmware
     * @param uniqueId  8 octets
     * @param scratch   the watchdog's scratch registers; absent: power on
     */
    constructor({ flash, uniqueId, scratch, reason = 0 }) {
        const mcu = new RP2040();
        this.mcu = mcu;
        this.clock = mcu.clock;
        this.flash = flash;
        this.idleNanos = 0;
        this.extraCycles = 0;
        this.ended = null; // 'watchdog', 'bootloader', 'power'
        this.onFlashWrite = () => {};
        this.onPins = () => {};
        this.sample = () => 0;
        mcu.logger = new ConsoleLogger(LogLevel.Error, true);
        mcu.flash.set(flash);
        this.loadRom();
        this.addAdc();
        this.addUniqueId(uniqueId);
        this.mendTimer();
        this.countExceptions();
        this.watchPins();
        this.watchFlash();
        const watchdog = mcu.peripherals[WATCHDOG];
        watchdog.onWatchdogTrigger = () => {
            this.ended ??= 'watchdog';
            watchdog.alarm.enable = watchdog.timer.enable = false; // or it bites for ever
        };
        if (scratch)
            watchdog.scratchData.set(scratch);
        watchdog.reason = reason;
        mcu.onBreak = (code) => {
            if (code !== BKPT_BOOTLOADER)
                throw new Error(`breakpoint ${code} at ${mcu.core.PC.toString(16)}`);
            this.ended ??= 'bootloader';
        };
        mcu.sram.fill(STACK_PAINT, STACK_AT, STACK_AT + STACK_BYTES);
        mcu.core.VTOR = 0;
        mcu.core.reset();
    }

    get nanos() { return this.clock.nanos; }
    get scratch() { return Uint32Array.from(this.mcu.peripherals[WATCHDOG].scratchData); }

    loadRom() {
        const rom = fs.readFileSync(path.join(process.env.THENAR_EMULATOR, 'rom.bin'));
        for (let i = 0; i + 4 <= rom.length; i += 4)
            this.mcu.bootrom[i / 4] = rom.readUInt32LE(i);
    }

    addAdc() {
        this.adc = new Adc(this.mcu, (input) => this.sample(input));
        this.mcu.peripherals[ADC] = this.adc;
    }

    // The flash answers READ UNIQUE ID: four octets after the command it begins.
    addUniqueId(uniqueId) {
        const ssi = this.mcu.peripherals[SSI];
        const read = ssi.readUint32.bind(ssi), write = ssi.writeUint32.bind(ssi);
        let n = -1;
        ssi.writeUint32 = (offset, value) => {
            if (offset === 0x60)
                n = n < 0 ? (value === READ_UNIQUE_ID ? 0 : -1) : n + 1;
            if (offset === 0x08)
                n = -1;
            write(offset, value);
        };
        ssi.readUint32 = (offset) => {
            if (offset !== 0x60 || n < 0)
                return read(offset);
            const value = n >= 5 && n < 13 ? uniqueId[n - 5] : 0;
            n = n === 12 ? -1 : n;
            return value;
        };
    }

    // Alarms match when the counter reaches them, not a fraction of a microsecond before.
    mendTimer() {
        const timer = this.mcu.peripherals[TIMER], write = timer.writeUint32.bind(timer);
        timer.writeUint32 = (offset, value) => {
            write(offset, value);
            if (offset < 0x10 || offset > 0x1c)
                return;
            const now = this.clock.nanos, micros = Math.floor(now / 1000);
            const ahead = (value - micros) >>> 0;
            timer.alarms[(offset - 0x10) / 4].clockAlarm.schedule((micros + ahead) * 1000 - now);
        };
    }

    // rp2040js enters and leaves interrupts in no time.
    countExceptions() {
        const core = this.mcu.core;
        const enter = core.exceptionEntry.bind(core), leave = core.exceptionReturn.bind(core);
        core.exceptionEntry = (number) => {
            this.extraCycles += ENTRY_CYCLES;
            enter(number);
        };
        core.exceptionReturn = (link) => {
            this.extraCycles += EXIT_CYCLES;
            leave(link);
        };
        // Asleep with interrupts masked, the core wakes but does not yet serve what woke it.
        const check = core.checkForInterrupts.bind(core);
        core.checkForInterrupts = () => {
            if (!core.waiting || !core.PM)
                return check();
            if (core.pendingInterrupts & core.enabledInterrupts)
                core.waiting = false;
            return false;
        };
    }

    watchPins() {
        const sio = this.mcu.sio, write = sio.writeUint32.bind(sio);
        let pins = 0;
        sio.writeUint32 = (offset, value) => {
            write(offset, value);
            const now = (sio.gpioValue & sio.gpioOutputEnable) >>> 0;
            if (now !== pins) {
                pins = now;
                this.onPins(pins);
            }
        };
    }

    watchFlash() {
        const mcu = this.mcu, view = mcu.flashView, set = view.setUint32.bind(view);
        const kept = new DataView(this.flash.buffer, this.flash.byteOffset);
        view.setUint32 = (offset, value, little) => {
            if (this.ended)
                return;
            set(offset, value, little);
            if (offset < FLASH_BYTES)
                kept.setUint32(offset, value, true);
            this.onFlashWrite(offset);
        };
    }

    setInput(pin, level) { this.mcu.gpio[pin].setInputValue(level); }

    /** Run until `nanos`, or until `isDone()`, or until the chip ended. @return whether isDone() */
    run(nanos, isDone = () => false) {
        const { core } = this.mcu, { clock } = this;
        let n = 0;
        while (clock.nanos < nanos && !this.ended) {
            if (core.waiting) {
                if (core.pendingInterrupts & core.enabledInterrupts) {
                    core.waiting = false;
                    core.interruptsUpdated = true;
                } else {
                    const step = Math.max(1, Math.min(clock.nanosToNextAlarm, nanos - clock.nanos));
                    clock.tick(step);
                    this.idleNanos += step;
                    if (isDone())
                        return true;
                    continue;
                }
            }
            const cycles = core.executeInstruction() + this.extraCycles;
            this.extraCycles = 0;
            clock.tick(cycles * CYCLE_NS);
            if ((++n & 255) === 0 && isDone())
                return true;
        }
        return isDone();
    }

    /** Octets of the stack that were ever used. */
    get stackUsed() {
        const stack = this.mcu.sram.subarray(STACK_AT, STACK_AT + STACK_BYTES);
        let unused = 0;
        while (unused < STACK_BYTES && stack[unused] === STACK_PAINT)
            unused++;
        return STACK_BYTES - unused;
    }

    /** Make a function hang: its first instruction becomes a branch to itself. */
    hang(address) {
        const at = (address & ~1) - 0x20000000;
        this.mcu.sram[at] = 0xfe;
        this.mcu.sram[at + 1] = 0xe7;
    }
}
