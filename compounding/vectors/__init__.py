"""Worked calculations as data, evaluated by topic and compared with their expected answers.

A vector is a dict with `id`, `topic`, `inputs`, `expected` and `rounding`. Any file of vectors in these
topics can be checked; nothing here knows an answer.
"""

from compounding.vectors.checking import Mismatch, Report, check_vectors
from compounding.vectors.inputs import Answers, Evaluator, VectorInputs, VectorUnreadable
from compounding.vectors.topics import TOPICS

__all__ = [
    "TOPICS",
    "Answers",
    "Evaluator",
    "Mismatch",
    "Report",
    "VectorInputs",
    "VectorUnreadable",
    "check_vectors",
]
