"""Random small worlds: raw vendor tables and seeds in which values lie on the edges of the rules.

Everything is drawn from the seed. A world is 8 to 20 accounts over 150 to 260 days that end at a random time
of day. Each dirty fact of real landings has a name in `DIRT` and can be switched on alone.
"""

from .dirt import DIRT
from .seeds import write_seeds
from .world import write_world

__all__ = ["DIRT", "write_seeds", "write_world"]
