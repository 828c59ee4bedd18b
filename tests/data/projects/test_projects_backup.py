"""What readers wrote, saved and put back: on SQLite, on a real PostgreSQL server, and from one to the other."""

import datetime as dt
import stat

import pytest
import sqlalchemy as sa

from data.__main__ import main
from data.projects import backup, database
from data.projects.backup import ENDING, BackupUnusable, back_up
from data.projects.database import METADATA, ProjectsUnavailable, open_database, projects_url, writing
from data.projects.schema import URL_VARIABLE
from data.projects.storage import change_projects, read_projects, read_state, undo
from data.territories.storage import read_saved, save_territory
from tests.data.projects.test_projects_storage import adding, names, postgres_url, project  # noqa: F401 - a fixture

ME, OTHER = "poste", "cle:abc"


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request, tmp_path, monkeypatch):
    """Give the database in use, empty."""
    monkeypatch.setenv("MAILLAGE_DATA", str(tmp_path / "data"))
    if request.param == "postgresql":
        monkeypatch.setenv(URL_VARIABLE, request.getfixturevalue("postgres_url"))
    else:
        monkeypatch.delenv(URL_VARIABLE, raising=False)
    opened = open_database(projects_url())
    with writing(opened) as connection:
        for table in METADATA.sorted_tables:
            if table is not database.FORMATS:
                connection.execute(table.delete())
    yield opened
    opened.dispose()


def fill(engine):
    """Write lists of two readers, one of them with a change that was undone, and an own territory."""
    change_projects(engine, ME, adding(project("MSP Un"), project("MSP Deux")), action="Import")
    change_projects(engine, ME, adding(project("MSP Trois", opened_on=None)), action="Ajout")
    undo(engine, ME)
    change_projects(engine, OTHER, adding(project("É « ; '\"", n_professionals=3)), action="Ajout")
    save_territory(engine, OTHER, "Vallée", frozenset({"48095", "48061"}))


def everything(engine):
    with writing(engine) as connection:
        return {
            table.name: sorted(map(repr, connection.execute(sa.select(table)).all()))
            for table in METADATA.sorted_tables
            if table.name != "maillage_project_lists"
        }


def test_what_is_lost_comes_back_whole(engine, tmp_path):
    fill(engine)
    before, revision = everything(engine), read_state(engine, ME).revision
    assert main(["backup", str(tmp_path / "saved")]) == 0
    (saved,) = (tmp_path / "saved").iterdir()
    assert saved.name.endswith(ENDING)
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    change_projects(engine, ME, lambda current: current.iloc[:1], action="Retrait")
    change_projects(engine, "cle:new", adding(project("MSP née depuis")), action="Ajout")
    later = read_state(engine, ME).revision
    assert main(["restore", str(saved)]) == 0
    assert everything(engine) == before
    assert names(read_projects(engine, ME)) == ["MSP Un", "MSP Deux"]
    assert read_state(engine, ME).can_redo
    assert read_state(engine, ME).revision > max(revision, later)  # nothing that a session keeps passes for it
    assert [each.name for each in read_saved(engine, OTHER)] == ["Vallée"]
    assert read_projects(engine, "cle:new").empty


def test_lists_move_from_a_file_to_a_server_and_back(engine, tmp_path, monkeypatch):
    fill(engine)
    saved = back_up(tmp_path / "saved")
    monkeypatch.setenv(URL_VARIABLE, f"sqlite:///{tmp_path / 'elsewhere.sqlite'}")
    backup.restore(saved)
    elsewhere = open_database(projects_url())
    assert everything(elsewhere) == everything(engine)
    elsewhere.dispose()


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0" + b"\0" * 4000])
def test_another_file_is_refused_and_nothing_is_touched(engine, tmp_path, content, capsys):
    fill(engine)
    before = everything(engine)
    other = tmp_path / f"x{ENDING}"
    other.write_bytes(content)
    assert main(["restore", str(other)]) == 1
    assert "Sauvegarde inutilisable" in capsys.readouterr().err
    assert everything(engine) == before


def test_a_missing_file_is_refused_and_not_made(engine, tmp_path):
    with pytest.raises(BackupUnusable):
        backup.restore(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_backup_of_another_layout_is_refused(engine, tmp_path):
    saved = back_up(tmp_path)
    other = sa.create_engine(f"sqlite:///{saved}")
    with other.begin() as connection:
        connection.execute(database.FORMATS.update().values(format=99))
    other.dispose()
    with pytest.raises(BackupUnusable, match="format"):
        backup.restore(saved)


def test_a_fault_half_way_leaves_the_lists_as_they_were(engine, tmp_path, monkeypatch):
    fill(engine)
    saved, before = back_up(tmp_path), everything(engine)
    monkeypatch.setattr(
        database.METADATA.sorted_tables[-1], "insert", lambda: sa.text("INSERT INTO nowhere VALUES (1)")
    )
    with pytest.raises(ProjectsUnavailable):
        backup.restore(saved)
    monkeypatch.undo()
    assert everything(engine) == before


def test_the_oldest_leave_first(engine, tmp_path):
    for day in range(1, 5):
        back_up(tmp_path, kept=2, now=dt.datetime(2026, 11, day, tzinfo=dt.UTC))
    assert [path.name[:8] for path in sorted(tmp_path.glob(f"*{ENDING}"))] == ["20261103", "20261104"]
