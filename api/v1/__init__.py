"""The API under ``/v1``: HTTP alone; what is done is done in ``api.service``."""

from api.v1.endpoints import ENDPOINTS
from api.v1.routes import routes

__all__ = ["ENDPOINTS", "routes"]
