"""`python -m data times` on a tiny country: computed, kept, refused, resumed and forgotten."""

import dataclasses

import pytest

from data import store
from data.__main__ import main
from data.travel_times import saved as travel_times
from geo.travel_time.storage import load_travel_times, save_travel_times
from tests.geo.table_server import table_server
from tests.geo.travel_time.test_roads import osm_file

FOIX, LAVELANET = "09122", "09160"


@pytest.fixture
def own_file(tmp_path, sync_snapshots, monkeypatch):
    """Return the file of the user's travel times, in a data folder not made yet."""
    monkeypatch.setenv("MAILLAGE_SNAPSHOTS", str(sync_snapshots))
    monkeypatch.setenv("MAILLAGE_DATA", str(tmp_path / "data"))
    return tmp_path / "data" / "travel_times.npz"


@pytest.fixture
def table(tmp_path):
    """Write a table that names a pair once, as METRIC does."""
    path = tmp_path / "temps.csv"
    path.write_text(f"origin,destination,minutes\n{FOIX},{LAVELANET},12.5\n")
    return path


def codes():
    return tuple(store.load("communes")["commune_code"])


def in_use():
    return travel_times.load_own_times(codes())


def compute_table(table, *more):
    return main(["times", "--provider", "table", "--file", str(table), "--vintage", "METRIC 2023", *more])


def test_without_times_of_their_own_the_user_has_none(own_file):
    assert in_use() is None
    assert not own_file.parent.exists()  # reading makes nothing


def test_a_table_is_put_in_use_with_its_date(own_file, table, capsys):
    assert compute_table(table) == 0
    times = in_use()
    assert (times.provider, times.vintage, times.limit_min) == ("table", "METRIC 2023", 30.0)
    assert times.minutes_from(FOIX) == {FOIX: 0.0, LAVELANET: 12.5}
    assert times.minutes_from(LAVELANET) == {LAVELANET: 0.0}  # the table does not say
    assert travel_times.n_isolated(times) == len(codes()) - 1  # all but Foix
    told = capsys.readouterr().err
    assert "table fournie (METRIC 2023)" in told
    assert f"{len(codes()) - 1} communes n’atteignent aucune autre" in told
    assert "dès la prochaine action" in told
    assert main(["status"]) == 0
    assert "temps de trajet : table fournie (METRIC 2023)" in capsys.readouterr().err


def test_a_table_may_be_read_both_ways(own_file, table):
    assert compute_table(table, "--symmetric") == 0
    assert in_use().minutes_from(LAVELANET) == {FOIX: 12.5, LAVELANET: 0.0}


def test_another_file_changes_nothing_in_the_app(own_file, table, tmp_path, capsys):
    out = tmp_path / "ailleurs" / "temps.npz"
    assert compute_table(table, "--out", str(out), "--limit", "45") == 0
    assert load_travel_times(out).limit_min == 45.0
    assert in_use() is None
    assert "prochaine action" not in capsys.readouterr().err


def test_forgetting_returns_to_the_estimate(own_file, table, capsys):
    compute_table(table)
    assert main(["times", "--forget"]) == 0
    assert not own_file.exists()
    assert in_use() is None
    assert main(["times", "--forget"]) == 0
    assert "Aucun temps de trajet à oublier" in capsys.readouterr().err


def test_the_estimate_can_be_asked_for(own_file):
    assert main(["times", "--provider", "estimation"]) == 0
    assert in_use().provider == "estimation"


def test_a_faulty_table_leaves_the_times_in_place(own_file, table, capsys):
    compute_table(table)
    good = own_file.read_bytes()
    table.write_text(f"origin,destination,minutes\n{FOIX},00000,12\n")
    assert compute_table(table) == 1
    assert "temps.csv, ligne 2 : colonne destination, attendu un code de commune connu" in capsys.readouterr().err
    assert own_file.read_bytes() == good
    assert list(own_file.parent.iterdir()) == [own_file]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (["--provider", "table"], "table fournie : attendu un fichier"),
        (["--provider", "osm"], "routes OSM : attendu un fichier"),
        (["--provider", "osrm"], "OSRM : attendu l’adresse"),
        (["--provider", "osrm", "--url", "ftp://h"], "attendu une adresse http"),
        (["--provider", "estimation", "--limit", "20"], "--limit : attendu de 30 à 6553 minutes"),
        (["--provider", "estimation", "--limit", "nan"], "--limit : attendu de 30 à 6553 minutes"),
        (["--provider", "estimation", "--forget"], "--forget"),
        ([], "--provider"),
    ],
)
def test_what_is_badly_asked_is_refused(own_file, capsys, asked, words):
    with pytest.raises(SystemExit) as stopped:
        main(["times", *asked])
    assert stopped.value.code == 2
    assert words in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_named(own_file, table, tmp_path, capsys):
    (tmp_path / "data").write_text("a file, where the folder should be")
    assert in_use() is None
    assert compute_table(table) == 1
    assert "Écriture impossible : travel_times.npz" in capsys.readouterr().err
    assert main(["times", "--forget"]) == 0


