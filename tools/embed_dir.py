#!/usr/bin/env python3
"""Embeds a whole folder: embed_dir.py NAME FOLDER OUT.c DEPFILE.

The folder is made by another build (web/dist), so its files are not known to meson; the depfile lets
ninja run this again when one of them changes. A folder that is not there gives an empty table."""
import os
import subprocess
import sys

name, folder, out, depfile = sys.argv[1:5]
files = sorted(
    os.path.join(root, f) for root, _, names in os.walk(folder) for f in names
) if os.path.isdir(folder) else []
embed = os.path.join(os.path.dirname(os.path.abspath(__file__)), "embed.py")
subprocess.run([sys.executable, embed, name, folder, out, *files], check=True)
with open(depfile, "w", encoding="utf-8") as f:
    f.write(f"{out}: " + " ".join(files) + "\n")
