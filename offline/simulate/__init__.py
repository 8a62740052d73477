"""The demo shop: a seeded generator of products and of what shoppers did, with the truth beside it."""

from offline.simulate.products import catalogue
from offline.simulate.shop import Summary, simulate

__all__ = ["Summary", "catalogue", "simulate"]
