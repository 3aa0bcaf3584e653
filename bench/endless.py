#!/usr/bin/env python3
"""A tar of any size on standard output, never stored: endless.py file|tree GIB

`file` is one huge file of text, `tree` many files of 64 KiB. The text is pseudo-random words, so that it neither
compresses to nothing nor looks like secrets.
"""
import io
import random
import sys
import tarfile


def text(size):
    rng = random.Random(7)
    words = ["river", "silt", "delta", "layer", "image", "stone", "water", "config", "value", "return", "import", "class"]
    out = bytearray()
    while len(out) < size:
        out += (" ".join(rng.choice(words) for _ in range(12)) + "\n").encode()
    return bytes(out[:size])


def header(name, size):
    info = tarfile.TarInfo(name)
    info.size = size
    return info.tobuf(tarfile.GNU_FORMAT)


def main():
    kind, size = sys.argv[1], int(sys.argv[2]) << 30
    out, block = sys.stdout.buffer, text(1 << 20)
    if kind == "file":
        out.write(header("huge.log", size))
        for _ in range(size >> 20):
            out.write(block)
    else:
        piece = block[: 64 << 10]
        for number in range(size >> 16):
            out.write(header(f"tree/{number // 1000}/{number}.txt", len(piece)))
            out.write(piece)
    out.write(bytes(1024))


try:
    main()
except BrokenPipeError:
    pass
