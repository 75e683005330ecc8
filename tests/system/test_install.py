# SPDX-License-Identifier: GPL-3.0-or-later
"""What `cmake --install` puts down works from there: programs, library, man pages, completion."""

import os
import pathlib
import subprocess

from harness import BIN, ROOT, SystemTest, main


class Install(SystemTest):
    def test_an_installed_tree_works(self):
        prefix = self.folder()
        subprocess.run(["cmake", "--install", str(BIN.parent), "--prefix", str(prefix)], check=True,
                       capture_output=True)
        files = {str(p.relative_to(prefix)) for p in prefix.rglob("*") if not p.is_dir()}
        for wanted in ("bin/thenard", "bin/thenar", "bin/thenar-virtual", "include/thenar.h",
                       "share/man/man1/thenar.1", "share/man/man1/thenard.1",
                       "share/man/man1/thenar-virtual.1", "share/man/man5/thenard.conf.5",
                       "share/bash-completion/completions/thenar"):
            self.assertIn(wanted, files)
        self.assertTrue(any(f.endswith("thenard.service") for f in files), files)

        config = next(prefix.rglob("thenar.pc"))
        env = {**os.environ, "PKG_CONFIG_PATH": str(config.parent)}
        flags = subprocess.run(["pkg-config", "--cflags", "--libs", "thenar"], env=env, check=True,
                               capture_output=True, text=True).stdout.split()
        sanitize = [f"-fsanitize={s}" for s in [os.environ.get("THENAR_SANITIZE", "")] if s]
        example = prefix / "pressure"
        subprocess.run(["cc", "-std=c11", *sanitize, str(ROOT / "docs/examples/pressure.c"), "-o",
                        str(example), *flags], check=True)
        self.assertTrue(example.exists())

        library = pathlib.Path(next(p for p in prefix.rglob("libthenar.so"))).parent
        thenar = subprocess.run([prefix / "bin/thenar", "--version"], capture_output=True,
                                text=True, env={**env, "LD_LIBRARY_PATH": str(library)})
        self.assertEqual(thenar.returncode, 0, thenar.stderr)


if __name__ == "__main__":
    main()