def damage(path):
    path.write_bytes(path.read_bytes()[:-40])


def shorten(path):
    save_travel_times(load_travel_times(path).within(20.0), path)


def leave_a_commune_out(path):
    times = load_travel_times(path)
    save_travel_times(dataclasses.replace(times, place_codes=("01999", *times.place_codes[1:])), path)


def rename_the_provider(path):
    save_travel_times(dataclasses.replace(load_travel_times(path), provider="google"), path)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (damage, "tronqué ou altéré"),
        (shorten, "30 min au moins"),
        (leave_a_commune_out, "dont manquent 1"),
        (rename_the_provider, "'google'"),
    ],
)
def test_times_that_are_not_sound_are_not_used(own_file, table, capsys, spoil, words):
    compute_table(table)
    spoil(own_file)
    with pytest.raises(travel_times.OwnTimesUnusable) as refused:
        in_use()
    assert words in str(refused.value)
    assert "python -m data times --forget" in str(refused.value)
    assert main(["status"]) == 1
    assert words in capsys.readouterr().err


def test_roads_are_computed_and_leave_no_parts(own_file, tmp_path):
    communes = store.load("communes").set_index("commune_code")
    ends = [communes.loc[code, ["longitude", "latitude"]] * 1000 for code in (FOIX, LAVELANET)]
    nodes = dict(enumerate((tuple(end) for end in ends), start=1))
    roads = osm_file(tmp_path, nodes, [{"nodes": [1, 2], "highway": "primary"}])
    assert main(["times", "--provider", "osm", "--file", str(roads)]) == 0
    times = in_use()
    assert times.provider == "osm"
    # about 8 km (a tenth of a degree at 43° north) on a primary road, 80 km/h before the factor of durations
    assert 5 < times.minutes_from(FOIX)[LAVELANET] < 15
    assert times.minutes_from(FOIX)[LAVELANET] == times.minutes_from(LAVELANET)[FOIX]
    assert list(own_file.parent.iterdir()) == [own_file]


def test_a_missing_file_of_roads_is_named(own_file, tmp_path, capsys):
    assert main(["times", "--provider", "osm", "--file", str(tmp_path / "routes.osm.pbf")]) == 1
    assert "routes.osm.pbf : attendu un fichier de routes lisible" in capsys.readouterr().err


def test_a_stopped_run_goes_on_where_it_was(own_file, capsys, monkeypatch):
    with table_server() as server:
        asked = ["times", "--provider", "osrm", "--url", server.url, "--vintage", "novembre 2026"]
        assert main(asked) == 0
        n_whole, whole = len(server.paths), own_file.read_bytes()
        main(["times", "--forget"])

        def stop(self, *_arguments, **_more):
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr("data.__main__.tqdm.update", stop)
            assert main(asked) == 1
        assert "Interrompu. Relancez la même commande" in capsys.readouterr().err
        assert not own_file.exists()
        n_before = len(server.paths)
        assert main(asked) == 0
        assert n_before < len(server.paths) < n_before + n_whole
        assert own_file.read_bytes() == whole
        # what the server answers may change: a run that ended is not answered from what it kept
        n_before = len(server.paths)
        assert main(asked) == 0
        assert len(server.paths) == n_before + n_whole


def test_a_server_that_refuses_is_named_in_one_line(own_file, capsys):
    with table_server() as server:
        server.faults.append("404")
        assert main(["times", "--provider", "osrm", "--url", server.url]) == 1
    told = capsys.readouterr().err
    assert f"Lecture en ligne impossible : {server.url}." in told
    assert "statut 404" in told
    assert ";" not in told  # not the coordinates of the request


def test_what_a_killed_run_left_half_written_goes_with_the_next_one(own_file):
    with table_server() as server:
        asked = ["times", "--provider", "osrm", "--url", server.url]
        parts = own_file.parent / "travel_times_parts"
        half = [parts / "travel_times_0.npzx2.part", own_file.with_name("travel_times.npzx3.part")]
        for path in half:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"half")
        assert main(asked) == 0
    assert list(own_file.parent.iterdir()) == [own_file]
