"""Write a delivery in a layout."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from stelsel.deliveries.cbs.cells import file_of
from stelsel.deliveries.cbs.layouts import Layout, shipped
from stelsel.deliveries.cbs.records import Delivery, Record
from stelsel.deliveries.cbs.tables import fields, sorts
from stelsel.deliveries.cbs.values import moment_text, text_of, turned
from stelsel.errors import Fault, StelselError, refused


def write(
    records: Iterable[Record], delivery: Delivery, layout: Layout | str, path: str | Path
) -> None:
    """Write a delivery to a file.

    Parameters
    ----------
    records
        Its records, in the order in which they are written.
    delivery
        What its heading tells.
    layout
        A layout or the name of a shipped one.
    path
        The file.

    Raises
    ------
    StelselError
        When the layout has no place for something that a record holds, or the file cannot be
        written.

    Examples
    --------
    >>> from datetime import date
    >>> from tempfile import TemporaryDirectory
    >>> from stelsel.deliveries.periods import Period
    >>> delivery = Delivery("cbs-placement", "00000001", Period.of("2024-H1"), date(2024, 7, 9))
    >>> with TemporaryDirectory() as folder:
    ...     write([], delivery, "csv", Path(folder) / "out.csv")
    ...     print((Path(folder) / "out.csv").read_text().splitlines()[0])
    BELEIDSINFORMATIE JEUGD;MU;00000001;2024-H1;20240709
    """
    data = written(list(records), delivery, shipped(layout) if isinstance(layout, str) else layout)
    try:
        Path(path).write_bytes(data)
    except OSError as error:
        raise StelselError(
            f"The file cannot be written: {refused(error)}.",
            where=str(path),
            what_nl=f"Het bestand is niet te schrijven: {refused(error, 'nl')}.",
        ) from error


def written(records: Sequence[Record], delivery: Delivery, layout: Layout) -> bytes:
    """Give a delivery as the bytes of a file.

    Raises
    ------
    StelselError
        When the layout has no place for something that a record holds.
    """
    known, widths = fields(delivery.sort), layout.records.get(delivery.sort, {})
    heading = {
        "title": layout.title,
        "sort": sorts()[delivery.sort].mark,
        "deliverer": delivery.deliverer,
        "period": str(delivery.period),
        "day": moment_text(delivery.moment),
    }
    rows = [_line([heading[part] for part in layout.heading], layout.heading)]
    if not layout.heading:
        rows = []
    if layout.names:
        rows.append([known[name].cbs for name in widths])
    faults = [
        Fault(
            f"The layout has too narrow a place for {part}.",
            "heading",
            remedy="Choose a layout that has, or leave out the time of delivery.",
            what_nl=f"De indeling heeft een te smalle plaats voor {part}.",
            where_nl="kop",
            remedy_nl="Kies een indeling die dat wel heeft, of laat de tijd van levering weg.",
        )
        for part, width in layout.heading.items()
        if 0 < width < len(heading[part])
    ]
    for number, record in enumerate(records, start=1):
        texts = {name: text_of(field, getattr(record, name)) for name, field in known.items()}
        texts["number"] = turned(texts["number"], delivery.period.year)
        for name, text in texts.items():
            if text and (name not in widths or 0 < widths[name] < len(text)):
                faults.append(
                    Fault(
                        f"The layout has no place, or too narrow a one, for {name}.",
                        f"record {number}",
                        remedy="Choose a layout that has.",
                        what_nl=f"De indeling heeft geen plaats, of een te smalle, voor {name}.",
                        remedy_nl="Kies een indeling die dat wel heeft.",
                    )
                )
        rows.append(_line([texts[name] for name in widths], widths))
    if faults:
        raise StelselError(faults)
    return file_of(rows, layout)


def _line(texts: list[str], widths: dict[str, int]) -> list[str]:
    """Give the cells of a line; with widths one cell of them all."""
    if not any(widths.values()):
        return texts
    pairs = zip(texts, widths.values(), strict=True)
    return ["".join(text.ljust(width) for text, width in pairs)]
