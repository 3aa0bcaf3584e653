#!/usr/bin/env python3
"""Holds the structure that DESIGN.md describes: floors, walls, symbols, exports, documented headers.

usage: layout.py CHECK SOURCE_DIR [LIBRARY]     CHECK: floors walls words documents headings names symbols sizes readmes
Prints each breach as file:line: text and exits 1 if there is one.
"""
import pathlib
import re
import subprocess
import sys

FLOORS = {"base": 0, "stream": 1, "signature": 1, "store": 1, "archive": 2, "content": 2, "registry": 2, "source": 3, "match": 3, "confirm": 3,
          "image": 4, "scan": 5}

# Outside headers and the only folders (or files) that may include them.
WALLS = [
    (r"archive(_entry)?\.h", ["engine/archive"]),
    (r"hs(/.*|_.*)?\.h", ["engine/match"]),
    (r"pcre2.*\.h", ["engine/confirm"]),
    (r"(isa-l.*|zstd.*|lzma.*|bzlib)\.h", ["engine/stream"]),
    (r"jansson\.h", ["engine/base/json.c", "cli"]),
    (r"openssl/(evp|hmac|md5|sha)\.h", ["engine/base/digest.c", "engine/base/hasher.c", "engine/base/summer.c", "engine/confirm"]),
    (r"openssl/.*\.h", ["engine/confirm", "engine/base/digest.c"]),
    (r"(pthread|threads)\.h", ["engine/scan", "engine/registry", "cli/serve", "cli/lanes.c"]),
    (r"curl/.*\.h", ["engine/registry", "cli/serve/deliver"]),
    (r"sqlite3.*\.h", ["engine/store", "cli/serve/database"]),
    (r"nats(/.*)?\.h", ["cli/serve/nats"]),
    (r"microhttpd.*\.h", ["cli/serve/http"]),
]

# What the engine never does: speak, end the process, read its environment.
FORBIDDEN = r"\b(printf|puts|putchar|fprintf|perror|exit|_exit|abort|getenv|secure_getenv|setlocale|system|popen)\s*\("

breaches = 0


def breach(path, line, text):
    global breaches
    breaches += 1
    print(f"{path}:{line}: {text}")


def sources(root, *folders, suffixes=(".c", ".h")):
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in suffixes:
                yield path, path.relative_to(root).as_posix()


def includes(path):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        found = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if found:
            yield number, found.group(1), found.group(2)


def without_comments(text):
    """Comments and strings blanked, lines kept."""
    pattern = r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
    return re.sub(pattern, lambda m: re.sub(r"[^\n]", " ", m.group(0)), text, flags=re.S)


def check_floors(root):
    for path, name in sources(root, "engine", suffixes=(".c", ".h", ".def", ".inc")):
        own = name.split("/")[1]
        for number, quote, header in includes(path):
            other = header.split("/")[0]
            if quote == "<" or header.endswith((".def", ".inc")):
                continue
            if other not in FLOORS:
                breach(name, number, f"{header}: engine headers are named from engine/, as in \"base/span.h\"")
            elif other != own and FLOORS[other] >= FLOORS[own]:
                breach(name, number, f"floor {FLOORS[own]} ({own}) includes floor {FLOORS[other]} ({other})")
    for path, name in sources(root, "cli"):
        for number, quote, header in includes(path):
            if header.split("/")[0] in FLOORS:
                breach(name, number, f"cli includes the engine's {header}; it may only include <silt/…>")


def check_walls(root):
    for path, name in sources(root, "engine", "cli"):
        for number, quote, header in includes(path):
            for pattern, homes in WALLS:
                if quote == "<" and re.fullmatch(pattern, header):
                    if not any(name.startswith(home) for home in homes):
                        breach(name, number, f"<{header}> is included in {' and '.join(homes) or 'no folder'} only")
                    break


def check_words(root):
    for path, name in sources(root, "engine"):
        text = without_comments(path.read_text())
        for number, line in enumerate(text.splitlines(), 1):
            if re.search(FORBIDDEN, line):
                breach(name, number, f"the engine does not do this: {line.strip()}")
            if re.match(r"\s*typedef\b", line) and "(" not in line:
                breach(name, number, "no typedefs but for function types")
            mutable = re.match(r"static\s+(?!const\b|inline\b|_Atomic const)[\w\s\*]+?\b(\w+)\s*(\[[^\]]*\])*\s*(=|;)", line)
            if mutable and "(" not in line.split("=")[0] and " const " not in line.split("=")[0]:
                breach(name, number, f"a mutable variable at file scope: {line.strip()}")
        if re.search(r"\b(TODO|FIXME|XXX)\b", path.read_text()):
            breach(name, 1, "says itself that it is not finished")


