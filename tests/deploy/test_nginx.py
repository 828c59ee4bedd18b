"""The configuration of nginx: accepted by a real one, for the layout without containers and for that of the images."""

import subprocess

import pytest
import yaml

from deploy.local import HOST, Layout, Replica, find_nginx, write_nginx
from deploy.nginx import Front, main, write_configuration
from tests.e2e.browser import ROOT

DEPLOY = ROOT / "deploy"


@pytest.fixture(scope="module")
def nginx():
    found = find_nginx()
    if found is None:
        pytest.skip("no nginx found (Debian: apt-get install nginx-light)")
    return found


def try_configuration(nginx, folder, whole):
    tried = subprocess.run(
        [nginx, "-t", "-e", "stderr", "-p", str(folder), "-c", str(whole)], check=False, capture_output=True, text=True
    )
    assert tried.returncode == 0, tried.stderr
    assert "[warn]" not in tried.stderr.replace('the "user" directive makes sense only', "")


@pytest.mark.parametrize("base_path", ["", "maillage", "sante/maillage"])
@pytest.mark.parametrize("n_replicas", [1, 2, 3])
def test_the_layout_without_containers_is_accepted(nginx, tmp_path, base_path, n_replicas):
    replicas = [Replica(number, 8500 + number, None) for number in range(1, n_replicas + 1)]
    layout = Layout(f"http://{HOST}:8600", base_path, tmp_path, {}, replicas)
    try_configuration(nginx, tmp_path, write_nginx(layout, f"{HOST}:8600"))


def test_the_layout_of_the_images_is_accepted(nginx, tmp_path):
    """Names of containers exist in their network alone: this machine stands for them."""
    composed = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    names = [name for name in composed["services"] if name.startswith("app-")]
    asked = composed["services"]["proxy"]["build"]["args"]["REPLICAS"]
    assert asked.split() == [f"{name}:8501" for name in names]
    for name in names:
        number = composed["services"][name]["environment"]["MAILLAGE_REPLICA"]
        assert name == f"app-{number}"
    replicas = tuple(f"{HOST}:{8501 + number}" for number in range(len(names)))
    front = Front(
        replicas,
        listen="8080",
        cache=str(tmp_path / "cache"),
        access_log="/dev/stdout",
        error_log="/dev/stderr",
        extra=str(tmp_path / "extra" / "*.conf"),
    )
    (tmp_path / "maillage.conf").write_text(write_configuration(front), encoding="utf-8")
    whole = tmp_path / "nginx.conf"
    whole.write_text(
        f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{ include {tmp_path}/maillage.conf; }}\n", encoding="utf-8"
    )
    try_configuration(nginx, tmp_path, whole)


def test_new_readers_are_shared_out_and_each_replica_stands_in_for_the_others():
    told = write_configuration(Front(("a:1", "b:2", "c:3")))
    assert "    33.33% maillage_1;\n    33.33% maillage_2;\n    * maillage_3;" in told
    group = "    server b:2 max_fails=1 fail_timeout=5s;\n    server a:1 backup;\n    server c:3 backup;\n"
    assert group in told
    assert "@" not in told.replace("@maillage_down", "")


def test_without_a_replica_nothing_is_written():
    with pytest.raises(ValueError, match="replica"):
        write_configuration(Front(()))


def test_the_command_prints_what_was_asked(capsys):
    assert main(["127.0.0.1:8501", "127.0.0.1:8502", "--base-path", "/maillage/", "--listen", "443 ssl"]) == 0
    told = capsys.readouterr().out
    assert "listen 443 ssl;" in told
    assert "location = /maillage {" in told
    assert "Path=/maillage/; HttpOnly" in told
