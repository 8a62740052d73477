"""What a shop's service does, without HTTP. The API and the pages call it in the same process."""

from api.service.context import Context, language_of, new_request_id
from api.service.recording import Envelope, open_envelope
from api.service.storekeeper import Storekeeper

__all__ = ["Context", "Envelope", "Storekeeper", "language_of", "new_request_id", "open_envelope"]
