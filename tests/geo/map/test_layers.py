"""The Python face of the map: what goes to the browser, and that the base never changes."""

import base64
import json
import re
import zlib

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit_folium import _get_feature_group_string, _get_map_string, generate_js_hash

from geo import map as layers
from geo.map import points
from geo.map.browser_files import FOLDER, SCRIPTS, browser_script
from geo.map.payload import encode_payload

PALETTE = ["#ffffcc", "#41b6c4", "#253494"]


def values(classes="012n", texts=("1,0", "2,0", "3,0", None), **others):
    return layers.ClassedValues("commune", classes, list(texts), PALETTE, "APL", **others)


def structures(**columns):
    table = {
        "finess_code": ["310000001", "310000002"],
        "structure_type": ["msp", "cpts"],
        "name": ["MSP du Lac", "CPTS <b>Nord</b>"],
        "commune_name": ["Auch", None],
        "longitude": [0.586, np.nan],
        "latitude": [43.646, 43.0],
        "opened_on": pd.to_datetime(["2019-03-01", None]),
    }
    return pd.DataFrame(table | columns)


def script_of(group):
    return _get_feature_group_string(group, map=layers.base_map())


def payload_of(group):
    encoded = re.search(r'Maillage\.update\("([^"]*)"\)', script_of(group)).group(1)
    shown, *parts = (json.loads(zlib.decompress(base64.b64decode(part))) for part in encoded.split("."))
    territories, placed, *beside = parts
    if shown.get("second"):
        shown["second"] |= beside[0] | beside[1]
    return shown | territories | placed


def rendered_base():
    base = layers.base_map(script="../../app/page/map.js")
    base.get_root().render()
    return base, _get_map_string(base)


class TestClassString:
    def test_writes_unknown_outside_and_none(self):
        written = layers.class_string([0, np.nan, 2, np.nan, 5], inside=[1, 1, 1, 0, 0], none=[0, 0, 1, 0, 1])
        assert written == "0nzxx"  # outside wins over all: nothing is said of a territory that was not asked for

    @pytest.mark.parametrize("wrong", [-1, 9, 0.5])
    def test_refuses_what_is_not_a_class(self, wrong):
        with pytest.raises(ValueError, match="whole numbers"):
            layers.class_string([0, wrong])

    @given(st.lists(st.one_of(st.integers(0, 8), st.none())))
    def test_equals_the_slow_twin(self, numbers):
        twin = "".join("n" if number is None else str(number) for number in numbers)
        assert layers.class_string(np.array(numbers, dtype=float)) == twin


class TestClassedValues:
    def test_refuses_a_class_without_a_colour(self):
        with pytest.raises(ValueError, match="without a colour"):
            values("0123")

    def test_refuses_texts_that_do_not_go_with_the_classes(self):
        with pytest.raises(ValueError, match="3 texts for 4"):
            values(texts=["1", "2", "3"])

    def test_refuses_an_unknown_level(self):
        with pytest.raises(ValueError, match="unknown level"):
            layers.ClassedValues("canton", "", [], PALETTE, "APL")


class TestLegend:
    def test_counts_the_territories_of_each_class(self):
        legend = layers.class_legend(values("0020nxz", ["1"] * 7), ["a", "b", "c"], none_label="aucune")
        counted = [(entry.label, entry.count) for entry in legend.entries]
        assert counted == [("aucune", 1), ("a", 3), ("b", 0), ("c", 1), ("n.d. (donnée inconnue)", 1)]
        assert legend.entries[-1].hatch

    def test_says_nothing_of_the_unknown_where_all_is_known(self):
        legend = layers.class_legend(values("0120", ["1"] * 4, unit="%", vintage="2023"), ["a", "b", "c"])
        assert [entry.label for entry in legend.entries] == ["a", "b", "c"]
        assert legend.subtitle == "%, 2023"

    def test_refuses_labels_that_do_not_go_with_the_colours(self):
        with pytest.raises(ValueError, match="1 labels for 3 colours"):
            layers.class_legend(values(), ["a"])


