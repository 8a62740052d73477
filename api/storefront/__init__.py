"""The storefront's pages: server-rendered, using only what the API offers."""

from api.storefront.routes import storefront_routes
from api.storefront.site import Site

__all__ = ["Site", "storefront_routes"]
