"""What has happened, durably: people, events, shown lists, the catalogue, control."""

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
