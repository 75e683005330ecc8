# SPDX-License-Identifier: GPL-3.0-or-later
"""dump.py - the values of both sides, written alike and compared

A record a frame, little-endian: 9 float64 (names in HEAD), 16 contacts of 6 float64 (strongest
first, zeros where there is none), the filtered matrix in float32.

What may differ: float32 arithmetic in another order. A taxel that stands within rounding of the
gate, or of the edge of a contact, is in on one side and out on the other, which moves sums by a
whole taxel; frames that hold such a taxel are left out of all but the matrix, and counted.
"""
import numpy as np

HEAD = ("force_n", "peak_kpa", "peak_raw_kpa", "mean_kpa", "contact_cm2", "cop_x_mm", "cop_y_mm",
        "n_touched", "n_contacts")
CONTACT = ("force_n", "peak_kpa", "area_cm2", "cop_x_mm", "cop_y_mm", "major_mm")
CONTACTS_MAX = 16

TOLERANCE = 1e-4  # of the value itself
TOLERANCE_MATRIX_KPA = 1e-3
TOLERANCE_MM = 0.02
NEAR_GATE = 2e-5  # of the gate
LEAST_SHARE_COMPARED = 0.9


def dtype(n_taxels):
    return np.dtype([("head", "<f8", len(HEAD)), ("contacts", "<f8", (CONTACTS_MAX, len(CONTACT))),
                     ("matrix", "<f4", n_taxels)])


def write(file, peer):
    """One record from a LivePeer or BlockPeer that has just published a frame."""
    record = np.zeros((), dtype(peer.n_taxels))
    record["head"] = (peer.force_n, peer.peak_kpa, peer.peak_raw_kpa, peer.mean_kpa,
                      peer.contact_cm2, peer.cop_x_mm, peer.cop_y_mm, peer.n_touched,
                      len(peer.contacts))
    for i, contact in enumerate(peer.contacts):
        record["contacts"][i] = (contact["force_n"], contact["peak_kpa"], contact["area_cm2"],
                                 contact["x"], contact["y"], contact["major_mm"])
    record["matrix"] = peer.matrix
    file.write(record.tobytes())


def compare(ours_path, theirs_path, n_taxels, gate_kpa):
    """Worst differences, and a list of what is out of tolerance (empty: they agree)."""
    ours, theirs = (np.fromfile(path, dtype(n_taxels)) for path in (ours_path, theirs_path))
    problems, worst = [], {}
    if len(ours) != len(theirs) or not len(ours):
        return worst, [f"{len(ours)} frames on one side and {len(theirs)} on the other"]

    def check(name, difference, limit):
        worst[name] = float(np.max(difference, initial=0.0))
        if not worst[name] <= limit:
            problems.append(f"{name} differs by {worst[name]:.3g}, allowed is {limit:g}")

    matrix = np.abs(ours["matrix"].astype(float) - theirs["matrix"])
    check("matrix_kpa", matrix, TOLERANCE_MATRIX_KPA)
    near = np.zeros(len(theirs), bool)
    for level_kpa in (gate_kpa, 0.4 * gate_kpa):  # touched; the edge of a contact
        near |= np.abs(theirs["matrix"] - level_kpa).min(axis=1) < NEAR_GATE * level_kpa
    clear = ~near
    worst["frames_compared"] = int(clear.sum())
    if clear.mean() < LEAST_SHARE_COMPARED:
        problems.append(f"{near.sum()} of {len(near)} frames have a taxel at a threshold itself")

    def check_fields(names, a, b):
        for column, name in enumerate(names):
            one, other = a[..., column], b[..., column]
            if not np.array_equal(np.isnan(one), np.isnan(other)):
                problems.append(f"{name} is absent on one side only")
                continue
            away = np.abs(np.nan_to_num(one) - np.nan_to_num(other))
            if name.endswith("_mm"):
                check(prefix + name, away, TOLERANCE_MM)
            elif name.startswith("n_"):
                check(prefix + name, away, 0)
            else:
                check(prefix + name, away / np.maximum(np.abs(np.nan_to_num(other)), 1e-3),
                      TOLERANCE)

    prefix = ""
    check_fields(HEAD, ours["head"][clear], theirs["head"][clear])
    prefix = "contact "
    check_fields(CONTACT, ours["contacts"][clear], theirs["contacts"][clear])
    return worst, problems
