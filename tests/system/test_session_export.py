# SPDX-License-Identifier: GPL-3.0-or-later
"""What people take out of a session: CSV, EDF+, the report, the methods; lists, progress, erasing.
CSV is compared with the file as h5py reads it, EDF+ is read by its own specification."""

import csv
import html.parser
import json
import pathlib
import time

import h5py
import numpy

from harness import SLOW, SystemTest, main

RATE_HZ = 200  # of table32


def read_edf(path):
    """Signals by label and annotations as (onset, duration, text), from the format's own fields."""
    raw = path.read_bytes()
    n = int(raw[252:256])
    n_records, record_s = int(raw[236:244]), float(raw[244:252])
    fields, at = {}, 256
    for name, width in (("label", 16), ("transducer", 80), ("unit", 8), ("low", 8), ("high", 8),
                        ("digital_low", 8), ("digital_high", 8), ("filter", 80), ("n", 8),
                        ("reserved", 32)):
        fields[name] = [raw[at + i * width:at + (i + 1) * width].decode("ascii").strip()
                        for i in range(n)]
        at += n * width
    assert at == int(raw[184:192])
    sizes = [int(size) for size in fields["n"]]
    whole = numpy.frombuffer(raw[at:], "<i2").reshape(n_records, sum(sizes))
    signals, notes, begin = {}, [], 0
    for i, size in enumerate(sizes):
        part = whole[:, begin:begin + size]
        begin += size
        if fields["label"][i] == "EDF Annotations":
            for record in part:
                for item in record.tobytes().split(b"\x00"):
                    time_part, *texts = item.split(b"\x14")
                    onset, _, length = time_part.partition(b"\x15")
                    notes += [(float(onset), float(length or 0), text.decode())
                              for text in texts if text]
            continue
        low, high = float(fields["low"][i]), float(fields["high"][i])
        d_low, d_high = int(fields["digital_low"][i]), int(fields["digital_high"][i])
        values = low + (part.reshape(-1).astype(float) - d_low) * (high - low) / (d_high - d_low)
        values[part.reshape(-1) == d_low] = numpy.nan
        signals[fields["label"][i]] = (values, fields["unit"][i], size / record_s)
    return raw[:256].decode("ascii"), signals, notes


class Page(html.parser.HTMLParser):
    """Counts tags, and checks that what opens closes where HTML wants it."""

    def __init__(self):
        super().__init__()
        self.count, self.links = {}, []

    def handle_starttag(self, tag, attrs):
        self.count[tag] = self.count.get(tag, 0) + 1
        self.links += [value for name, value in attrs if name in ("src", "href", "xlink:href")]


