"""The tokens of a text in Python, however broken it is: what matches nothing else is a token of one sign."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Token", "tokens"]

_TOKEN = re.compile(r"""
    (?P<comment> \#[^\n]*+ )
  | (?P<string> [rRbBuUfF]{0,2}+ (?: \"{3} (?: [^"\\] | \\. | "(?!"") )*+ (?:\"{3})?
                                   | '{3}  (?: [^'\\] | \\. | '(?!'') )*+ (?:'{3})?
                                   | "     (?: [^"\\\n] | \\. )*+ "?
                                   | '     (?: [^'\\\n] | \\. )*+ '? ) )
  | (?P<number> \.?\d (?: [\w.] | (?<=[eE])[+-] )*+ )
  | (?P<name> [^\W\d]\w*+ )
  | (?P<sign> \*\*=? | //=? | >>=? | <<=? | -> | \.\.\. | [-+*/%@&|^=<>!:]= | \S )
""", re.VERBOSE | re.DOTALL)


@dataclass(frozen=True)
class Token:
    """A part of a text, from `start` to `end`; `kind` is comment, string, number, name or sign."""
    kind: str
    text: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text, in time proportional to its length; space and line ends are none."""
    return (Token(match.lastgroup, match[0], *match.span()) for match in _TOKEN.finditer(text))
