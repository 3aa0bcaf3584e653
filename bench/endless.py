#!/usr/bin/env python3
"""A tar of any size on standard output, never stored: endless.py KIND ...

  file BYTES           one file of text
  tree COUNT BYTES     COUNT files of BYTES each, a thousand a folder

The text is pseudo-random words, so that it neither compresses to nothing nor looks like secrets; files differ from each other.
"""
import random
import sys
import tarfile

WORDS = ["river", "silt", "delta", "layer", "image", "stone", "water", "config", "value", "return", "import", "class"]
BLOCK = 1 << 20


def text(size):
    rng = random.Random(7)
    out = bytearray()
    while len(out) < size:
        out += (" ".join(rng.choice(WORDS) for _ in range(12)) + "\n").encode()
    return bytes(out[:size])


def header(name, size):
    info = tarfile.TarInfo(name)
    info.size = size
    return info.tobuf(tarfile.GNU_FORMAT)


def put(out, name, pieces, size):
    out.write(header(name, size))
    for piece in pieces:
        out.write(piece)
    out.write(bytes(-size % tarfile.BLOCKSIZE))


def write_file(out, size):
    block = text(BLOCK)
    whole, rest = divmod(size, BLOCK)
    put(out, "huge.log", numbered(block, whole, rest), size)


def numbered(block, whole, rest):
    """Blocks that differ, one at a time."""
    for number in range(whole):
        yield b"%012d " % number + block[13:]
    yield block[:rest]


def write_tree(out, count, size):
    block = text(BLOCK)
    for number in range(count):
        start = number * 997 % (BLOCK - size)
        put(out, f"tree/{number // 1000}/{number}.txt", [b"%012d " % number + block[start + 13:start + size]], size)


def main():
    kind, *rest = sys.argv[1:]
    out = sys.stdout.buffer
    if kind == "file":
        write_file(out, int(rest[0]))
    else:
        write_tree(out, int(rest[0]), int(rest[1]))
    out.write(bytes(2 * tarfile.BLOCKSIZE))


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        pass