class Exports(SystemTest):
    def record(self, participant, seconds=6):
        reply = self.daemon_at.ask("session_start", participant=participant,
                                   plan="maintenance")
        self.assertTrue(reply["ok"], reply)
        folder = pathlib.Path(reply["folder"])
        end = time.monotonic() + (seconds + 60) * SLOW
        while self.daemon_at.ask("session")["frames"] < seconds * RATE_HZ:
            self.assertLess(time.monotonic(), end)
            time.sleep(0.05)
        self.assertTrue(self.daemon_at.ask("session_note", note="she says \"deeper\", twice")["ok"])
        self.assertTrue(self.daemon_at.ask("session_stop")["ok"])
        return folder

    def thenar(self, *arguments):
        return self.run_program("thenar", "session", *arguments, "--sessions", str(self.sessions))

    def setUp(self):
        self.sessions = self.folder()
        self.daemon_at = self.daemon("pad=virtual:table32?script=demo&loop=1",
                                     options=("--sessions", str(self.sessions)))
        self.daemon_at.wait_streaming()

    def test_all(self):
        session = self.record("P007")
        self.check_csv(session)
        self.check_edf(session)
        self.check_report(session)
        self.check_methods(session)
        self.check_lists()

    def check_csv(self, session):
        to = self.folder() / "csv"
        done = self.thenar("export", session.name, "--to", str(to), "--samples")
        self.assertEqual(done.returncode, 0, done.stderr)
        with h5py.File(session / "pad.h5", "r") as file:
            metrics, cube = file["metrics"][:], file["counts"][:]
            notes = file["notes"][:]
        with open(to / "pad-metrics.csv", newline="", encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines))
        self.assertEqual(len(rows), len(metrics))
        self.assertNotIn("crc32", rows[0])
        for name, unit in (("peak_kpa", "kPa"), ("force_n", "N"), ("t_device", "s"),
                           ("cop_x_mm", "mm"), ("pace_cpm", "1/min")):
            got = numpy.array([float(row[f"{name} [{unit}]"] or "nan") for row in rows])
            numpy.testing.assert_array_equal(got.astype(metrics[name].dtype), metrics[name])
        with open(to / "pad-counts.csv", newline="", encoding="utf-8") as lines:
            table = csv.reader(lines)
            header = next(table)
            counts = numpy.array([row[2:] for row in table], dtype=numpy.uint16)
        self.assertEqual(header[2], "r0c0 [counts]")
        numpy.testing.assert_array_equal(
            counts, cube.transpose(2, 0, 1).reshape(cube.shape[2], -1))
        with open(to / "pad-notes.csv", newline="", encoding="utf-8") as lines:
            self.assertEqual([row["text"] for row in csv.DictReader(lines)],
                             [note["text"].decode() for note in notes])
        for file in to.iterdir():
            self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        with open(to / "pad-columns.csv", newline="", encoding="utf-8") as lines:
            self.assertTrue(all(row["description"] for row in csv.DictReader(lines)))

    def check_edf(self, session):
        to = self.folder()
        done = self.thenar("export", session.name, "--to", str(to), "--format", "edf")
        self.assertEqual(done.returncode, 0, done.stderr)
        header, signals, notes = read_edf(to / "pad-metrics.edf")
        self.assertTrue(header[8:].startswith("P007 X X X"), header)
        self.assertEqual(header[192:197], "EDF+C")
        with h5py.File(session / "pad.h5", "r") as file:
            metrics = file["metrics"][:]
        peak, unit, rate_hz = signals["Pressure peak"]
        self.assertEqual((unit, rate_hz), ("kPa", 50.0))
        times = metrics["t_device"] - metrics["t_device"][0]
        at = numpy.arange(len(peak)) / rate_hz
        inside = at < times[-1]
        near = numpy.abs(times[None, :] - at[inside][:, None]).argmin(axis=1)
        step = 2 * numpy.nanmax(numpy.abs(peak)) * 10 / 65534
        numpy.testing.assert_allclose(peak[inside], metrics["peak_kpa"][near], atol=step)
        self.assertTrue(any(text.startswith("note: she says") for _, _, text in notes), notes)

    def check_report(self, session):
        page = self.folder() / "report.html"
        done = self.thenar("report", session.name, "-o", str(page))
        self.assertEqual(done.returncode, 0, done.stderr)
        text = page.read_text(encoding="utf-8")
        seen = Page()
        seen.feed(text)
        self.assertEqual(seen.links, [])
        for word in "http-equiv", "three things", "p007", "kpa", "the same as a table":
            self.assertIn(word, text.lower())
        for word in "<script", "http://", "https://", "url(":
            self.assertNotIn(word, text)
        self.assertEqual(text.count("<svg"), text.count("</svg>"))
        self.assertGreaterEqual(seen.count["svg"], 6)
        self.assertEqual(text.count('role="img"'), seen.count["svg"])
        self.assertEqual(page.stat().st_mode & 0o777, 0o600)

    def check_methods(self, session):
        told = self.thenar("methods", session.name)
        self.assertEqual(told.returncode, 0, told.stderr)
        for word in "32 x 32", "200 times a second", "low-pass", "No frame was lost", session.name:
            self.assertIn(word, told.stdout)

    def check_lists(self):
        other = self.record("P008", seconds=1)
        mine = self.thenar("list", "--participant", "P007").stdout
        self.assertIn("P007", mine)
        self.assertNotIn("P008", mine)
        self.assertIn("1 of 2 sessions", mine)
        self.assertIn("0 of 2 sessions", self.thenar("list", "--until", "2020-01-01").stdout)
        self.assertEqual(self.thenar("list", "--since", "yesterday").returncode, 2)
        progress = self.thenar("progress", "P007")
        self.assertEqual(progress.returncode, 0, progress.stderr)
        self.assertIn("P007: 1 session", progress.stdout)
        self.assertEqual(self.thenar("progress", "P999").returncode, 1)
        asked = self.thenar("erase", "P008")
        self.assertIn("nothing was removed yet", asked.stdout)
        self.assertTrue(other.exists())
        erased = self.thenar("erase", "P008", "--yes")
        self.assertEqual(erased.returncode, 0, erased.stderr)
        self.assertIn(other.name, erased.stdout)
        self.assertFalse(other.exists())
        self.assertEqual(self.thenar("erase", "P008", "--yes").returncode, 1)
        self.assertIn("P007", self.thenar("list").stdout)

    def test_list_of_a_thousand(self):
        session = self.record("P007", seconds=1)
        manifest = json.loads((session / "manifest.json").read_text())
        for i in range(1000):
            folder = self.sessions / f"20250101T{i // 60 % 24:02}{i % 60:02}{i // 1440:02}Z-s1"
            folder.mkdir(exist_ok=True)
            manifest["id"] = folder.name
            (folder / "manifest.json").write_text(json.dumps(manifest))
        begin = time.monotonic()
        listed = self.thenar("list")
        took_s = time.monotonic() - begin
        self.assertEqual(len(listed.stdout.splitlines()), 1002)
        print(f"1,001 sessions listed in {took_s:.2f} s")


if __name__ == "__main__":
    main()
