"""Events at the API."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from indexing.contracts.events import Event


class EventsBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """At most 1,000 events in 1 MB. One event alone or a list of events is taken too; so are the names
    of GA4, Segment and Google Retail."""

    events: Annotated[list[Event], Meta(max_length=1000, description="Each is read alone.")]
    key: Annotated[
        str | None, Meta(description="In the place of the header, for `sendBeacon` (`text/plain`).")
    ] = None
    user_token: Annotated[
        str | None, Meta(description="Signed by the shop; a browser key needs it to name a `user_id`.")
    ] = None


class RejectedEvent(msgspec.Struct, frozen=True):
    """An event that was not taken, and why."""

    index: Annotated[int, Meta(description="Its place in the batch, from 0.")]
    event_id: Annotated[str | None, Meta(description="As it was given.")]
    field: Annotated[str | None, Meta(description="Dotted path of the field at fault.")]
    code: Annotated[str, Meta(description="Stable, for programs.", examples=["unknown_field"])]
    detail: Annotated[str, Meta(description="What was given and what was expected.")]


class EventsAnswer(msgspec.Struct, frozen=True):
    """What became of a batch; what was accepted is on the disk."""

    accepted: Annotated[int, Meta(description="Events that were new.")]
    duplicates: Annotated[int, Meta(description="Events whose `event_id` was known already.")]
    rejected: Annotated[list[RejectedEvent], Meta(description="By their place; send them again mended.")]
