"""``daogou evaluate``: click-through of the shop itself, and measures against truth and real data."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from offline.commands.home import HOME, Home, journal_of, say

if TYPE_CHECKING:
    import msgspec

    from offline.evaluate.clickthrough import Rate
    from offline.evaluate.truth import Truth

Output = Annotated[Path | None, typer.Option(help="Write the figures here, as JSON.")]
evaluate_app = typer.Typer(
    help="Click-through of what was shown; with a command, measures against truth and real data.",
    invoke_without_command=True,
)


@evaluate_app.callback()
def evaluate_command(context: typer.Context, output: Output = None, home: Home = HOME) -> None:
    """Click-through by scenario, source and position: what was shown, joined to what was clicked.

    Example: `daogou evaluate --output report.json`
    """
    if context.invoked_subcommand is not None:
        _nothing_before(context)
        return
    import msgspec

    from offline.evaluate.clickthrough import click_through

    with journal_of(home) as journal:
        journal.export()
    report = click_through(home)
    if output is not None:
        output.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n")
    if not report.scenarios:
        say("Nothing to evaluate: no shown list has an event yet.")
        return
    _rates("Click-through by scenario", report.scenarios)
    _rates("by source", report.sources)
    _rates("by position", report.positions)
    if report.orphan_clicks:
        say(f"{report.orphan_clicks:,} clicks name a request_id that was never shown")


def _nothing_before(context: typer.Context) -> None:
    """Refuse what stands before a command: it would be passed over, and another shop be measured.

    Raises:
        BadParameter: names the first.
    """
    for name in ("output", "home"):
        source = context.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            raise typer.BadParameter(f"give it after {context.invoked_subcommand}", param_hint=f"--{name}")


@evaluate_app.command("truth")
def truth_command(
    held_out: Annotated[int, typer.Option(help="Days at the log's end that nothing learns.", min=1)] = 7,
    per_kind: Annotated[int, typer.Option(help="Most queries of each kind.", min=1)] = 150,
    pairs: Annotated[int, typer.Option(help="Most training pairs of the text vectors.", min=0)] = 100_000,
    seed: Annotated[int, typer.Option()] = 1,
    output: Output = None,
    home: Home = HOME,
) -> None:
    """The demo shop against its own truth: next purchases, complements, queries, position bias.

    Models are built in a scratch folder from the days before the split; the shop is not changed.

    Example: `daogou evaluate truth --output truth.json`
    """
    from offline.build import BuildConfig
    from offline.commands.progress import Bars
    from offline.evaluate.truth import TruthConfig, truth

    config = TruthConfig(held_out, per_kind, seed, BuildConfig(text_pairs=pairs, seed=seed))
    started = time.perf_counter()
    with Bars() as bars:
        report = truth(home, config, progress=bars)
    for line in _truth_lines(report):
        say(line)
    command = (
        f"daogou evaluate truth --held-out {held_out} --per-kind {per_kind} --pairs {pairs} --seed {seed}"
    )
    _write(output, report, command, started, {"simulated.json": home / "simulated.json"})


class Data(StrEnum):
    """Public data that can be measured on."""

    TITLES = "titles"
    QUERIES = "queries"
    ONLINE_RETAIL = "online-retail"
    RETAILROCKET = "retailrocket"
    TAOBAO = "taobao"
    COLLABORATIVE = "collaborative"


@evaluate_app.command("data")
def data_command(
    data: Annotated[Data, typer.Argument(help="What to measure.")],
    path: Annotated[Path, typer.Argument(help="The data's folder, or its file.", exists=True)],
    output: Output = None,
) -> None:
    """Real data: tagged titles, queries, invoices, logs with held-out purchases, splits of ratings.

    No shop is needed, and none is changed.

    Example: `daogou evaluate data collaborative cf/movielens-1m --output movielens-1m.json`
    """
    from offline.commands.progress import Bars
    from offline.evaluate.data_sets import DATA_SETS, inputs_of, lines

    started = time.perf_counter()
    with Bars() as bars:
        report = DATA_SETS[data.value].run(path, bars)
    for line in lines(report):
        say(line)
    command = f"daogou evaluate data {data.value} {path.name}"
    _write(output, report, command, started, inputs_of(data.value, path))


def _truth_lines(report: Truth) -> list[str]:
    bought, pairs, asked, bias = report.purchases, report.together, report.search, report.bias
    lines = [
        f"\nNext purchase of {bought.shoppers:,} shoppers from {bought.split} on: nDCG@20, hit rate@20"
    ]
    lines += [f"  {one.system:<20}{one.ndcg}   {one.hit_rate}" for one in bought.systems]
    lines.append(f"\nComplements of {pairs.products:,} products: precision@5, recall@5")
    lines += [f"  {one.system:<20}{one.precision}   {one.recall}" for one in pairs.systems]
    names = list(asked.overall.ndcg)
    lines.append(f"\nQueries: nDCG@10 / success@10{'':<10}" + "".join(f"{name:>22}" for name in names))
    for one in [*asked.kinds, asked.overall, *([asked.unseen] if asked.unseen else [])]:
        cells = (f"{one.ndcg[name].mean:.3f} / {one.success[name].mean:.3f}" for name in names)
        lines.append(f"  {one.kind:<37}" + "".join(f"{cell:>22}" for cell in cells))
    if asked.shopper:
        lines.append(f"  what the shopper likes, gained by the shopper's vector: {asked.shopper.gain}")
    lines.append(
        f"\nPosition bias: mean error {bias.error:.3f}, of plain click-through {bias.naive_error:.3f};"
        f" slope {bias.slope:.3f}, planted {bias.true_slope:.3f}"
    )
    return lines


def _write(
    output: Path | None, report: msgspec.Struct, command: str, started: float, inputs: Mapping[str, Path]
) -> None:
    from offline.evaluate.record import write_record

    if output is not None:
        seconds = time.perf_counter() - started
        write_record(output, report, command=command, seconds=seconds, inputs=inputs)
        say(f"\nWritten to {output}")


def _rates(title: str, rates: Sequence[Rate]) -> None:
    say(f"\n{title}\n{'scenario':<18}{'':<12}{'shown':>12}{'seen':>12}{'clicked':>10}  click-through")
    for one in rates:
        known = one.rate is not None and one.low is not None and one.high is not None
        share = f"{one.rate:.2%} [{one.low:.2%}, {one.high:.2%}]" if known else "none seen"
        say(f"{one.scenario:<18}{one.key:<12}{one.shown:>12,}{one.seen:>12,}{one.clicked:>10,}  {share}")
