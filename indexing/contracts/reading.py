"""Reading at the edge: one raw mapping becomes an Item, an Event or a Patch, or an InputError.

A row in daogou's own names is converted at once. Only where that fails are the names and shapes of GA4,
Segment and Google Retail translated (``item_aliases``, ``event_aliases``) and the row converted again, so
that aliases cost nothing to those who do not use them, and never exist inside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Any, TypeVar

import msgspec

from indexing.contracts.errors import InputError
from indexing.contracts.event_aliases import translate_event
from indexing.contracts.events import EVENT_NAMES, Event
from indexing.contracts.faults import input_error, printable, shown
from indexing.contracts.item_aliases import translate_item
from indexing.contracts.items import Item
from indexing.contracts.patches import Patch
from indexing.contracts.plain import check_attributes, check_declared, check_texts, to_utc, wrong_attribute
from indexing.contracts.shop import Shop

_Row = TypeVar("_Row", Item, Event, Patch)
_Translate = Callable[[dict[str, Any], Shop], dict[str, Any]]
_LISTS: dict[type, tuple[str, ...]] = {
    Item: ("category", "attributes", "tags"),
    Event: ("items", "attributes"),
}
"""What serialisers write as null when it is empty."""
_replace = msgspec.structs.replace


def read_item(raw: object, shop: Shop) -> Item:
    """A product.

    Args:
        raw: a mapping as JSON, CSV or Parquet gives it, in our names or an alias's.
        shop: for currency and declared attributes.

    Raises:
        InputError: ``missing``, ``unknown_field``, ``wrong_type``, ``too_long``, ``too_short``,
            ``out_of_range``, ``not_unicode``, ``bad_time``, ``too_precise``, ``wrong_currency``,
            ``unknown_value`` or ``conflict``, with the field.

    >>> read_item({"id": "7", "title": "咖啡机", "price": "199.90"}, Shop()).price_minor
    19990
    """
    item = _convert(raw, Item, shop, translate_item)
    check_texts(item)
    if item.attributes:
        check_attributes(item.attributes)
        check_declared(item.attributes, shop)
    if item.created_at is not None and (
        item.created_at.tzinfo is not UTC or _strange(item.created_at.year)
    ):
        return _replace(item, created_at=to_utc(item.created_at, "created_at"))
    return item


def read_event(raw: object, shop: Shop) -> Event:
    """What a shopper did.

    Raises:
        InputError: as :func:`read_item`; ``missing`` too when neither ``client_id`` nor ``user_id`` is
            given, ``conflict`` when both ``item_id`` and ``items`` are.
    """
    event = _convert(raw, Event, shop, translate_event)
    if event.client_id is None and event.user_id is None:
        raise InputError(
            "client_id is missing; expected a client_id or a user_id", field="client_id", code="missing"
        )
    if event.item_id is not None and event.items:
        raise InputError(
            "items is given beside item_id; expected one of them", field="items", code="conflict"
        )
    check_texts(event)
    if event.attributes:
        check_attributes(event.attributes)
    if event.timestamp.tzinfo is not UTC or _strange(event.timestamp.year):
        return _replace(event, timestamp=to_utc(event.timestamp, "timestamp"))
    return event


def read_patch(raw: object, shop: Shop) -> Patch:
    """A partial change of a product; null takes a value away.

    Raises:
        InputError: as :func:`read_item`; ``missing`` when nothing is changed.
    """
    patch = _convert(raw, Patch, shop, translate_item)
    if not patch.changes():
        raise InputError("the change is empty; expected a field of an item", code="missing")
    check_texts(patch)
    if isinstance(patch.attributes, dict):
        check_attributes(patch.attributes)
        check_declared(patch.attributes, shop)
    moment = patch.created_at
    if moment is not None and moment is not msgspec.UNSET:
        return _replace(patch, created_at=to_utc(moment, "created_at"))
    return patch


def _strange(year: int) -> bool:
    return not 1970 <= year < 2200


def _convert(raw: object, kind: type[_Row], shop: Shop, translate: _Translate) -> _Row:
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError:
        pass
    except UnicodeEncodeError as error:  # a lone surrogate in the name of a field
        raise _not_unicode(error) from None
    if not isinstance(raw, Mapping):
        raise InputError(f"the row is {shown(raw)}; expected an object", code="wrong_type")
    given = {name: value for name, value in raw.items() if isinstance(name, str)}
    if len(given) < len(raw):
        raise InputError("the name of a field is not text", code="wrong_type")
    translated = translate(given, shop)
    for name in _LISTS.get(kind, ()):
        if name in translated and translated[name] is None:
            del translated[name]
    try:
        return msgspec.convert(translated, kind)
    except msgspec.ValidationError as error:
        raise _explained(error, translated, kind) from None
    except UnicodeEncodeError as error:
        raise _not_unicode(error) from None


def _explained(
    error: msgspec.ValidationError, raw: dict[str, Any], kind: type[msgspec.Struct]
) -> InputError:
    fault = input_error(
        error,
        raw,
        known={
            "unknown_field": kind.__struct_fields__,
            "unknown_value": EVENT_NAMES if kind is Event else (),
        },
    )
    wrong = wrong_attribute(raw.get("attributes"))
    if wrong and fault.field and fault.field.startswith("attributes"):
        field = f"attributes.{printable(wrong[0])}"
        detail = f"{field} is {shown(wrong[1])}; expected text, a number, true or false, or a list of texts"
        return InputError(detail, field=field, code="wrong_type")
    return fault


def _not_unicode(error: UnicodeEncodeError) -> InputError:
    name = printable(str(error.object))
    return InputError(
        f"{name} is the name of a field; expected Unicode text", field=name, code="not_unicode"
    )
