"""Commands of the jobs. What a command needs is imported when it runs."""

from offline.commands.mount import mount

__all__ = ["mount"]
