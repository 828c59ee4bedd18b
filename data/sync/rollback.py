"""The way back: a source returned to its version before, and written down."""

from data.sync import versions
from data.sync.journal import write_journal
from data.sync.lock import locked


def take_back(source_id: str) -> str:
    """Return a source to the version before, or to the embedded data; a second time undoes it.

    Returns
    -------
    str
        What is now in place, in French.

    Raises
    ------
    VersionsDamaged
        When nothing was synced, or the version before is no longer there.
    SyncLocked
        When a sync is at work.
    """
    with locked(versions.data_folder()):
        version = versions.roll_back(source_id).version
    sentence = f"{f'version {version}' if version else 'données embarquées'} en place."
    write_journal(source_id, "rolled_back", f"Retour en arrière : {sentence}")
    return sentence
