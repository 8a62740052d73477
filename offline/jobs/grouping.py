"""Counting sorts and sessions in numba: what is linear stays linear."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt
from numba import njit

Places = npt.NDArray[np.int64]
Order = npt.NDArray[np.int32]
"""Places, too, half as wide: a log has fewer than 2³¹ lines."""

T = TypeVar("T", bound=np.generic)


def take(values: npt.NDArray[T], places: npt.NDArray[np.integer]) -> npt.NDArray[T]:
    """``values[places]``; numpy would first make places of any other width an array of int64."""
    taken: npt.NDArray[T] = _take(values, places)
    return taken


@njit(cache=True, nogil=True)
def _take(values, places):  # type: ignore[no-untyped-def]  # numba infers
    taken = np.empty(len(places), values.dtype)
    for i in range(len(places)):
        taken[i] = values[places[i]]
    return taken


def by_group(codes: npt.NDArray[np.int32], groups: int) -> tuple[Order, Places]:
    """A stable counting sort.

    Args:
        codes: int32 (n,) below ``groups``; negative ones are left out.

    Returns:
        order int32 (places with a code, grouped), and starts int64 (groups + 1,): the places of group g
        are ``order[starts[g]:starts[g + 1]]``, in their old order.
    """
    order, starts = _by_group(codes, groups)
    return order, starts


@njit(cache=True, nogil=True)
def _by_group(codes, groups):  # type: ignore[no-untyped-def]
    starts = np.zeros(groups + 1, np.int64)
    for code in codes:
        if code >= 0:
            starts[code + 1] += 1
    for group in range(groups):
        starts[group + 1] += starts[group]
    at = starts[:-1].copy()
    order = np.empty(starts[groups], np.int32)
    for i in range(len(codes)):
        if codes[i] >= 0:
            order[at[codes[i]]] = i
            at[codes[i]] += 1
    return order, starts


def in_time(order: Order, starts: Places, time: npt.NDArray[np.int64]) -> None:
    """Sort each group of ``order`` by time, in place, equal times as they stood. A log in order costs one
    look at each entry."""
    _in_time(order, starts, time)


@njit(cache=True, nogil=True)
def _in_time(order, starts, time):  # type: ignore[no-untyped-def]
    for group in range(len(starts) - 1):
        start, end = starts[group], starts[group + 1]
        for i in range(start + 1, end):
            if time[order[i]] < time[order[i - 1]]:
                part = order[start:end].copy()
                order[start:end] = part[np.argsort(time[part], kind="mergesort")]
                break


def gap_sessions(
    starts: Places, time: npt.NDArray[np.int64], without: npt.NDArray[np.bool_], gap: int
) -> tuple[npt.NDArray[np.int32], int]:
    """Number sessions: within a group a new one begins after a silence longer than ``gap``.

    Args:
        starts: of groups of consecutive entries, each in time.
        time: int64 (n,).
        without: bool (n,), the entries that need a session; the others are passed over.

    Returns:
        int32 (n,), -1 for the others and outside the groups; and how many sessions there are.
    """
    codes, count = _gap_sessions(starts, time, without, gap)
    return codes, int(count)


@njit(cache=True, nogil=True)
def _gap_sessions(starts, time, without, gap):  # type: ignore[no-untyped-def]
    codes = np.full(len(time), -1, np.int32)
    session = -1
    for group in range(len(starts) - 1):
        last = -1
        for i in range(starts[group], starts[group + 1]):
            if not without[i]:
                continue
            if last < 0 or time[i] - time[last] > gap:
                session += 1
            codes[i] = session
            last = i
    return codes, session + 1