class TestStructureColumns:
    def test_leaves_out_what_has_no_place_and_keeps_unknown_years_unknown(self):
        columns = layers.structure_columns(structures(longitude=[0.586, 1.0], latitude=[43.646, 43.0]))
        assert columns["year"] == [2019, None]
        assert columns["commune"] == ["Auch", ""]
        assert layers.structure_columns(structures())["code"] == ["310000001"]

    def test_a_dated_site_says_its_day_where_it_stands_and_how_its_category_is_known(self):
        table = structures(longitude=[0.586, 1.0], latitude=[43.646, 43.0]).assign(
            point_flag=["ok", "commune"],
            category_basis=["finess", "nom"],
            as_of=pd.to_datetime(["2026-04-01", "2026-05-12"]),
        )
        columns = layers.structure_columns(table)
        assert columns["at_commune"] == [0, 1]
        assert columns["dated"] == ["FINESS, 01/04/2026", "FINESS, 12/05/2026, catégorie déduite du nom"]

    def test_the_legend_says_the_days_the_hollow_and_the_doubtful_and_never_adds_days_up(self):
        table = structures(longitude=[0.586, 1.0], latitude=[43.646, 43.0]).assign(
            point_flag=["ok", "commune"],
            category_basis=["finess", "nom"],
            as_of=pd.to_datetime(["2021-01-08", "2026-05-12"]),
            doubt=["", "renommée"],
        )
        notes = [(note.label, note.count, note.sign) for note in layers.sites_notes(table)]
        assert notes == [
            ("Creux : placé à sa commune", 1, "cpts"),
            ("FINESS : 08/01/2021 et 12/05/2026 (dates à ne pas additionner)", None, ""),
            ("Catégorie déduite du nom", 1, ""),
            ("Cas douteux", 1, ""),
        ]
        assert layers.structure_columns(table)["doubt"] == ["", "Douteux : renommée"]
        one_day = layers.sites_notes(table[:1])
        assert [note.label for note in one_day] == ["FINESS : 08/01/2021"]
        assert layers.sites_notes(structures()) == ()

    def test_a_former_date_has_the_shape_of_its_type_and_its_date_in_words(self):
        for kind in ("msp", "cpts", "centre_sante"):
            now, then = layers.STRUCTURE_SYMBOLS[kind], layers.STRUCTURE_SYMBOLS[f"{kind}_2021"]
            assert then.shape == now.shape
            assert then.edge
            assert then.colour != now.colour
            assert then.label == f"{now.label}, 8 janv. 2021"

    def test_a_project_has_neither_day_nor_flag(self):
        mixed = structures(longitude=[0.586, 1.0], latitude=[43.646, 43.0])
        mixed = mixed.assign(as_of=[pd.Timestamp("2026-04-01"), pd.NaT], category_basis=["finess", None])
        assert layers.structure_columns(mixed)["dated"] == ["FINESS, 01/04/2026", ""]
        assert "dated" not in layers.structure_columns(structures(longitude=[0.586, 1.0], latitude=[43.646, 43.0]))

    def test_refuses_a_type_without_a_sign_and_a_missing_column(self):
        with pytest.raises(ValueError, match="ehpad"):
            layers.structure_columns(structures(structure_type=["msp", "ehpad"]))
        with pytest.raises(ValueError, match="opened_on"):
            layers.structure_columns(structures().drop(columns="opened_on"))

    def test_does_not_change_its_input(self):
        table = structures()
        layers.structure_columns(table)
        pd.testing.assert_frame_equal(table, structures())


class TestView:
    @pytest.mark.parametrize("wrong", [{}, {"zoom": 6}, {"bounds": (0, 1, 2, 3), "centre": (1, 2), "zoom": 5}])
    def test_is_bounds_or_centre_and_zoom(self, wrong):
        with pytest.raises(ValueError, match="either bounds"):
            layers.View(**wrong)


