# SPDX-License-Identifier: GPL-3.0-or-later
"""Every message against FEED.md, as a stranger would read it."""

import math
import re
import time

from harness import SLOW, Daemon, SystemTest, again_if_busy, feed_tables, main

TYPES = {"number": (int, float), "integer": int, "text": str, "boolean": bool}
SAID_OF_A_DEVICE = "status", "gap", "session", "plan", "comfort"  # whose times FEED.md has apart


class FeedContract(SystemTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tables = feed_tables()
        daemon = Daemon("virtual:table32?script=demo")
        cls.addClassCleanup(daemon.close)
        subscriber = daemon.subscribe()
        daemon.wait_streaming()
        cls.demo = subscriber.collect(4)  # for whoever only looks at messages

    def collect_demo(self, seconds, *devices, **options):
        daemon = self.daemon(*(devices or ("virtual:table32?script=demo",)), **options)
        subscriber = daemon.subscribe()
        daemon.wait_streaming()
        return daemon, subscriber.collect(seconds)

    def check_fields(self, message):
        common = "Common 2" if message.kind in SAID_OF_A_DEVICE else "Common"
        table = {**self.tables[common], **self.tables[message.kind]}
        for name, value in message.payload.items():
            self.assertIn(name, table, f"{message.topic}: {name} is not in FEED.md")
            wanted = table[name]["type"]
            self.assertIn(wanted, TYPES, f"FEED.md: type of {name}")
            if wanted != "boolean":
                self.assertNotIsInstance(value, bool, f"{message.topic}: {name}")
            self.assertIsInstance(value, TYPES[wanted], f"{message.topic}: {name}")
            if isinstance(value, float):
                self.assertTrue(math.isfinite(value), f"{message.topic}: {name}")
        calibrated = not message.get("uncalibrated", False)
        for name, row in table.items():
            there = row["there"]
            if there == "if calibrated, no mat":
                there = "if calibrated" if message.get("mount") != "mat" else "may be absent"
            self.assertIn(there, ("always", "if calibrated", "if uncalibrated", "may be absent"))
            if there != "may be absent" and (there == "always" or
                                             (there == "if calibrated") == calibrated):
                self.assertIn(name, message.payload, f"{message.topic}: {name} is missing")
            if there in ("if calibrated", "if uncalibrated"):
                self.assertEqual(name in message.payload, (there == "if calibrated") == calibrated)

    def test_every_field_is_in_the_document_with_its_type(self):
        daemon = self.daemon("virtual:table32?script=demo&speed=3")
        subscriber = daemon.subscribe()
        kinds = set()
        end = time.monotonic() + 90 * SLOW
        while time.monotonic() < end and not kinds >= {"metrics", "contact", "stroke", "episode",
                                                       "frame", "status"}:
            for message in subscriber.collect(1):
                self.check_fields(message)
                kinds.add(message.kind)
        self.assertGreaterEqual(kinds, {"metrics", "contact", "stroke", "episode", "frame",
                                        "status"})

    def test_units_stand_in_the_names(self):
        suffix = {"N": "_n", "kPa": "_kpa", "cm2": ("_cm2", "_rel"), "mm": "_mm", "mm/s": "_mm_s",
                  "ms": "_ms", "us": "_us", "ppm": "_ppm", "B": "_bytes", "Hz": "_hz", "%": "_pct", "deg": "_deg",
                  "degC": "_c", "V": "_v", "1/min": "_cpm", "m/s2": "_m_s2", "rad/s": "_rad_s",
                  "N s": "_n_s", "cm2 s": "_rel_s",
                  "s": ("_s", "t_device", "t_arrival", "t_publish", "t_start", "t_end")}
        seen = 0
        for kind, fields in self.tables.items():
            for name, row in fields.items():
                if row["unit"]:
                    self.assertTrue(name.endswith(suffix[row["unit"]]), f"{kind}.{name}")
                    seen += 1
        self.assertGreater(seen, 40)

    def test_messages_have_their_parts(self):
        self.assertGreater(len(self.demo), 100)
        for message in self.demo:
            self.assertEqual(len(message.parts), 4 if message.kind == "frame" else 3)
            self.assertRegex(message.time, r"^\d{10}(\.\d{1,6})?$")
            self.assertLess(abs(float(message.time) - message.received), 60)
            self.assertIsInstance(message.payload, dict)
            for value in message.payload.values():  # flat, or PlotJuggler makes a mess of it
                self.assertNotIsInstance(value, (dict, list))

    def test_the_frame_is_a_matrix_of_the_array(self):
        frames = [m for m in self.demo if m.kind == "frame"]
        self.assertGreater(len(frames), 300 / SLOW)
        for frame in frames:
            self.assertEqual((frame["n_rows"], frame["n_cols"], frame["unit"]), (32, 32, "kpa"))
            self.assertEqual(len(frame.parts[3]), 32 * 32 * 4)
        metrics = {m["frame_seq"]: m for m in self.demo if m.kind == "metrics"}
        both = [(f, metrics[f["frame_seq"]]) for f in frames if f["frame_seq"] in metrics]
        self.assertGreater(len(both), 20)
        for frame, metric in both:
            if metric.get("contact_cm2", 0) > 0:
                peak = max(v for v in frame.matrix() if not math.isnan(v))
                self.assertAlmostEqual(peak, metric["peak_kpa"], delta=0.01 + 1e-3 * peak)

    def test_every_topic_numbers_its_messages(self):
        seqs = {}
        for message in self.demo:
            seqs.setdefault(message.topic, []).append(message["seq"])
        for topic, seq in seqs.items():
            self.assertEqual(seq, list(range(seq[0], seq[0] + len(seq))), topic)

    @again_if_busy
    def test_times_run_forward_and_in_order(self):
        _, messages = self.collect_demo(4)
        last = 0
        frames = [m for m in messages if m.kind == "frame"]
        for frame in frames:
            self.assertGreater(frame["t_device"], last)
            last = frame["t_device"]
            self.assertLessEqual(frame["t_arrival"], frame["t_publish"])
            self.assertLess(abs(frame["t_device"] - frame["t_arrival"]), 0.25 * SLOW)
        intervals = [b["device_s"] - a["device_s"] for a, b in zip(frames, frames[1:])]
        self.assertAlmostEqual(sum(intervals) / len(intervals), 1 / 200, delta=2e-4 * SLOW)

    @again_if_busy
    def test_no_frame_arrives_before_it_was_scanned(self):
        daemon = self.daemon("pad=virtual:table32?script=demo", "hand=virtual:glove16?script=demo")
        messages = daemon.subscribe("frame.").collect(4)
        self.assertGreater(len(messages), 1000 / SLOW)
        for message in messages:
            self.assertLessEqual(message["t_device"], message["t_arrival"] + 2e-6)
            self.assertLessEqual(message["t_arrival"], message["t_publish"] + 2e-6)

    @again_if_busy
    def test_a_refused_rate_leaves_the_stream_alone(self):
        daemon = self.daemon("pad=virtual:table32?script=demo").wait_streaming()
        feed = daemon.subscribe("frame.", "gap.")
        feed.next()
        reply = daemon.ask("rate", device="pad", rate_hz=5000)
        self.assertIs(reply["ok"], False)
        self.assertIn("230", reply["error"])
        self.assertEqual({m.kind for m in feed.collect(1)}, {"frame"})

    def test_a_station_hears_nothing_of_another_with_a_longer_name(self):
        # s1 and s12 on the very same socket address space: a prefix must not be enough.
        daemons = [self.daemon("virtual:table32?script=demo", station=station)
                   for station in ("s1", "s12")]
        short, long = (daemon.subscribe("metrics.s1.", "status.s1.", "frame.s1.")
                       for daemon in daemons)
        for daemon in daemons:
            daemon.wait_streaming()
        self.assertEqual({m.station for m in short.until(lambda m: m.kind == "metrics")}, {"s1"})
        self.assertEqual([m.topic for m in long.collect(1)], [])

    def test_plotjuggler_can_plot_it(self):
        """Its rules: parts [topic][payload][seconds as text]; JSON numbers become series."""
        for message in (m for m in self.demo if m.kind == "metrics"):
            topic, payload, seconds = message.parts
            self.assertTrue(re.fullmatch(rb"[a-z]+\.[a-z0-9_-]+\.[a-z0-9_-]+", topic))
            self.assertGreater(float(seconds), 1.6e9)
            numbers = [v for v in message.payload.values() if isinstance(v, (int, float))]
            self.assertGreater(len(numbers), 8)

    def test_an_uncalibrated_device_speaks_of_no_kilopascals(self):
        _, messages = self.collect_demo(4, "virtual:table32?script=demo&uncalibrated=1")
        self.assertGreater(len(messages), 100)
        for message in messages:
            for name in message.payload:
                self.assertNotRegex(name, r"_kpa$|_n$|_n_s$", message.topic)
            if message.kind == "metrics":
                self.assertIs(message["uncalibrated"], True)
                self.assertTrue(0 <= message["peak_rel"] <= 1.2)
            if message.kind == "frame":
                self.assertEqual(message["unit"], "rel")

    @again_if_busy
    def test_rates_are_as_asked(self):
        daemon, messages = self.collect_demo(
            4, options=("--metrics-rate-hz", "20", "--frame-rate-hz", "10"))
        for kind, rate_hz in ("metrics", 20), ("frame", 10):
            times = [m["device_s"] for m in messages if m.kind == kind]
            self.assertAlmostEqual((len(times) - 1) / (times[-1] - times[0]), rate_hz,
                                   delta=0.02 * rate_hz)
        reply = daemon.ask("rate", device="table32", metrics_rate_hz=5)
        self.assertTrue(reply["ok"], reply)
        subscriber = daemon.subscribe("metrics.")
        subscriber.collect(0.5)
        times = [m["device_s"] for m in subscriber.collect(4)]
        self.assertAlmostEqual((len(times) - 1) / (times[-1] - times[0]), 5, delta=1)

    @again_if_busy
    def test_state_is_told_every_second(self):
        daemon = self.daemon("virtual:table32?script=demo").wait_streaming()
        time.sleep(1)
        late = daemon.subscribe("status.")  # joins late, soon knows all
        statuses = late.collect(4.5)
        self.assertGreaterEqual(len(statuses), 3)
        status = statuses[0]
        for name in ("state", "model", "serial", "firmware", "mount", "rate_hz", "filter_delay_ms",
                     "filter_form", "lost_device", "lost_link", "lost_host", "uncalibrated"):
            self.assertIn(name, status.payload)
        self.assertEqual(status["mount"], "pad")
        self.assertLessEqual(status["filter_delay_ms"], 23)


if __name__ == "__main__":
    main()
