"""How does a shop's own data, or a public data set, come in?"""

from offline.importers.report import Summary
from offline.importers.run import Kind, run_import

__all__ = ["Kind", "Summary", "run_import"]
