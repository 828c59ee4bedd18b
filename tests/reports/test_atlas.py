"""The atlas: what is made, kept, made again, reported as failed, and resumed after a stop."""

from __future__ import annotations

import json

import pytest
from PIL import Image

from coverage.territories.gazetteer import FRANCE, Territory
from reports import atlas
from reports.__main__ import INTERRUPTED, main
from reports.errors import EmptyTerritoryError
from reports.studio import FILE_NAMES
from tests.reports.conftest import DRAWN_ON


class FakeStudio:
    """Makes files of a few bytes; stops or fails where it is told to."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.signatures: list[object] = []
        self.stop_at = ""
        self.fail_at = ""

    def files_of(self, territory, *, dpi, signature, **_):
        self.signatures.append(signature)

        def maker(name):
            def make() -> bytes:
                place = f"{territory.code}/{name}"
                if place == self.stop_at:
                    raise KeyboardInterrupt
                if place == self.fail_at:
                    raise EmptyTerritoryError("Carte : attendu un territoire, trouvé rien.")
                self.made.append(place)
                return f"{place} {dpi}".encode()

            return make

        return {name: maker(name) for name in FILE_NAMES}


@pytest.fixture
def fake(monkeypatch):
    fake = FakeStudio()
    monkeypatch.setattr(atlas, "_studio", fake)
    return fake


def run(folder, *more, codes="32,46,48"):
    return main(["atlas", "--departement", codes, "--out", str(folder), "--jobs", "1", "--date", "2026-11-22", *more])


def test_every_file_is_made_once_and_then_kept(fake, tmp_path):
    assert run(tmp_path) == 0
    assert len(fake.made) == 3 * len(FILE_NAMES)
    manifest = json.loads((tmp_path / atlas.MANIFEST).read_text())
    assert len(manifest["files"]) == 3 * len(FILE_NAMES)
    fake.made.clear()
    assert run(tmp_path) == 0
    assert fake.made == []


def test_a_file_lost_spoiled_or_out_of_date_is_made_again(fake, tmp_path):
    run(tmp_path)
    fake.made.clear()
    (tmp_path / "departement-32_gers" / "fiche.pdf").unlink()
    (tmp_path / "departement-46_lot" / "fiche.docx").write_bytes(b"half")
    run(tmp_path)
    assert sorted(fake.made) == ["32/fiche.pdf", "46/fiche.docx"]
    fake.made.clear()
    run(tmp_path, "--dpi", "150")
    assert len(fake.made) == 3 * len(FILE_NAMES)


def test_a_stopped_atlas_goes_on_where_it_was(fake, tmp_path, capsys):
    fake.stop_at = "46/fiche.pdf"
    assert run(tmp_path) == INTERRUPTED
    assert "reprend" in capsys.readouterr().err
    done = json.loads((tmp_path / atlas.MANIFEST).read_text())["files"]
    assert {name.split("/")[0] for name in done} == {"departement-32_gers"}
    fake.stop_at = ""
    fake.made.clear()
    assert run(tmp_path) == 0
    assert {place.split("/")[0] for place in fake.made} == {"46", "48"}


def test_a_failure_is_told_and_does_not_stop_the_rest(fake, tmp_path, capsys):
    fake.fail_at = "46/carte_apl_65_2023.png"
    assert run(tmp_path) == 1
    assert "departement-46_lot/carte_apl_65_2023.png : Carte : attendu un territoire" in capsys.readouterr().err
    assert len(fake.made) == 3 * len(FILE_NAMES) - 1
    assert not (tmp_path / "departement-46_lot" / "carte_apl_65_2023.png").exists()
    assert list(json.loads((tmp_path / atlas.MANIFEST).read_text())["failures"]) == [
        "departement-46_lot/carte_apl_65_2023.png"
    ]
    fake.fail_at = ""
    assert run(tmp_path) == 0
    assert json.loads((tmp_path / atlas.MANIFEST).read_text())["failures"] == {}


def test_a_dry_run_writes_nothing(fake, tmp_path, capsys):
    assert run(tmp_path / "atlas", "--dry-run") == 0
    assert f"{3 * len(FILE_NAMES)} fichiers à faire" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    assert fake.made == []


def test_a_folder_that_refuses_is_known_before_any_work(fake, tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    assert run(tmp_path / "file") == 1
    assert "Échec." in capsys.readouterr().err
    assert fake.made == []


@pytest.mark.parametrize(
    "arguments", [["--departement", "99"], ["--region", "00"], ["--france", "--jobs", "0"], ["--france", "--dpi", "1"]]
)
def test_what_is_badly_asked_is_refused(arguments, tmp_path):
    with pytest.raises(SystemExit) as stopped:
        main(["atlas", "--out", str(tmp_path), *arguments])
    assert stopped.value.code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_spoiled_manifest_is_as_none(fake, tmp_path):
    run(tmp_path, codes="48")
    (tmp_path / atlas.MANIFEST).write_text("[1, 2")
    fake.made.clear()
    assert run(tmp_path, codes="48") == 0
    assert len(fake.made) == len(FILE_NAMES)


def test_departments_of_a_region_and_of_france(studio):
    gazetteer = studio.facts.gazetteer
    assert len(atlas.departements_of(gazetteer, [Territory("region", "76")])) == 13
    assert len(atlas.departements_of(gazetteer, [FRANCE])) == 101


def test_the_names_announced_are_those_made(studio):
    files = studio.files_of(Territory("departement", "48"), drawn_on=DRAWN_ON, dpi=100)
    assert tuple(files) == FILE_NAMES


def test_an_own_territory_has_its_files_and_who_signs_them_makes_them_again(fake, tmp_path, capsys):
    (tmp_path / "pays.csv").write_text("Territoire;Code commune\nPays de Mende;48095\n;48198\n")
    Image.new("RGB", (40, 10), "navy").save(tmp_path / "logo.png")
    out = tmp_path / "out"
    asked = ["atlas", "--territory", str(tmp_path / "pays.csv"), "--out", str(out), "--jobs", "1"]
    assert main(asked) == 0
    assert len(fake.made) == len(FILE_NAMES)
    (folder,) = [path for path in out.iterdir() if path.is_dir()]
    assert folder.name.endswith("pays-de-mende")
    fake.made.clear()
    assert main([*asked, "--logo", str(tmp_path / "logo.png"), "--organisation", "ARS"]) == 0
    assert len(fake.made) == len(FILE_NAMES)
    assert fake.signatures[-1].author == "ARS"
    assert fake.signatures[-1].logo.startswith(b"\x89PNG")
    fake.made.clear()
    assert main([*asked, "--logo", str(tmp_path / "logo.png"), "--organisation", "ARS"]) == 0
    assert fake.made == []
    (tmp_path / "projets.csv").write_text("Nom;Type;Étape;Code commune\nMSP;MSP;Projet;48095\nRien;MSP;Projet;99999\n")
    assert main([*asked, "--projects", str(tmp_path / "projets.csv")]) == 0
    assert fake.signatures[-1].projects["name"].tolist() == ["MSP"]
    assert "projets.csv, ligne 3" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main([*asked, "--logo", str(tmp_path / "pays.csv")])
    assert "attendu une image PNG ou JPEG" in capsys.readouterr().err
