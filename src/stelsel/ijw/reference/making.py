"""What is made from the tables: the typed records and the reference pages."""

from __future__ import annotations

from pathlib import Path

from stelsel.errors import StelselError
from stelsel.ijw.grammar import message_types
from stelsel.ijw.reference.lists import codes_page, index_page, rules_page
from stelsel.ijw.reference.pages import message_page
from stelsel.ijw.reference.records import codes_module, message_module, shared_module

RECORDS = "src/stelsel/ijw/records"
PAGES = "docs/reference/messages"


def made() -> dict[str, str]:
    """Give every file that is made from the tables: path from the root of the project, text.

    Examples
    --------
    >>> files = made()
    >>> "docs/reference/messages/jw305.md" in files, "src/stelsel/ijw/records/jw305.py" in files
    (True, True)
    """
    modules = {"codes": codes_module(), "shared": shared_module()}
    pages = {"README": index_page(), "codelists": codes_page(), "rules": rules_page()}
    for name, kind in message_types().items():
        modules[name.lower()] = message_module(kind)
        pages[name.lower()] = message_page(kind)
    return {
        **{f"{RECORDS}/{name}.py": text for name, text in modules.items()},
        **{f"{PAGES}/{name}.md": text for name, text in pages.items()},
    }


def write_all(root: Path) -> int:
    """Write every file that is made from the tables; give how many were not as they should be.

    Parameters
    ----------
    root
        Root of the project.

    Raises
    ------
    StelselError
        When there is no project in that folder.
    """
    if not (root / RECORDS).is_dir():
        raise StelselError(
            "This is not the folder of the project.",
            where=str(root),
            remedy=f"Name a folder that holds {RECORDS}.",
            what_nl="Dit is niet de map van het project.",
            remedy_nl=f"Noem een map met daarin {RECORDS}.",
        )
    changed = 0
    for name, text in made().items():
        file = root / name
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            changed += 1
    return changed
