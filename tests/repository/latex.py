"""The value of a formula as it stands in a text: enough of LaTeX for closed forms.

A formula is a chain of sides, a = b = c or a <= b. Each side is computed from the values of its symbols. A symbol is
any piece of LaTeX, such as `\\sigma_1^2` or `H(p)`, of a number, a function, a vector over which `\\sum` sums, or a
matrix.
"""

import math
import re
from itertools import pairwise

import numpy as np

__all__ = ["holds", "sides"]

_CONSTANTS = {r"\pi": math.pi, "e": math.e, r"\ln": np.log, r"\exp": np.exp, r"\det": np.linalg.det}
_RELATIONS = {  # up to the errors of float64
    "=": lambda a, b: np.allclose(a, b, rtol=1e-7, atol=1e-9), r"\approx": lambda a, b: np.allclose(a, b, rtol=1e-2),
    r"\le": lambda a, b: np.all(a <= b + 1e-9), r"\ge": lambda a, b: np.all(a >= b - 1e-9)}
_SPACE = re.compile(r"\s+|&|\\\\|\\[,;!:]|\\q?quad\b|\\(begin|end)\{aligned\}|\\(left|right|cdot|bigl|bigr|Bigl|Bigr)"
                    r"(?![a-zA-Z])")
_TOKEN = re.compile(r"\\(?:sum|prod)(?:_\{[^}]*\}|_\w)?(?:\^\{[^}]*\}|\^\w)?|\d+(?:\.\d+)?|\\[a-zA-Z]+|\S")
_CLOSING = {"(": ")", "[": "]", "{": "}"}


def holds(latex, symbols):
    """Whether the sides of a formula, two or more, stand to each other as it says."""
    values, relations = sides(latex, symbols)
    return bool(relations) and all(_RELATIONS[relation](*pair)
                                   for relation, pair in zip(relations, pairwise(values), strict=True))


def sides(latex, symbols):
    """The values of the sides of a formula, and the relations between them.

    Raises: ValueError where something else than the symbols and what is known here stands in it.
    """
    reader = _Reader(latex, _CONSTANTS | symbols)
    values, relations = [reader.sum()], []
    while reader.next in _RELATIONS:
        relations.append(reader.take())
        values.append(reader.sum())
    if reader.next is not None:
        raise ValueError(f"what is {reader.next} in {latex}?")
    return values, relations


def _tokens(latex, symbols):
    names = sorted(symbols, key=len, reverse=True)
    known = re.compile("|".join(re.escape(name) + ("(?![a-zA-Z])" if re.fullmatch(r"\\[a-zA-Z]+", name) else "")
                                for name in names))
    place = 0
    while place < len(latex):
        if match := _SPACE.match(latex, place):
            pass
        elif match := known.match(latex, place) or _TOKEN.match(latex, place):
            yield match[0]
        place = match.end()


class _Reader:
    def __init__(self, latex, symbols):
        self.symbols, self.latex = symbols, latex
        self.tokens = list(_tokens(latex, symbols))[::-1]

    @property
    def next(self):
        return self.tokens[-1] if self.tokens else None

    def take(self, *expected):
        if not self.tokens or (expected and self.next not in expected):
            raise ValueError(f"{' or '.join(expected)} should stand where {self.next} stands in {self.latex}")
        return self.tokens.pop()

    def sum(self):
        sign = -1 if self.next == "-" and self.take() else 1
        value = sign * self.product()
        while self.next in ("+", "-"):
            sign = 1 if self.take() == "+" else -1
            value = value + sign * self.product()
        return value

    def product(self):
        value = self.power()
        while self.next == "/" or self._begins():
            if self.next == "/":
                self.take()
                value = value / self.power()
            else:
                value = _times(value, self.power())
        return value

    def _begins(self):
        """Whether a factor begins here."""
        return self.next is not None and (self.next in self.symbols or self.next[0].isdigit() or self.next in _CLOSING
                                          or self.next.startswith((r"\frac", r"\sqrt", r"\sum", r"\prod")))

    def power(self):
        value = self.base()
        if self.next == "^":
            self.take()
            value = self._raised(value)
        return value

    def _raised(self, value):
        if self.next == r"\top":
            self.take()
            return value.T
        exponent = self.group("{") if self.next == "{" else self.base()
        if np.ndim(value) == 2 and exponent == -1:
            return np.linalg.inv(value)
        return value ** exponent

    def base(self):
        if self.next in self.symbols:
            value = self.symbols[self.take()]
            return value(*self.arguments()) if callable(value) else value
        if self.next in _CLOSING:
            return self.group(self.next)
        token = self.take()
        if token[0].isdigit():
            return float(token)
        if token == r"\frac":
            return self.group("{") / self.group("{")
        if token == r"\sqrt":
            return np.sqrt(self.group("{"))
        if token.startswith((r"\sum", r"\prod")):
            return (np.sum if token.startswith(r"\sum") else np.prod)(self.product())
        raise ValueError(f"what is {token} in {self.latex}?")

    def arguments(self):
        """In parentheses; without any, the one that follows, with its power."""
        if self.next != "(":
            return [self.power()]
        self.take()
        values = [self.sum()]
        while self.next == ",":
            self.take()
            values.append(self.sum())
        self.take(")")
        return values

    def group(self, opening):
        self.take(opening)
        value = self.sum()
        self.take(_CLOSING[opening])
        return value


def _times(a, b):
    value = a @ b if np.ndim(a) == np.ndim(b) == 2 else a * b
    return value.item() if np.shape(value) == (1, 1) else value
