"""`python -m data sync` on the real snapshot."""

import pandas as pd

from data import store
from data.__main__ import main
from geo.crs import legal_epsg, project
from tests.data.finess_files import flat_file, flat_point, flat_site
from tests.data.sync_country import FEED, SOURCE

CATEGORIES = {"msp": "603", "cpts": "604", "centre_sante": "124", "pharmacie": "620", "hopital": "355"}
OVERSEAS = {"971": "9A", "972": "9B", "973": "9C", "974": "9D", "976": "9F"}


def rows_of(sites: pd.DataFrame) -> list[str]:
    """Write sites as the flat file does, department by department in its own projection."""
    rows = []
    projected = project(sites["longitude"], sites["latitude"], sites["departement_code"])
    for site, x, y in zip(sites.itertuples(), projected.x_m, projected.y_m, strict=True):
        departement = OVERSEAS.get(site.departement_code, site.departement_code)
        named = f"1,ATLASANTE,96,BAN,EPSG:{legal_epsg(site.departement_code)} un nom"
        category = CATEGORIES[site.structure_type]
        rows += [
            flat_site(site.finess_code, categetab=category, departement=departement, commune=site.commune_code[2:]),
            flat_point(site.finess_code, f"{x:.1f}", f"{y:.1f}", named),
        ]
    return rows


def test_the_command_on_the_real_snapshot(tmp_path, sync_server, monkeypatch, capsys):
    """A national file made of the embedded structures of Occitanie and of an MSP in 2 700 communes elsewhere."""
    monkeypatch.delenv("MAILLAGE_SNAPSHOTS", raising=False)
    monkeypatch.setenv("MAILLAGE_DATA", str(tmp_path))
    monkeypatch.setenv("MAILLAGE_SYNC_BASE", sync_server.url)
    shipped = store.load("structures", store.DEFAULT_FOLDER)
    embedded = shipped[shipped["region_code"] == "76"]
    communes = store.load("communes", store.DEFAULT_FOLDER)
    columns = ["commune_code", "departement_code", "region_code", "longitude", "latitude"]
    out = communes[communes["region_code"] != "76"]
    elsewhere = pd.concat([out.drop_duplicates("region_code"), out.iloc[::12]]).drop_duplicates("commune_code")[columns]
    elsewhere["finess_code"] = [f"01{number:07}" for number in range(len(elsewhere))]
    elsewhere["structure_type"] = "msp"
    few = elsewhere.drop_duplicates("region_code")
    rest = elsewhere.drop(index=few.index).assign(structure_type="pharmacie")
    sync_server.files[FEED] = flat_file(*rows_of(pd.concat([embedded, few, rest])))
    assert main(["sync", SOURCE]) == 1  # whole in its layout and its lines, and far from the 3 080 that are published
    n_msp = int((embedded["structure_type"] == "msp").sum()) + len(few)
    assert f"Attendu : 3080 sites. Trouvé : {n_msp} sites" in capsys.readouterr().err
    assert len(store.load("structures")) == len(shipped)
    sync_server.files[FEED] = flat_file(*rows_of(pd.concat([embedded, elsewhere])))
    assert main(["status"]) == 0
    assert main(["sync", SOURCE]) == 0
    told = capsys.readouterr().err
    assert "mise à jour" in told
    assert "1 source(s) en ordre, 0 en échec" in told
    assert set(store.manifest()["tables"]["structures"]["covered_regions"]) == set(communes["region_code"])
    now = store.load("structures").set_index("finess_code").loc[embedded["finess_code"]]
    assert (now["commune_code"].to_numpy() == embedded["commune_code"].to_numpy()).all()
    assert abs(now["longitude"].to_numpy() - embedded["longitude"].to_numpy()).max() < 2e-5
    assert abs(now["latitude"].to_numpy() - embedded["latitude"].to_numpy()).max() < 2e-5
    assert (now["point_flag"].to_numpy() == embedded["point_flag"].to_numpy()).all()
    sync_server.files[FEED] = b"<html>"
    assert main(["sync"]) == 1
    assert "ÉCHEC" in capsys.readouterr().err
    assert main(["rollback", SOURCE]) == 0
    assert len(store.load("structures")) == len(shipped)
    assert main(["rollback", "../x"]) == 1
