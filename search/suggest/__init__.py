"""What is suggested while one types."""

from search.suggest.suggest import suggest

__all__ = ["suggest"]
