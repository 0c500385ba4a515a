"""Sealing the log, showing what was sealed, and verifying that the log still is what was sealed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import rich_click as click

from api.cli.asking import app_url, connected, json_option, loaded
from api.cli.printing import note, progress, say, say_json, show_structs, show_table, tell_faults
from api.history.sealing import sealing_of
from api.settings import Settings

WORKERS: Final = 2
FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--now", is_flag=True, help="Also where the last checkpoint is young.")
@click.option("--rotate-key", is_flag=True, help="Then hand the log over to a new key.")
@json_option
def seal(*, now: bool, rotate_key: bool, as_json: bool) -> None:
    """Seal the log: sign a checkpoint of all events, and publish it to ANJUAN_WITNESS_DIR.

    Without --now only when one is due. `anjuan project` does it by itself; this is for a timer, or
    for a moment that matters.

    Example: anjuan seal --now
    """
    from ledger.seal import sealer as sealing

    found = loaded()
    how = sealing_of(found)
    with connected(app_url(found)) as connection:
        try:
            if rotate_key:
                signed = [sealing.change_key(connection, how)]
            elif now or sealing.is_due(connection, how):
                signed = sealing.seal(connection, how)
            else:
                signed = []
        except OSError as error:
            raise click.ClickException(f"signed, but not published: {error}") from error
    rows = [{"number": one.number, "size": one.size} for one in signed]
    if as_json:
        say_json({"signed": rows})
    else:
        show_table(rows, empty="nothing to seal")


@click.group()
def checkpoint() -> None:
    """What has been sealed, and proofs of it."""


@checkpoint.command()
@click.option("--number", type=click.IntRange(1), help="Which one. Default: the last.")
@json_option
@click.pass_context
def show(context: click.Context, number: int | None, *, as_json: bool) -> None:
    """Print a checkpoint: the log's name, how many events, the root over them, the signatures.

    Exit code 1: there is none.

    Example: anjuan checkpoint show > checkpoint.txt
    """
    from ledger.log import reading
    from ledger.seal import sealed

    with connected(app_url()) as connection:
        head = reading.head(connection)
        last = sealed.last(connection)
        found = [last] if last and number is None else sealed.checkpoints(connection)
        chosen = next((one for one in found if one and number in {None, one.number}), None)
        keys = sealed.keys(connection)
    if chosen is None:
        note("Nothing is sealed yet." if number is None else f"There is no checkpoint {number}.")
        context.exit(1)
    if as_json:
        origin, size, root, *_ = chosen.note.text.split("\n")
        say_json({
            "number": chosen.number, "origin": origin, "size": int(size), "root": root,
            "unsealed": head - int(size), "note": chosen.text, "keys": [str(key) for key in keys],
        })  # fmt: skip
    else:
        click.echo(chosen.text, nl=False)


@checkpoint.command()
@click.argument("position", type=click.IntRange(1))
@click.option("--entry", is_flag=True, help="Print the entry that is proved instead.")
def prove(position: int, *, entry: bool) -> None:
    """Print the proof that the event of POSITION is in the last checkpoint (C2SP tlog-proof).

    Exit code 1: it is not sealed yet.

    Example: anjuan checkpoint prove 42 > 42.tlog-proof
    """
    from ledger.seal.proofs import Prover

    with connected(app_url()) as connection:
        prover = Prover(connection)
        told = prover.proof(position)
        if entry:
            say(prover.entries([position])[position].decode())
        else:
            click.echo(str(told), nl=False)


@checkpoint.command()
@click.argument("tile", type=click.IntRange(0))
@click.argument("out", type=click.Path(dir_okay=False, writable=True, path_type=Path))
def entries(tile: int, out: Path) -> None:
    """Write the entries of leaf tile TILE to OUT, as an entry bundle of C2SP tlog-tiles: the sealed
    ones of positions 256·TILE + 1 to 256·TILE + 256.

    Each hashes to its leaf. They name topics and streams: give them to whoever may read the log.

    Example: anjuan checkpoint entries 0 entries-000
    """
    from ledger.seal.proofs import bundle_entries
    from ledger.tree.entries import bundled

    with connected(app_url()) as connection:
        found = bundle_entries(connection, tile)
    out.write_bytes(bundled(found))
    note(f"Written: {out} ({len(found)} entries).")


@click.command()
@click.argument("stream", required=False)
@click.option(
    "--witness",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A directory of checkpoints. Default: ANJUAN_WITNESS_DIR, where it is set.",
)
@click.option("--checkpoint", "checkpoints", type=FILE, multiple=True, help="One from outside.")
@click.option("--key", "keys", multiple=True, help="Public key of the log, or a file of them.")
@click.option("--since", type=FILE, help="Only what follows this checkpoint, verified before.")
@click.option("--workers", type=click.IntRange(0, 64), default=WORKERS, show_default=True)
@json_option
@click.pass_context
def verify(
    context: click.Context,
    stream: str | None,
    witness: Path | None,
    checkpoints: tuple[Path, ...],
    keys: tuple[str, ...],
    since: Path | None,
    workers: int,
    *,
    as_json: bool,
) -> None:
    """Check that the log is what was sealed: nothing altered, deleted, reordered, inserted or cut
    off. All of it, or one STREAM (as for `anjuan timeline`).

    The database cannot vouch for itself: give what it cannot reach, a witness directory, a
    checkpoint, the public key. Whatever this machine's own key directory remembers is used anyway.
    Exit code 1: the log is not what was sealed; `first_bad` says from where on, and what was done.

    Example: anjuan verify --witness /media/witness --json
    """
    from api.serving.doctor import faults

    found = loaded()
    verified = _verified(found, stream, witness, checkpoints, keys, since, workers)
    with connected(app_url(found)) as connection:
        wrong = faults(connection)
    if as_json:
        say_json(msgspec.structs.asdict(verified) | ({"faults": wrong} if wrong else {}))
    else:
        fine = f"OK: {verified.size} events, {verified.sealed} of them sealed"
        show_structs(verified.flaws, empty=fine)
        if verified.simulated:
            note(
                "Simulated: the log was founded as a simulation. Its recorded times are those of a"
                " story; a checkpoint has no time of its own, and could not be backdated."
            )
    tell_faults(wrong)
    if verified.trusted_by == "database":
        note(
            "The key was taken from the database itself: whoever can change that could have sealed"
            " anew. Give --witness, --key, or run this where the key is."
        )
    context.exit(0 if verified.ok else 1)


def _verified(
    found: Settings,
    stream: str | None,
    witness: Path | None,
    checkpoints: Sequence[Path],
    keys: Sequence[str],
    since: Path | None,
    workers: int,
) -> Any:
    from ledger.seal.witness import note_in
    from ledger.tree.notes import checkpoint_of
    from ledger.verify.claims import gathered
    from ledger.verify.streams import verify_streams
    from ledger.verify.whole_log import verify as verify_log
    from projections.history.timeline import parts_of

    how = sealing_of(found)
    known = how.witness if how.witness is not None and how.witness.is_dir() else None
    if how.witness is not None and not (known or witness or checkpoints or keys):
        raise click.ClickException(
            f"the witness directory {how.witness} is not there: without it nobody vouches for the"
            " log. Mount it, or give --witness; unset ANJUAN_WITNESS_DIR to do without"
        )
    if stream is not None and since is not None:
        raise click.UsageError("--since is about the whole log, not about one stream")
    streams = list(parts_of(stream)) if stream is not None else None
    evidence = gathered(
        how.keys, witness or known, [note_in(path) for path in checkpoints], _keys_of(keys)
    )
    begin = checkpoint_of(note_in(since)) if since is not None else None
    url = app_url(found)
    if streams is not None:
        return verify_streams(url, streams, evidence)
    with progress("Verifying (parts)") as tell:
        return verify_log(url, evidence, since=begin, workers=workers, progress=tell)


def _keys_of(given: Sequence[str]) -> tuple[Any, ...]:
    """Keys as they are given, or the files that hold them."""
    from ledger.tree.notes import NoteBroken, keys_of

    found: list[Any] = []
    for one in given:
        try:
            text = Path(one).read_text("utf-8") if Path(one).is_file() else one
            found += keys_of(text)
        except (NoteBroken, OSError, UnicodeDecodeError) as error:
            raise click.BadParameter(f"{one!r}: {error}", param_hint="--key") from error
    return tuple(found)
