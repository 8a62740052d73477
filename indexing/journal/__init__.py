"""What has happened, durably: people, events, shown lists, the catalogue, control.

``open_journal(home)`` gives one :class:`Journal` a process; threads share it, and each file of
``<home>/journal`` is opened when it is first used.

* ``journal.people``: ``shopper``, ``shopper_async``, ``shoppers``, ``find``, ``erase``
* ``journal.events``: ``append``, ``append_async``, ``recent``, ``count``, ``last_sequence``
* ``journal.shown``: ``log``, ``flush``, ``lost``, ``count``, ``last_sequence``
* ``journal.catalogue``: ``put``, ``patch``, ``delete``, ``load``, ``get``, ``changes``, ``seq``, ``count``,
  ``export``
* ``journal.control``: ``pointer``, ``swap``, ``seq``, ``rules``, ``put_rule``, ``delete_rule`` (so too
  profiles, experiments), ``create_key``, ``find_key``, ``list_keys``, ``revoke_key``, ``rotate_key``,
  ``audit``
* ``journal.export``, ``journal.prune``, ``journal.close``

Of the shop's four SQLite files none is ever written but under its lock; a reader never waits.
"""

from indexing.journal.audit import AuditRow
from indexing.journal.catalogue import Change, LoadReport
from indexing.journal.events import Receipt
from indexing.journal.export import Exported
from indexing.journal.intake import Incoming
from indexing.journal.journal import ExportReport, Journal, PruneReport, open_journal
from indexing.journal.keys import SCOPES, KeyRow, Scope, hash_key
from indexing.journal.people import Erasure
from indexing.journal.recent import Action
from indexing.journal.upserts import Outcome

__all__ = [
    "SCOPES",
    "Action",
    "AuditRow",
    "Change",
    "Erasure",
    "ExportReport",
    "Exported",
    "Incoming",
    "Journal",
    "KeyRow",
    "LoadReport",
    "Outcome",
    "PruneReport",
    "Receipt",
    "Scope",
    "hash_key",
    "open_journal",
]
