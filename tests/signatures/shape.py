"""What a signature's pattern is made of: the fixed texts and the runs of characters, found in an example.

A pattern is taken apart just far enough: every fixed text and every run gets a name of its own, so that Python's matcher
says where in an example each of them stands. Repeated groups stay whole.
"""
import re

RUN, TEXT = "r", "t"
ASSERTIONS = ("(?=", "(?!", "(?<=", "(?<!")


class Shape:
    """A pattern with names in it; `parts` says of each name what it is: (kind, least, most, is_open)."""

    def __init__(self, pattern):
        self.pattern = pattern.replace(r"\z", r"\Z")
        self.parts = {}
        self.at = 0
        named = self._alternatives()
        self.regex = re.compile(named, re.ASCII)

    def find(self, text):
        """The match, and the parts that took part in it: (kind, least, most, is_open, start, end), in order."""
        match = self.regex.search(text)
        if match is None:
            return None, []
        found = [self.parts[name] + match.span(name) for name in self.form(match)]
        return match, sorted(found, key=lambda part: part[4])

    def form(self, match):
        """Which parts took part: alternatives are different forms of a secret."""
        return [name for name in self.parts if match.span(name) != (-1, -1)]

    def _name(self, kind, least, most, is_open, text):
        name = f"{kind}{len(self.parts)}"
        self.parts[name] = (kind, least, most, is_open)
        return f"(?P<{name}>{text})"

    def _quantifier(self):
        match = re.compile(r"(?:\{(\d+)(?:(,)(\d*))?\}|([?*+]))[?+]?").match(self.pattern, self.at)
        if match is None:
            return "", 1, 1
        self.at = match.end()
        if match[4]:
            return match[0], int(match[4] == "+"), 1 if match[4] == "?" else None
        least = int(match[1])
        return match[0], least, least if match[2] is None else int(match[3]) if match[3] else None

    def _class(self):
        end = self.at + (2 if self.pattern.startswith("[^", self.at) else 1)
        end += self.pattern[end] == "]"
        while self.pattern[end] != "]":
            end += 2 if self.pattern[end] == "\\" else 1
        text = self.pattern[self.at:end + 1]
        self.at = end + 1
        return text

    def _closing(self):
        """The text from here to the bracket that closes the group."""
        start, depth = self.at, 0
        while True:
            char = self.pattern[self.at]
            if char == "\\":
                self.at += 2
                continue
            if char == "[":
                self._class()
                continue
            depth += (char == "(") - (char == ")")
            self.at += 1
            if depth == 0:
                return self.pattern[start:self.at]

    def _group(self):
        if self.pattern.startswith(ASSERTIONS, self.at):
            return self._closing()
        start = self.at
        whole = self._closing()
        after = self.at
        quantifier = self._quantifier()
        if quantifier[0]:
            return whole + quantifier[0]
        self.at = re.compile(r"\((?:\?[a-z]*:)?").match(self.pattern, start).end()
        head = self.pattern[start:self.at]
        body = self._alternatives()
        assert self.pattern[self.at] == ")" and self.at + 1 == after, self.pattern
        self.at = after
        return head + body + ")"

    def _atom(self):
        """One character or class: its text, whether it is a class, whether that is open, whether it is nothing."""
        char = self.pattern[self.at]
        if char == "[":
            text = self._class()
            return text, True, text.startswith("[^"), False
        size = 2 if char == "\\" else 1
        text = self.pattern[self.at:self.at + size]
        self.at += size
        return text, text in (r"\d", r"\w", r"\s", r"\S", "."), text in (r"\S", "."), text in (r"\b", r"\Z", "^", "$")

    def _alternatives(self):
        out, fixed = [], ""

        def flush():
            nonlocal fixed
            if fixed:
                out.append(self._name(TEXT, 0, 0, False, fixed))
            fixed = ""

        while self.at < len(self.pattern) and self.pattern[self.at] != ")":
            char = self.pattern[self.at]
            if char in "|(":
                flush()
                if char == "|":
                    self.at += 1
                out.append("|" if char == "|" else self._group())
                continue
            text, is_class, is_open, is_nothing = self._atom()
            quantifier, least, most = self._quantifier()
            if not is_class and not quantifier and not is_nothing:
                fixed += text
                continue
            flush()
            text += quantifier
            out.append(text if is_nothing else self._name(RUN, least, most, is_open, text))
        flush()
        return "".join(out)
