"""The storefront's pages: server-rendered, using only what the API offers."""

from api.storefront.site import Site, storefront_routes

__all__ = ["Site", "storefront_routes"]
