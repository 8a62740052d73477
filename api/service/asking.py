"""Who asks, and which profile answers: decided once, before anything else happens."""

from __future__ import annotations

from dataclasses import dataclass

from api.assign import Assigned, assign_profile
from api.service.context import Context
from api.service.people import People, Person
from api.types import MultiBody, RecommendBody, SearchBody, SuggestBody
from api.view import View

Body = SearchBody | SuggestBody | RecommendBody | MultiBody


@dataclass(frozen=True, slots=True)
class Asking:
    """A person, the profile that answers them, and what the edge knows of the request."""

    person: Person
    assigned: Assigned
    context: Context


async def who_asks(people: People, view: View, body: Body, context: Context) -> Asking:
    """Find the person and assign the profile.

    Raises:
        InputError: ``unsigned_user`` or ``unknown_profile``.
    """
    personal = not isinstance(body, SuggestBody) and body.personalized
    profile = None if isinstance(body, SuggestBody) else body.profile
    person = await people.find(body, context, personal=personal)
    assigned = assign_profile(
        view.policy, shopper=person.shopper, client_id=person.client_id, forced=profile
    )
    return Asking(person, assigned, context)
