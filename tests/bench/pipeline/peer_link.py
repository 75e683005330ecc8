#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""peer_link.py - the NumPy pipeline on a live device: what thenard is to a device, in Python

Connects to a device's socket (an abstract name, as in thenard's virtual:@NAME), asks it to stream
(LINK.md, "COMMAND"), and publishes what comes. Stops on SIGTERM, as thenard does.
"""
import argparse
import json
import signal
import socket
import struct
import time

import numpy as np
import zmq

import wire
from peer_live import LivePeer

MESSAGE_COMMAND = 16
COMMAND_START = 2


def command(request, code):
    """One COMMAND as octets for the wire."""
    body = struct.pack("<BHB", MESSAGE_COMMAND, request, code)
    check = wire.crc32c(np.frombuffer(body, np.uint8)[None])[0]
    return b"\0" + wire.cobs(body + struct.pack("<I", check)) + b"\0"


def stream(link, peer):
    """Every FRAME through the pipeline, until the device hangs up."""
    rest = b""
    while True:
        octets = link.recv(65536)
        peer.arrival_s = time.time()
        if not octets:
            return
        pieces = (rest + octets).split(b"\0")
        rest = pieces.pop()
        for encoded in pieces:
            if len(encoded) > 1 and encoded[1] == wire.MESSAGE_FRAME:
                peer.execute(encoded)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--side", type=int, required=True)
    parser.add_argument("--rate", type=float, required=True)
    parser.add_argument("--params", required=True)
    parser.add_argument("--gate", type=float, default=wire.GATE_KPA)
    parser.add_argument("--feed", required=True)
    parser.add_argument("device", help="abstract name of its socket, without the @")
    options = parser.parse_args()
    with open(options.params, encoding="utf-8") as file:
        taps = json.load(file)["taps"]
    publisher = zmq.Context().socket(zmq.PUB)
    publisher.linger = 0
    publisher.bind(options.feed)
    peer = LivePeer(options.side, options.rate, taps, options.gate, publisher.send_multipart)

    def stop(*_):
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    link.connect("\0" + options.device)
    link.sendall(command(1, COMMAND_START))
    stream(link, peer)


if __name__ == "__main__":
    main()
