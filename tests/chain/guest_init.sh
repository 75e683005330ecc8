#!/bin/busybox sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=dash
# The guest's first and only process: takes devices over USB/IP, and lets thenard measure one by
# libusb, through a detachment in mid-stream, then by the serial port; and, with chain.auto=1, two by
# `auto`, the second plugged in later, then both by `auto` where libusb may not open them. Lines that begin with CHAIN are for
# run.py.
/bin/busybox mkdir -p /proc /sys /dev /run /tmp /etc
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
mount -t tmpfs run /run
while read -r module; do insmod "/modules/$module"; done </modules/order
ip link set lo up
ip addr add 10.0.2.15/24 dev eth0
ip link set eth0 up

setting() { sed -n "s/.*chain.$1=\([^ ]*\).*/\1/p" /proc/cmdline; }
port=$(setting port) second_port=$(setting second) frames=$(setting frames)
say() { echo "CHAIN $*"; }
status() { thenar status --json; }
number() { status | sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p"; }

# until SECONDS COMMAND...: try it four times a second
until_true() {
    left=$(($1 * 4))
    shift
    until "$@"; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || return 1
        usleep 250000
    done
}
has_frames() { [ "$(number frames)" -ge "$1" ] 2>/dev/null; }
is_state() { status | grep -q "\"state\":\"$1\""; }
is_serial_there() { [ -c /dev/ttyACM0 ]; }
uptime_s() { cut -d' ' -f1 /proc/uptime; }

/lib/systemd/systemd-udevd --daemon
udevadm control --ping
say up "$(uptime_s)"
attach 10.0.2.2 "$port" || say failed attach
until_true 60 is_serial_there || say failed "no /dev/ttyACM0"
say attached "$(uptime_s)"

thenard --device usb: --metrics-rate-hz 5 --frame-rate-hz 0 &
daemon=$!
until_true 60 is_state streaming || say failed "not streaming"
thenar tail --json gap. >/tmp/gaps &
sleep $((frames / 500))
until_true 150 has_frames "$frames" || say failed "frames are missing"
say usb "$(status)"
say list "$(thenar list | tr '\n' '|')"

export THENAR_CONTROL=tcp://127.0.0.1:9875
thenard --device serial:/dev/ttyACM0 --feed tcp://127.0.0.1:9874 --control "$THENAR_CONTROL" &
rival=$!
# What was said then is kept: a moment later it tries again, and may say something else.
is_busy() {
    answer=$(status)
    echo "$answer" | grep -q '"reason":"busy'
}
until_true 60 is_busy || say failed "the serial port was not told that it is busy"
say rival "$answer"
kill "$rival"
wait "$rival"
unset THENAR_CONTROL

echo 0 >/sys/devices/platform/vhci_hcd.0/detach
until_true 60 is_state absent || say failed "its detachment was not seen"
say absent "$(status)"
attach 10.0.2.2 "$port"
before=$(number frames)
until_true 60 has_frames $((before + 100)) || say failed "it does not stream again"
say returned "$(status)"
say gap "$(cat /tmp/gaps)"
kill "$daemon"
wait "$daemon"

is_serial_there || say failed "no /dev/ttyACM0 after its return"
thenard --device serial:/dev/ttyACM0 --metrics-rate-hz 5 --frame-rate-hz 0 &
until_true 60 has_frames 500 || say failed "no frames by the serial port"
say serial "$(status)"
export THENAR_CONTROL=tcp://127.0.0.1:9875
thenard --device usb: --feed tcp://127.0.0.1:9874 --control "$THENAR_CONTROL" &
until_true 60 is_busy || say failed "the second host was not told that it is busy"
say busy "$answer"
unset THENAR_CONTROL
say still "$(status)"
killall thenard
no_daemon() { ! pidof thenard >/dev/null; }
until_true 60 no_daemon

finish() {
    say end "$(uptime_s)"
    poweroff -f
}
[ "$(setting auto)" = 1 ] || finish

thenard --device auto --metrics-rate-hz 5 --frame-rate-hz 0 &
until_true 60 is_state streaming || say failed "auto does not take what is plugged in"
attach 10.0.2.2 "$second_port" 1 || say failed "attach the second"
two_stream() { [ "$(status | grep -o '"state":"streaming"' | wc -l)" = 2 ]; }
until_true 90 two_stream || say failed "auto does not take what is plugged in later"
sleep 3
say both "$(status)"
list_to_file() { thenar list --json >/tmp/found; }
until_true 60 list_to_file || say failed "list --json"
say found "$(cat /tmp/found)"
killall thenard
until_true 60 no_daemon

mv /dev/bus/usb /dev/bus/away
thenard --device auto --metrics-rate-hz 5 --frame-rate-hz 0 &
until_true 90 two_stream || say failed "auto does not fall back to the serial ports"
say fallback "$(status)"
say ttys "$(for fd in /proc/"$(pidof thenard)"/fd/*; do readlink "$fd"; done | grep -o 'ttyACM.' | sort -u |
    tr '\n' ' ')"
finish