class TestOverlay:
    def test_carries_all_that_changes(self):
        view = layers.View(centre=(43.6, 1.4), zoom=9)
        payload = payload_of(
            layers.overlay(values(vintage="2023"), structures=structures(), selected=("commune", "31555"), view=view)
        )
        assert payload["classes"] == "012n"
        assert payload["values"].split("\n") == ["1,0", "2,0", "3,0", ""]
        assert payload["selection"] == {"level": "commune", "code": "31555"}
        assert payload["view"] == {"centre": [43.6, 1.4], "zoom": 9}
        assert payload["structures"]["name"] == ["MSP du Lac"]
        assert set(payload["symbols"]) == set(layers.STRUCTURE_SYMBOLS)

    def test_what_a_filter_leaves_out_is_one_character_a_territory(self):
        assert payload_of(layers.overlay(values()))["dimmed"] is None
        assert payload_of(layers.overlay(values(), dimmed=[True, False, False, True]))["dimmed"] == "1001"

    def test_a_line_break_in_a_text_does_not_shift_the_next_ones(self):
        payload = payload_of(layers.overlay(values(texts=["a\nb", "c", "d", None])))
        assert payload["values"].split("\n") == ["a b", "c", "d", ""]

    @given(st.text(max_size=60))
    def test_no_text_of_the_data_reaches_the_script(self, text):
        script = script_of(layers.overlay(values(texts=[text, "b", "c", None])))
        encoded = re.search(r'update\("([^"]*)"\)', script).group(1)
        assert re.fullmatch(r"[A-Za-z0-9+/=.]+", encoded)

    def test_not_a_number_is_refused_rather_than_written_as_broken_json(self):
        with pytest.raises(ValueError, match="not JSON compliant"):
            encode_payload({"longitude": [float("nan")]})

    def test_structures_are_written_once_a_table_as_long_as_somebody_holds_it(self, monkeypatch):
        n_written = []
        monkeypatch.setattr(points, "encode_payload", lambda payload: n_written.append(payload) or str(len(n_written)))
        first, like = structures(), structures()
        assert [points.encode_structures(one) for one in (first, like, first, like)] == ["1", "2", "1", "2"]
        held = len(points._WRITTEN)
        del first
        assert len(points._WRITTEN) == held - 1
        assert points.encode_structures(structures(name="Autre")) == "3"
        assert n_written[-1]["structures"]["name"][0] == "Autre"

    def test_all_communes_and_3000_structures_fit_in_the_websocket_budget(self):
        rng = np.random.default_rng(0)
        n = 34_875
        texts = [f"{value:.1f}".replace(".", ",") for value in rng.gamma(4, 0.8, n)]
        classes = layers.class_string(rng.integers(0, 7, n))
        all_communes = layers.ClassedValues("commune", classes, texts, ["#000000"] * 7, "APL")
        many = pd.concat(
            [structures(longitude=rng.uniform(-4, 8, 2), latitude=rng.uniform(42, 51, 2)) for _ in range(1500)]
        )
        sent = len(script_of(layers.overlay(all_communes, structures=many))) + len(browser_script())
        assert sent < 400_000


class TestBaseMap:
    def test_is_constant_whatever_is_drawn_on_it(self):
        keys = []
        for classes in ("012n", "210n"):
            base, script = rendered_base()
            keys.append(generate_js_hash(script, "carte"))
            _get_feature_group_string(layers.overlay(values(classes)), map=base)
        assert keys[0] == keys[1]

    def test_another_script_mounts_it_again(self):
        base = layers.base_map(script="../../app/page/map.js?v=1")
        base.get_root().render()
        assert generate_js_hash(_get_map_string(base), "carte") != generate_js_hash(rendered_base()[1], "carte")

    def test_asks_nothing_of_another_host(self):
        base, script = rendered_base()
        links = [link for _, link in (*base.default_js, *base.default_css)]
        assert len(links) == 3
        assert all(link.startswith(("../../app/static/", "../../app/page/")) for link in links)
        assert not re.findall(r"https?://", script)

    def test_tells_leaflet_the_limits_of_zoom(self):
        _, script = rendered_base()
        assert '"minZoom": 4' in script
        assert '"maxZoom": 14' in script

    def test_every_script_of_the_folder_is_joined(self):
        assert sorted(SCRIPTS) == sorted(path.name for path in FOLDER.glob("*.js"))


def test_a_square_takes_the_lines_of_its_classes_and_travels_with_the_values_of_each_place():
    shown = values(texts=("1,0\t12", "2,0\t", "\t9", "\t"), parts=(("APL", "consultations"), ("75 ans ou plus", "%")))
    square = layers.Square("APL", "75 ans ou plus (%)", ("bas", "moyen", "haut"), ("tous",), ("12", "0", "3 k"))
    entries = [layers.LegendEntry(colour, "", count, letter=str(k)) for k, (colour, count) in
               enumerate(zip(PALETTE, (1, 0, 1), strict=True))]  # fmt: skip
    unknown = layers.LegendEntry("", "n.d.", 1, hatch=True, letter="n")
    legend = layers.Legend("APL × 75 ans ou plus", "", [*entries, unknown], square=square)
    assert legend.lines == [unknown]
    assert layers.Legend("APL", "", [*entries, unknown]).lines == [entries[0], entries[2], unknown]
    payload = payload_of(layers.overlay(shown, legend))
    assert payload["values"].split("\n") == ["1,0\t12", "2,0\t", "\t9", "\t"]
    assert payload["parts"] == [["APL", "consultations"], ["75 ans ou plus", "%"]]
    assert payload["legend"]["square"]["people"] == ["12", "0", "3 k"]
    assert [entry["letter"] for entry in payload["legend"]["entries"]] == ["0", "2", "n"]
