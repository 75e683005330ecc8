#!/usr/bin/python3
# SPDX-License-Identifier: MIT
import json, struct, sys, zmq
feed = zmq.Context().socket(zmq.SUB)
feed.connect(sys.argv[1] if len(sys.argv) > 1 else "tcp://127.0.0.1:9872")
feed.subscribe("metrics.")
feed.subscribe("frame.")
while True:
    topic, payload, time, *matrix = feed.recv_multipart()
    m = json.loads(payload)
    if matrix:
        m["matrix"] = struct.unpack(f"<{m['n_rows'] * m['n_cols']}f", matrix[0])
    print(topic.decode(), m["t_device"], m.get("technique"), m.get("peak_kpa"), m.get("pace_cpm"))
