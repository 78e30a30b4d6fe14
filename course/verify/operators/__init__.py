"""Transformations: the solution of a gap with a misconception in it that needs no imagination, made by machine.

A mutant (course/verify/mutants.py) is a slip of the pen. A transformation is a habit: to squeeze what comes out, to
write a default as a number, to leave gradients switched off. Each theme is a file here. Its operators are functions
from a `Place`, a gap and what is around it, to the changes that apply there; a gap that a course gets tomorrow is
changed by all of them.
"""

import ast
from collections.abc import Callable, Mapping

from course.verify.mutants import Mutant
from course.verify.operators import ends, leftovers, noise, sizes, weights
from course.verify.operators.place import Place
from course.verify.variants import laid
from exercise.source.gaps import Gap

__all__ = ["BY_CHANCE", "OPERATORS", "transformations"]


def _name(operator: Callable) -> str:
    return operator.__name__.replace("_", " ")


OPERATORS = sizes.OPERATORS + leftovers.OPERATORS + noise.OPERATORS + ends.OPERATORS + weights.OPERATORS
BY_CHANCE = frozenset(map(_name, noise.OPERATORS))  # what these make could be rejected by luck


def transformations(gap: Gap, texts: Mapping[str, str]) -> list[Mutant]:
    """All transformations of the solution in a gap, each once.

    Args:
        texts: the files that have gaps, by path; the defaults of sizes come from their signatures.
    """
    place = Place(gap, texts)
    found, seen = [], {ast.unparse(place.root)}
    for operator in OPERATORS:
        for before, after, text in operator(place):
            if text not in seen:
                seen.add(text)
                found.append(Mutant(_name(operator), before, after, laid(text, gap)))
    return found
