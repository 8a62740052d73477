"""A whole page's lists: one after the other, so that no product stands in two of them."""

from __future__ import annotations

from collections.abc import Sequence

from api.cursor import CursorBox
from api.service.asking import Asking
from api.service.context import new_request_id
from api.service.recommending import Recommended, RecommendJob
from api.types import MultiBody, MultiList, RecommendBody
from api.view import View
from indexing.contracts.errors import InputError


def lists_of(body: MultiBody) -> list[RecommendBody]:
    """Each list as a request of its own.

    Raises:
        InputError: ``repeated``: two lists of one name.
    """
    names = [one.name for one in body.lists]
    for place, name in enumerate(names):
        if name in names[:place]:
            field = f"lists[{place}].name"
            raise InputError(f"two lists have the name {name!r}", field=field, code="repeated")
    who = {name: getattr(body, name) for name in body.__struct_fields__ if name != "lists"}
    fields = [name for name in MultiList.__struct_fields__ if name != "name"]
    return [RecommendBody(**who, **{name: getattr(one, name) for name in fields}) for one in body.lists]


def run_lists(
    bodies: Sequence[RecommendBody], asking: Asking, cursors: CursorBox, view: View
) -> list[Recommended]:
    """All lists, in their order, each with a ``request_id`` of its own."""
    done: list[Recommended] = []
    shown: tuple[str, ...] = ()
    for body in bodies:
        job = RecommendJob(body, asking, new_request_id(), cursors, also_excluded=shown)
        done.append(job.run(view))
        shown += tuple(item.item_id for item in done[-1].answer.items)
    return done
