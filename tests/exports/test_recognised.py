"""Which export each sample is taken for, and that no other fits as well."""

from __future__ import annotations

import pytest

from config.client import SourceConfig
from config.profiles import profiles
from connectors.files.find import find
from connectors.files.read import read
from tests.exports.staged import SAMPLES
from transforms.recognise import recognise_file
from transforms.recognise.guess import guesses

EXPECTED = """
amocrm_leads.csv                | deals          | amocrm_leads
amocrm_leads_new.xlsx           | deals          | amocrm_leads_new
bank_1c.txt                     | deals          | bank_1c
bank_1c.txt                     | costs          | bank_1c
bitrix24_calls.xls              | calls          | bitrix24_calls
bitrix24_deals.xls              | deals          | bitrix24_deals
bitrix24_deals_cp1251.csv       | deals          | bitrix24_deals
bitrix24_leads.csv              | leads          | bitrix24_leads
callibri.csv                    | calls          | callibri
callibri.csv                    | leads          | callibri
calltouch_calls.csv             | calls          | calltouch_calls
calltouch_requests.csv          | leads          | calltouch_requests
getcourse_orders.csv            | deals          | getcourse_orders
getcourse_payments.json         | deals          | getcourse_payments
getcourse_users.csv             | subscribers    | getcourse_users
google_ads.csv                  | ad_spend       | google_ads_ru
google_ads_utf16.csv            | ad_spend       | google_ads_ru
google_forms_ru.csv             | survey_answers | google_forms
google_forms_en.csv             | survey_answers | google_forms
mailchimp.zip                   | subscribers    | mailchimp
mango.csv                       | calls          | mango
megafon.csv                     | calls          | megafon
megafon_with_header.csv         | calls          | megafon
meta_ads.csv                    | ad_spend       | meta_ads
ozon_performance.csv            | ad_spend       | ozon_performance
sipuni.csv                      | calls          | sipuni
sipuni_2015.csv                 | calls          | sipuni
typeform.csv                    | survey_answers | typeform
uis.csv                         | calls          | uis_comagic
unisender.csv                   | subscribers    | unisender
vk_ads.xlsx                     | ad_spend       | vk_ads
yandex_direct_cabinet.csv       | ad_spend       | yandex_direct_ui
yandex_direct_micros.tsv        | ad_spend       | yandex_direct_api
yandex_direct_units.tsv         | ad_spend       | yandex_direct_api
yookassa.csv                    | deals          | yookassa
Статистика_с_*.xlsx             | ad_spend       | avito
wildberries.xlsx                | deals          | wildberries
ozon_postings.csv               | deals          | ozon_postings
ozon_accruals.csv               | deals          | ozon_accruals
ozon_realization.xlsx           | deals          | ozon_realization
tilda_orders.csv                | deals          | tilda_orders
tilda_orders.csv                | leads          | tilda_orders
tilda_leads.csv                 | leads          | tilda_leads
asterisk.csv                    | calls          | asterisk
"""
CASES = [tuple(part.strip() for part in line.split("|")) for line in EXPECTED.strip().splitlines()]
QUESTIONS = {
    "google_forms_ru.csv": {"csi": ["Оцените обслуживание (1-5)"]},
    "google_forms_en.csv": {"nps": ["How likely are you to recommend us?"]},
    "typeform.csv": {"nps": ["Оцените нас"]},
}


@pytest.mark.parametrize(("sample", "table", "profile"), CASES)
def test_a_sample_is_taken_for_its_vendors_export(sample, table, profile, tmp_path):
    """By headers and shape alone, with a certainty that is said."""
    [found] = find("s", [sample], SAMPLES, (SAMPLES,))
    source = SourceConfig(
        table=table, files=[sample], columns=QUESTIONS.get(sample, {}), period="2026-08-01..2026-08-02"
    )
    recognised = recognise_file(read(found, "s", tmp_path), table, source, {})
    assert {one.profile.name for one in recognised} == {profile}
    assert all(0.5 < one.certainty < 1 for one in recognised)


@pytest.mark.parametrize(
    ("sample", "tables"),
    [
        ("callibri.csv", {"calls": {}, "leads": {}}),
        ("calltouch_calls.csv", {"calls": {}}),  # no column says which rows are no calls
        ("google_forms_ru.csv", {"survey_answers": {"nps": "Порекомендуете ли вы нас? (0–10)"}}),
        ("google_forms_en.csv", {"survey_answers": {"nps": "How likely are you to recommend us?"}}),
    ],
)
def test_a_file_is_proposed_for_what_it_can_feed(sample, tables, tmp_path):
    """`svodka init` writes no source that would stop the first run for want of a column."""
    [found] = find("s", [sample], SAMPLES, (SAMPLES,))
    proposed = {guess.table: guess.columns for guess in guesses(read(found, "s", tmp_path))}
    assert proposed.keys() == tables.keys()
    for table, columns in tables.items():
        assert columns.items() <= proposed[table].items()


def test_every_sample_has_its_line():
    """A new sample says what it is taken for."""
    named = {sample for sample, _, _ in CASES} | {"google_ads_dollars.csv", "getcourse_not_ready.json"}
    assert {path.name for path in SAMPLES.iterdir() if not path.name.startswith("Статистика")} == named - {
        "Статистика_с_*.xlsx"
    }


def test_every_profile_has_a_sample():
    """An export that no sample shows could be lost, or no longer be known, and nobody would see."""
    assert {profile for _, _, profile in CASES} == set(profiles())
