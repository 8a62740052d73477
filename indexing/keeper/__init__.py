"""How do changes since the build reach every worker within a second? One keeper a host.

``Keeper(home).run(stopping)`` (``python -m indexing.keeper --home HOME``) holds ``live/keeper.lock``,
follows the published pointer and alone writes ``live/<snapshot>/``; see ``folder.py`` for what lies there
and ``writer.py`` for the order in which a change gets there.

``LiveCatalogue.open(home, name)`` is what a worker reads: an immutable view of one moment, which implements
``indexing.snapshots.Catalogue``; ``newest()`` gives the view of now, the same object when nothing changed.
``served_name(home, pointer)`` says which snapshot a worker shall serve:

* While a keeper is alive (its lock is held) workers serve what ``live/current`` names. The keeper writes
  it when the live folder of the snapshot that was published, or rolled back to, holds today's catalogue:
  so old models never show old prices. Until then workers go on with what they have. A keeper that begins
  compares the hash of every file first: who starts a service may have a damaged disk, or a poor copy; and
  one that serves looks at their lengths every second.
* While what is published is damaged and nothing else is served, the keeper serves what a rollback would,
  and says why in ``live/current``, which ``/v1/health/ready`` and ``daogou doctor`` repeat.
* Without a keeper they serve what the control database names, with the live folder where there is one,
  else as it was built. A live folder that a keeper left in the middle of a commit is waited for, some
  seconds, and then refused in words: the next keeper repairs it.

One thing in a view is not fixed: price, list price and stock are changed in place, in memory that all
processes share, so that a price list costs no reader anything. Masks, columns and item bodies read the
same place; a search that sorts or filters by price sees the one of its view, half a second older at most.
"""

from indexing.keeper.catalogue import LiveCatalogue
from indexing.keeper.current import Current, read_current, served_name
from indexing.keeper.keeper import Keeper
from indexing.keeper.lock import keeper_alive

__all__ = ["Current", "Keeper", "LiveCatalogue", "keeper_alive", "read_current", "served_name"]
