"""The folder `static/vendor/leaflet/`: Leaflet 1.9.4 as the installed package django-js-lib-leaflet carries it.

The package is a folder of files for another framework: its files are copied, none of its code is imported. They are
needed because folium would otherwise fetch them from a CDN, and show nothing at all without internet.
"""

import shutil
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import Final

from geo.errors import AssetError

LEAFLET_DISTRIBUTION: Final = "django-js-lib-leaflet"

LEAFLET_FILES: Final = (
    "leaflet.js",
    "leaflet.css",
    "images/layers.png",
    "images/layers-2x.png",
    "images/marker-icon.png",
    "images/marker-icon-2x.png",
    "images/marker-shadow.png",
)
"""What a page needs of Leaflet, relative to the folder that holds `leaflet.js`."""

_PACKAGE_FOLDER: Final = PurePosixPath("js_lib_leaflet/static/js_lib_leaflet")


def copy_leaflet(folder: Path, distribution: str = LEAFLET_DISTRIBUTION) -> list[str]:
    """Copy Leaflet's script, style sheet and images to a folder that the app serves.

    Parameters
    ----------
    folder
        Where to copy; made when absent.
    distribution
        Installed package that carries the files.

    Returns
    -------
    list of str
        The files that were copied; empty when all were there already, byte for byte.

    Raises
    ------
    AssetError
        When the package is not installed, or a file of `LEAFLET_FILES` is not in it or is empty.
    """
    try:
        recorded = metadata.files(distribution) or []
    except metadata.PackageNotFoundError as error:
        msg = f"Paquet absent : {distribution}. Il porte les fichiers de Leaflet : relancer l’installation (make run)."
        raise AssetError(msg) from error
    source_of = {str(PurePosixPath(entry)): Path(str(entry.locate())) for entry in recorded}
    copied = []
    for name in LEAFLET_FILES:
        source = source_of.get(str(_PACKAGE_FOLDER / name))
        if source is None or not source.is_file() or source.stat().st_size == 0:
            msg = f"Fichier absent du paquet {distribution} : {name}. Relancer l’installation (make run)."
            raise AssetError(msg)
        target = folder / name
        if target.is_file() and target.read_bytes() == source.read_bytes():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = target.with_name(f".{target.name}.new")
        shutil.copyfile(source, aside)
        aside.replace(target)
        copied.append(name)
    return copied
