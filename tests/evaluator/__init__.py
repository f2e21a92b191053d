"""What the models must give, computed a second time from raw tables and seeds.

Plain Python, written from the semantics page alone: it imports nothing of the project and takes the
simplest road everywhere (sets per day, walks over sorted lists). It is the oracle of the tests, so it
prefers a reading that can be checked by eye to one that is fast.
"""

from .evaluation import Result, evaluate

__all__ = ["Result", "evaluate"]
