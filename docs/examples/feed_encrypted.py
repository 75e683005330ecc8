#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# The feed of another machine: feed_encrypted.py tcp://192.168.1.23:9872 table3.key own.key_secret
import json, sys, zmq, zmq.auth
address, daemon_key, own_pair = sys.argv[1:]
feed = zmq.Context().socket(zmq.SUB)
feed.curve_serverkey, _ = zmq.auth.load_certificate(daemon_key)
feed.curve_publickey, feed.curve_secretkey = zmq.auth.load_certificate(own_pair)
feed.connect(address)
feed.subscribe("metrics.")
while True:
    topic, payload, time = feed.recv_multipart()
    m = json.loads(payload)
    print(topic.decode(), m["t_device"], m.get("technique"), m.get("peak_kpa"), m.get("pace_cpm"))
