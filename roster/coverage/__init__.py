"""How well the roster covers the world, where it does not, and what to do about it.

Knows of dispatch only the selects it is handed: who has a live offer, who is on a mission.
"""

from roster.coverage.counting import Tally, count_coverage, count_everybody

__all__ = ["Tally", "count_coverage", "count_everybody"]
