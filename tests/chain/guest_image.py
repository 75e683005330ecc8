# SPDX-License-Identifier: GPL-3.0-or-later
"""The guest: Debian's own kernel, busybox and udev, our programs, and the libraries they need.

Packages are downloaded, not installed, by the machine's own apt with its signature checks."""

import gzip
import os
import pathlib
import re
import shutil
import subprocess

PACKAGES = ("busybox-static", "udev")
MODULES = ("vhci-hcd", "cdc-acm", "virtio_pci", "virtio_net")


class Missing(Exception):
    """Something that this machine does not have, and cannot get."""


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def fetch(folder):
    """Kernel, busybox and udev, unpacked below `folder`; kept from run to run."""
    root = folder / "root"
    if (root / "complete").exists():
        return root
    try:
        kernel = re.search(r"Depends: (linux-image-[0-9]\S*)",
                           run("apt-cache", "depends", "linux-image-amd64"))
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        run("apt-get", "download", kernel[1], *PACKAGES, cwd=folder)
        for package in folder.glob("*.deb"):
            run("dpkg-deb", "-x", package, root)
    except (OSError, TypeError, subprocess.CalledProcessError) as error:
        raise Missing(f"Debian's kernel package: {getattr(error, 'stderr', None) or error}") from error
    (root / "complete").touch()
    return root


def modules_in_order(root):
    """Module files with what each needs before it."""
    tree = next((root / "lib/modules").iterdir())
    files = {path.stem.replace("-", "_"): path for path in tree.rglob("*.ko")}
    order = []

    def add(name):
        path = files.get(name.replace("-", "_"))
        if path is None or path in order:
            return  # built in, or there already
        depends = re.search(rb"\0depends=([^\0]*)", path.read_bytes())
        for other in depends[1].decode().split(",") if depends else ():
            if other:
                add(other)
        order.append(path)

    for name in MODULES:
        add(name)
    return order


def libraries(program):
    """All that the loader would load, and the loader."""
    return re.findall(r"(/\S+) \(0x", subprocess.run(["ldd", program], capture_output=True,
                                                     text=True).stdout)


def cpio(entries):
    """A newc archive of (name, mode, bytes)."""
    out = bytearray()
    for inode, (name, mode, data) in enumerate([*entries, ("TRAILER!!!", 0, b"")], 1):
        fields = (inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0)
        out += b"070701" + b"".join(b"%08x" % field for field in fields) + name.encode() + b"\0"
        out += bytes(-len(out) % 4) + data
        out += bytes(-len(out) % 4)
    return bytes(out)


def build(root, programs, init, rules, image):
    """Write the initial file system."""
    files = {"init": init, "bin/busybox": root / "bin/busybox", "bin/udevadm": root / "bin/udevadm",
             "lib/systemd/systemd-udevd": root / "bin/udevadm",  # one program, two names
             "etc/udev/rules.d/60-thenar.rules": rules}
    for name in "50-udev-default.rules", "75-probe_mtd.rules":
        if (root / "lib/udev/rules.d" / name).exists():
            files[f"lib/udev/rules.d/{name}"] = root / "lib/udev/rules.d" / name
    files.update({f"bin/{program.name}": program for program in programs})
    for program in list(files.values()):
        for library in libraries(program):
            files[library.lstrip("/")] = pathlib.Path(library)
    order = modules_in_order(root)
    files.update({f"modules/{path.name}": path for path in order})
    entries, folders = [], set()

    def add(name, mode, data):
        for folder in reversed(pathlib.PurePath(name).parents):
            if str(folder) != "." and folder not in folders:
                folders.add(folder)
                entries.append((str(folder), 0o40755, b""))
        entries.append((name, mode, data))

    for name, path in files.items():
        add(name, 0o100755 if os.access(path, os.X_OK) or name == "init" else 0o100644,
            path.read_bytes())
    add("modules/order", 0o100644, "".join(f"{path.name}\n" for path in order).encode())
    groups = ("root", "tty", "kmem", "input", "sgx", "video", "audio", "lp", "disk", "cdrom",
              "tape", "kvm", "render", "dialout", "plugdev")
    add("etc/group", 0o100644, "".join(f"{g}:x:{i}:\n" for i, g in enumerate(groups)).encode())
    add("etc/passwd", 0o100644, b"root:x:0:0::/:/bin/sh\n")
    image.write_bytes(gzip.compress(cpio(entries), 1))
