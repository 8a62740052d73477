"""Logs of single actions, as they are published: a row is who, what, which product and when.

=============  =====================================================================================
Retail Rocket  2015: ``events.csv``, milliseconds. Rows of one ``transactionid`` are one order.
Taobao         2017: ``UserBehavior.csv``, without a head, seconds.
Tianchi        2014: Alibaba's mobile shop, events by number, hours of China.
MovieLens      ``ratings.dat``, ``ratings.csv``, ``u.data``, seconds.
=============  =====================================================================================

The two shops are also read as ``timestamp,user_id,item_id,event`` with seconds, as benchmarks pass them on.
A rating, of one star too, is taken as a purchase at its own time: to have seen a film is the strongest sign
that there is, and the published tables count every rating alike. There are no prices.

Source: Retail Rocket recommender system dataset (Kaggle); User Behavior Data from Taobao and Mobile
Recommendation (Alibaba Tianchi); Harper and Konstan (2015), The MovieLens Datasets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from indexing.contracts.errors import InputError
from indexing.contracts.shop import Shop
from offline.importers.clocks import HOUR_IN_CHINA, MILLISECONDS, SECONDS, SECONDS_OF_2017
from offline.importers.form_rows import form_of, rows_in
from offline.importers.forms import Action, Form


@dataclass(frozen=True, slots=True)
class Published:
    """A data set.

    Attributes:
        shop: whose log it is.
        forms: of the log, one of which a file is in.
        files: names of the log in a folder; the first that is there is read, ``.gz`` too.
    """

    shop: Shop
    forms: tuple[Form, ...]
    files: tuple[str, ...]


_USER_ITEM = {"user_id": "client_id", "item_id": "item_id"}
_TIMED = {"timestamp": "timestamp", **_USER_ITEM, "event": "event"}
_RETAIL_ROCKET = {"view": "view_item", "addtocart": "add_to_cart", "transaction": "purchase"}
_BEHAVIOUR = {**_USER_ITEM, "category_id": "category", "behavior": "event", "timestamp": "timestamp"}
_TAOBAO = {"pv": "view_item", "buy": "purchase", "cart": "add_to_cart", "fav": "add_to_wishlist"}


def _rated(user: str, film: str, rating: str, time: str) -> dict[str, str]:
    return {user: "client_id", film: "item_id", rating: "rating", time: "timestamp"}


RETAILROCKET = Published(
    Shop(name="Retail Rocket", language="en", currency="USD", time_zone="UTC", attributes=()),
    (
        Form(
            "events.csv",
            {
                "timestamp": "timestamp",
                "visitorid": "client_id",
                "event": "event",
                "itemid": "item_id",
                "transactionid": "order_id",
            },
            MILLISECONDS,
            _RETAIL_ROCKET,
        ),
        Form("a log in seconds", _TIMED, SECONDS, _RETAIL_ROCKET),
    ),
    ("events.csv",),
)
TAOBAO = Published(
    Shop(name="Taobao", attributes=()),
    (
        Form("UserBehavior.csv", _BEHAVIOUR, SECONDS_OF_2017, _TAOBAO, head=False),
        Form("UserBehavior.csv of another year", _BEHAVIOUR, SECONDS, _TAOBAO, head=False),
        Form(
            "tianchi_mobile_recommend_train_user.csv",
            {
                **_USER_ITEM,
                "behavior_type": "event",
                "user_geohash": "",
                "item_category": "category",
                "time": "timestamp",
            },
            HOUR_IN_CHINA,
            {"1": "view_item", "2": "add_to_wishlist", "3": "add_to_cart", "4": "purchase"},
        ),
        Form(
            "a log in seconds",
            _TIMED,
            SECONDS,
            _TAOBAO | {"view": "view_item", "view_of_bought_item": "view_item"},
        ),
    ),
    ("UserBehavior.csv", "tianchi_mobile_recommend_train_user.csv"),
)
MOVIELENS = Published(
    Shop(name="MovieLens", language="en", currency="USD", time_zone="UTC", attributes=()),
    (
        Form("ratings.csv", _rated("userId", "movieId", "rating", "timestamp"), SECONDS),
        Form(
            "ratings.dat",
            _rated("UserID", "MovieID", "Rating", "Timestamp"),
            SECONDS,
            head=False,
            separator="::",
        ),
        Form(
            "u.data",
            _rated("user id", "item id", "rating", "timestamp"),
            SECONDS,
            head=False,
            separator="\t",
        ),
    ),
    ("ratings.csv", "ratings.dat", "u.data"),
)


def log_file(path: Path, names: tuple[str, ...]) -> Path:
    """The file, or the log of a folder.

    Raises:
        InputError: the folder has none of the names.
    """
    if not path.is_dir():
        return path
    found = found_in(path, names)
    if found is None:
        detail = f"{path} has no log; expected one of {', '.join(names)}, or the same with .gz"
        raise InputError(detail, field="path", code="missing")
    return found


def found_in(folder: Path, names: tuple[str, ...]) -> Path | None:
    """The first file of some names that a folder has, ``.gz`` too."""
    every = (folder / f"{name}{end}" for name, end in product(names, ("", ".gz")))
    return next((file for file in every if file.is_file()), None)


def read_actions(
    path: Path, data: Published, *, others: Sequence[str] = ()
) -> Iterator[tuple[int, Action | InputError]]:
    """Actions with their row number, or why a row is none.

    Args:
        others: forms that are read elsewhere, for the error.

    Raises:
        InputError: at once, where the file cannot be read, or is in none of the forms.
    """
    form = form_of(path, data.forms, data.shop, others=others)
    return _actions(path, form, data.shop)


def _actions(path: Path, form: Form, shop: Shop) -> Iterator[tuple[int, Action | InputError]]:
    for number, row in rows_in(path, form):
        try:
            yield number, row if isinstance(row, InputError) else form.read(row, shop)
        except InputError as error:
            yield number, error
