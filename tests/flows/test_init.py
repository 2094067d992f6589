"""`svodka init`: a client folder from nothing, from exports, and over a folder that has everything."""

from config.load import load_client
from flows.client_yaml import ProposedSource, client_yaml, pattern, scalar
from tests.flows.small_client import FILES, SVODKA, small_client


def test_an_empty_folder_gets_what_a_client_needs(tmp_path, svodka):
    """A file with an example in it, and a place for the exports."""
    folder = tmp_path / "romashka"
    answer = svodka("init", folder)
    assert answer.code == 0
    assert sorted(path.name for path in folder.iterdir()) == ["exports", "svodka.yaml"]
    assert answer.lines == [
        f"{folder}: написан svodka.yaml",
        f"Положите выгрузки в {folder}/exports и опишите их в svodka.yaml; или удалите его и повторите svodka init",
    ]


def test_exports_in_the_folder_are_recognised(tmp_path, svodka):
    """Every export becomes a source, the dictionary a dictionary, and the file that was written loads."""
    folder = small_client(tmp_path / "vasilek", {"svodka.yaml": None, "exports/readme.txt": "просто текст\n"})
    answer = svodka("init", folder)
    assert answer.code == 0
    client = load_client(folder).client
    assert {name: (source.table, source.files) for name, source in client.sources.items()} == {
        "calls": ("calls", ["exports/calls.csv"]),
        "deals": ("deals", ["exports/orders.csv"]),
        "ad_spend": ("ad_spend", ["exports/spend.csv"]),
        "subscribers": ("subscribers", ["exports/users.csv"]),
    }
    assert client.dictionaries.channels == "channels.csv"
    assert client.sources["calls"].columns["phone"] == ["Телефон"]
    assert "exports/readme.txt: не узнан; опишите его в sources" in answer.lines


def test_what_a_person_wrote_is_never_overwritten(tmp_path, svodka):
    """A second init changes no byte, and names the file that svodka.yaml does not."""
    folder = small_client(tmp_path / "vasilek", {"exports/new/calls.csv": FILES["exports/calls.csv"]})
    answer = svodka("init", folder)
    assert answer.code == 0
    assert (folder / "svodka.yaml").read_text("utf-8") == SVODKA
    assert answer.lines[0] == f"{folder}: svodka.yaml уже есть, он не изменён"
    assert [line.split(" → ")[0] for line in answer.lines[1:]] == ["exports/new/calls.csv"]


def test_a_file_where_the_folder_should_be(tmp_path, svodka):
    """Said in words, with the code of a place that cannot be written."""
    (tmp_path / "romashka").write_text("")
    answer = svodka("init", tmp_path / "romashka")
    assert answer.code == 6
    assert "сюда нельзя писать" in answer.err


def test_a_pattern_stands_only_for_the_files_it_means():
    """Two exports of one kind alone in a folder are `*.csv`; beside a stranger they are listed."""
    assert pattern(["exports/a.csv", "exports/b.csv"], ["exports/a.csv", "exports/b.csv"]) == ["exports/*.csv"]
    assert pattern(["exports/a.csv", "exports/b.csv"], ["exports/a.csv", "exports/b.csv", "exports/c.csv"]) == [
        "exports/a.csv",
        "exports/b.csv",
    ]
    assert pattern(["exports/a.csv"], ["exports/a.csv"]) == ["exports/a.csv"]


def test_awkward_names_are_quoted(tmp_path):
    """Names with colons, hashes, brackets and digits come back as they were."""
    names = ["Звонки: июль.csv", "# 1.csv", "[x].csv", "007", "true", 'с "кавычками".csv', "*.csv", "обычное имя.csv"]
    text = client_yaml("12", [ProposedSource("calls", [name], columns={"phone": name}) for name in names], {}, names)
    (tmp_path / "svodka.yaml").write_text(text, "utf-8")
    client = load_client(tmp_path).client
    assert client.client == "12"
    assert [source.files[0] for source in client.sources.values()] == names
    assert [source.columns["phone"][0] for source in client.sources.values()] == names
    assert scalar("обычное имя.csv") == "обычное имя.csv"
