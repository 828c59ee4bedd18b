"""Files that a click asks for while the page that offered them is being drawn again."""

import time
from collections.abc import Callable
from typing import Final

from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorage

KEPT_S: Final = 120
"""How long a file, and what makes it, outlive the run of the page that offered them, in seconds."""
_KEPT: Final = "kept"


class PatientFileManager(MediaFileManager):
    """Streamlit's files, which a reader may still take for a while after the page has been drawn again.

    Streamlit forgets the files of a page when it begins to draw it again, and drops what nobody refers to at the end of
    *any* reader's run. A click between the two, or a file made while another reader's page ends, is then answered with
    an error. Here the file given is that of the screen that was clicked.
    """

    def __init__(self, storage: MediaFileStorage, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(storage)
        self._clock = clock
        self._left_s: dict[str, float] = {}

    def remove_orphaned_files(self) -> None:
        """Drop the files, and what makes them, that no page has referred to for `KEPT_S`."""
        now_s = self._clock()
        with self._lock:
            self._files_by_session_and_coord.pop(_KEPT, None)
            shown = {name for files in self._files_by_session_and_coord.values() for name in files.values()}
            left = {*self._file_metadata, *self._deferred_callables} - shown
            self._left_s = {name: self._left_s.get(name, now_s) for name in left}
            young = [name for name, left_s in self._left_s.items() if now_s - left_s < KEPT_S]
            if young:
                self._files_by_session_and_coord[_KEPT] = {name: name for name in young}
        super().remove_orphaned_files()