def declarations(text):
    """(line, text) of each declaration of a function in a header, with what stands right above it."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        found = re.match(r"(?!#|\s|typedef|\*|/|\}|static_assert)[\w\s\*()]*?\b(silt_\w+)\(", line)
        if found:
            yield number, found.group(1), lines


def is_documented(number, lines):
    """A comment ends right above, or above the run of declarations that this one stands in."""
    above = number - 1
    while above >= 0 and lines[above].strip() and not lines[above].rstrip().endswith("*/"):
        above -= 1
    return above >= 0 and lines[above].rstrip().endswith("*/")


def check_documents(root):
    for path, name in sources(root, "include", "engine", "cli", suffixes=(".h", ".in")):
        for number, symbol, lines in declarations(path.read_text()):
            if not is_documented(number, lines):
                breach(name, number + 1, f"{symbol} is not documented")


def check_headings(root):
    for path, name in sources(root, "include", "engine", "cli", suffixes=(".c", ".h", ".in")):
        text = path.read_text()
        if not re.match(r"/\*\n \* [\w./-]+: ", text):
            breach(name, 1, "opens without a comment `name: what it is for`")


def check_readmes(root):
    for folder in ["engine", "include", "cli", "signatures", "tests", "bench"]:
        base = root / folder
        for path in [base] + sorted(p for p in base.rglob("*") if p.is_dir()):
            if any(p.is_file() for p in path.iterdir()) and "__pycache__" not in path.parts:
                if not (path / "README.md").exists() and path.name not in ("silt", "model"):
                    breach(path.relative_to(root).as_posix(), 1, "has no README.md")


def check_symbols(root, library):
    """Every exported symbol is named after its file (gzip.c exports silt_gzip…) and declared in a header."""
    headers = "\n".join(path.read_text() for path, _ in sources(root, "include", "engine", suffixes=(".h", ".in")))
    headers += "\n".join(p.read_text() for p in (root / "engine").rglob("*.def"))
    listing = subprocess.run(["nm", "-A", "--defined-only", "-g", library], capture_output=True, text=True, check=True).stdout
    for line in listing.splitlines():
        where, _, symbol = line.rpartition(" ")
        unit = re.search(r"([\w-]+)\.c\.o:", where)
        if unit is None or symbol.startswith(("__odr_asan", "__asan", "__start", "__stop")):
            continue
        stem = unit.group(1).replace("-", "_")
        if not symbol.startswith("silt_"):
            breach(unit.group(1) + ".c", 1, f"exports {symbol} without the prefix silt_")
        if stem not in ("names",) and stem.rstrip("s") not in symbol:
            breach(unit.group(1) + ".c", 1, f"exports {symbol}, which is not named after the file")
        if not re.search(rf"\b{symbol}\b", headers) and not re.search(r"_(ops|codec|check|output|command)\b|silt_\w+", symbol):
            breach(unit.group(1) + ".c", 1, f"exports {symbol}, which no header declares")


def check_names(root):
    """No function of cli/ has the name of one in engine/: linked statically, it would silently take its place."""
    pattern = re.compile(r"^[\w ]+\W\**(silt_\w+)\(", re.M)
    taken = {symbol: name for path, name in sources(root, "engine", "include", suffixes=(".h",)) for symbol in pattern.findall(path.read_text())}
    for path, name in sources(root, "cli", suffixes=(".h",)):
        for symbol in pattern.findall(path.read_text()):
            if symbol in taken:
                breach(name, 1, f"declares {symbol}, which {taken[symbol]} has too")


def check_sizes(root):
    """Printed, not enforced."""
    rows = []
    for path, name in sources(root, "engine", "cli", suffixes=(".c",)):
        start = None
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if line == "{":
                start = number
            elif line == "}" and start:
                rows.append((number - start - 1, f"{name}:{start}"))
                start = None
    rows.sort()
    size = [row[0] for row in rows]
    print(f"{len(rows)} functions: half have at most {size[len(size) // 2]} lines, nine in ten {size[len(size) * 9 // 10]}")
    for lines, where in rows[-8:]:
        print(f"{lines:5}  {where}")


def main():
    check, root = sys.argv[1], pathlib.Path(sys.argv[2])
    function = globals()["check_" + check]
    if check == "symbols":
        function(root, sys.argv[3])
    else:
        function(root)
    sys.exit(1 if breaches else 0)


if __name__ == "__main__":
    main()
