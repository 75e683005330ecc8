#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""latency.py - a subscriber that notes when each frame arrived (FEED.md), for either publisher

Prints one JSON object: frames, frames missed, latency from arrival at the host to this process, and
the publisher's own share of it (t_publish - t_arrival), in microseconds.
"""
import argparse
import gc
import json
import time

import numpy as np
import zmq


def percentiles(values):
    """p50, p99 and the largest, in microseconds."""
    if not len(values):
        return {"p50": None, "p99": None, "max": None}
    us = np.asarray(values) * 1e6
    return {"p50": float(np.percentile(us, 50)), "p99": float(np.percentile(us, 99)),
            "max": float(us.max())}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("address")
    parser.add_argument("--after", type=float, default=2.0, help="seconds to let pass first")
    parser.add_argument("--span", type=float, default=10.0, help="seconds to measure")
    options = parser.parse_args()
    feed = zmq.Context().socket(zmq.SUB)
    feed.linger = 0
    feed.rcvhwm = 0
    feed.subscribe(b"frame.")
    feed.connect(options.address)
    gc.disable()
    begin = time.monotonic() + options.after
    end = begin + options.span
    noted = []
    while (left_s := end - time.monotonic()) > 0:
        if not feed.poll(left_s * 1000):
            break
        parts = feed.recv_multipart()
        received_s = time.time()
        if time.monotonic() >= begin:
            noted.append((received_s, parts[0], parts[1]))
    total, own, missed, last = [], [], 0, {}
    for received_s, topic, payload in noted:
        values = json.loads(payload)
        total.append(received_s - values["t_arrival"])
        own.append(values["t_publish"] - values["t_arrival"])
        missed += values["seq"] - last.get(topic, values["seq"] - 1) - 1
        last[topic] = values["seq"]
    print(json.dumps({"frames": len(noted), "missed": missed, "topics": len(last),
                      "total_us": percentiles(total), "own_us": percentiles(own)}))


if __name__ == "__main__":
    main()
