"""Files written whole or not at all: what stands under its final name is complete."""

import contextlib
import errno
import os
import tempfile
from pathlib import Path
from typing import Final

from reports.errors import OutputError

_REASONS: Final = {
    errno.ENOSPC: "le disque est plein",
    errno.EDQUOT: "le quota du disque est atteint",
    errno.EACCES: "l’accès est refusé",
    errno.EPERM: "l’accès est refusé",
    errno.ENOENT: "le dossier n’existe pas et ne peut pas être créé",
    errno.EROFS: "le disque est en lecture seule",
    errno.ENOTDIR: "ce n’est pas un dossier",
    errno.EEXIST: "un fichier porte déjà ce nom",
    errno.EISDIR: "un dossier porte déjà ce nom",
}


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a passing name beside its place, then give it its name in one step.

    Parameters
    ----------
    path
        Final name; its folder is made when absent. A file already there is replaced.
    content
        The whole file.

    Raises
    ------
    OutputError
        The folder cannot be written or the disk is full; nothing new then stands under the final name.
    """
    passing = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, passing = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(passing).chmod(0o644)  # mkstemp makes a file for its owner alone
        Path(passing).replace(path)
    except OSError as error:
        if passing is not None:
            with contextlib.suppress(OSError):
                Path(passing).unlink(missing_ok=True)
        raise OutputError(
            f"{path.name} : attendu un dossier où écrire ({path.parent.name or path.parent}), "
            f"trouvé : {_REASONS.get(error.errno or 0, error.strerror or 'écriture impossible')}. "
            "Aucun fichier n’a été laissé à moitié écrit."
        ) from error
