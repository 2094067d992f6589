"""What `svodka accept` writes into aliases.yaml."""

from datetime import date

from config.folder.aliases import Proposal, accept, with_accepted
from config.folder.load import load_client

DAY = date(2026, 11, 24)


def test_a_new_file_explains_itself():
    """The first acceptance makes a file with a word on what it is."""
    text = with_accepted("", Proposal(headers=[("calls", "manager", "Менеджер")]), DAY)
    assert text == (
        "# Что приняла команда `svodka accept`: новые заголовки столбцов и новые написания каналов и менеджеров.\n"
        "# Файл можно править и дополнять руками: комментарии сохраняются.\n"
        "headers:\n"
        "  calls:\n"
        "    manager:\n"
        "    - header: Менеджер\n"
        "      since: 2026-11-24\n"
    )


def test_comments_of_a_person_survive():
    """Whatever somebody wrote between the lines stays where it was."""
    before = (
        "channels:\n# со слов владельца\n- alias: ядирект   # опечатка\n  name: Яндекс.Директ\n  since: 2026-01-01\n"
    )
    after = with_accepted(before, Proposal(names=[("channels", "вк", "VK Реклама")]), DAY)
    assert after == before + "- alias: вк\n  name: VK Реклама\n  since: 2026-11-24\n"


def test_a_file_of_comments_alone_keeps_them():
    """Nothing accepted yet, but somebody left a note."""
    after = with_accepted("# заметка\n", Proposal(names=[("managers", "Аня", "Анна")]), DAY)
    assert after.startswith("# заметка\n")
    assert "alias: Аня" in after


def test_accepting_twice_changes_nothing():
    """The same proposal again leaves the file and its date as they were."""
    proposal = Proposal(headers=[("calls", "manager", "Менеджер")], names=[("channels", "вк", "VK Реклама")])
    once = with_accepted("", proposal, DAY)
    assert with_accepted(once, proposal, date(2027, 1, 1)) == once


def test_what_is_accepted_is_loaded(tmp_path):
    """The file written is the file read."""
    (tmp_path / "svodka.yaml").write_text("client: Школа\nsources: {calls: {table: calls, files: a.csv}}", "utf-8")
    proposal = Proposal(headers=[("calls", "phone", "№: тел")], names=[("channels", "да", "yes")])
    accept(tmp_path / "aliases.yaml", proposal, DAY)
    loaded = load_client(tmp_path).aliases
    assert loaded.headers_of("calls") == {"phone": ["№: тел"]}
    assert loaded.names_of("channels") == {"да": "yes"}


def test_several_accepted_on_one_day_need_no_anchors(tmp_path):
    """`&id001` and `*id001` are no dates to whoever reads the file."""
    proposal = Proposal([("calls", "phone", "Тел"), ("calls", "manager", "Кто")], [("channels", "дир", "Директ")])
    text = with_accepted("", proposal, date(2026, 9, 20))
    assert "&" not in text
    assert "*" not in text
    assert text.count("since: 2026-09-20") == 3
