"""Messages about nights that went wrong."""

import pytest

from config.errors import ConfigError, Unavailable
from connectors.notify import addresses, check_addresses, notify


def test_a_message_reaches_its_address(mailbox):
    """Title and text arrive at the address whose name the environment completes."""
    port, received = mailbox
    notify(["json://127.0.0.1:${PORT}/"], {"PORT": str(port)}, "Школа", "отчёт не обновлён")
    assert [(message["title"], message["message"]) for message in received] == [("Школа", "отчёт не обновлён")]


def test_an_address_that_refuses_is_worth_another_try(mailbox, caplog):
    """The service answers 500: which of the addresses it is, we say; the library's own words are in English."""
    port, received = mailbox
    declared = [f"json://127.0.0.1:{port}/", f"json://me:secret@127.0.0.1:{port}/refuse"]
    with caplog.at_level("WARNING"), pytest.raises(Unavailable) as raised:
        notify(declared, {}, "Школа", "отчёт не обновлён")
    assert str(raised.value) == "notify: не отправлено сообщение по адресу 2 (json) — проверьте адрес и сеть"
    assert (len(received), caplog.text) == (2, "")


def test_a_variable_that_is_not_set_is_named_and_the_address_is_not():
    """The address may hold a password beside the variable."""
    with pytest.raises(ConfigError) as raised:
        addresses(["mailto://me:secret@example.org?to=${OWNER}", "tgram://${TOKEN}/1"], {"OWNER": ""})
    assert str(raised.value) == (
        "svodka.yaml: notify: в окружении нет OWNER, TOKEN — задайте эти переменные там, где запускается svodka serve"
    )


def test_a_word_that_is_no_address():
    """Its number is told, its text is not."""
    with pytest.raises(ConfigError) as raised:
        check_addresses(["json://localhost/", "владелец"], {}, "digest.to")
    assert str(raised.value) == (
        "svodka.yaml: digest.to: адрес 2 не похож на адрес apprise — примеры: mailto://…, tgram://${TOKEN}/…"
    )
