"""Who can help: searches over the roster that filter in the database and order exactly.

How the nearest are found: read `order`, then `nearby`, `beginning`, `discs` and `sieve`;
docs/matching.md says why the answer is exact. Knows of dispatch only the selects it is handed: who
has a live offer, who is on a mission.
"""

from roster.directory.excluded import exclusions
from roster.directory.order import nearest
from roster.directory.profiles import is_deployable
from roster.directory.waking import next_available

__all__ = ["exclusions", "is_deployable", "nearest", "next_available"]
