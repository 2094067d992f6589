"""channel_period: what was spent on a channel and what it brought, sentence by sentence of its definition."""

from datetime import date

from tests.helpers.tables import check_metric

CALLS = """
    started_at          | phone       | channel | direction | is_answered | talk_seconds
    2026-09-01 10:00:00 | 70000000001 | SEO     | in        | true        | 60
    2026-09-02 10:00:00 | 70000000002 | SEO     | in        | false       | 0
    2026-09-03 10:00:00 | 70000000003 | SEO     | in        | true        | 5
    2026-09-04 10:00:00 | 70000000004 | SEO     | out       | true        | 90
"""
SPEND = """
    spend_on   | channel | spend_rub | impressions | clicks
    2026-09-01 | SEO     | 1000.00   | 100         | 10
    2026-09-02 | SEO     | 500.00    | 50          | 5
"""


def test_inbound_calls_are_counted_and_sorted_into_target_and_missed():
    """Outgoing calls count nowhere; 20 seconds of talk make a target call; unanswered is missed."""
    check_metric(
        "channel_period",
        given={"calls": CALLS},
        expect="""
        period_start | channel | calls | unique_calls | target_calls | missed_calls | is_complete
        2026-09-01   | SEO     | 3     | 3            | 1            | 1            | true
        """,
    )


def test_exactly_target_seconds_is_a_target_call():
    """The bound belongs to the target calls."""
    check_metric(
        "channel_period",
        given={"calls": CALLS},
        target_seconds=60,
        expect="""
        channel | target_calls
        SEO     | 1
        """,
    )


def test_calls_per_thousand_roubles_and_the_price_of_a_call():
    """3 calls for 1 500 ₽ are 2 calls per 1 000 ₽ and 500 ₽ a call."""
    check_metric(
        "channel_period",
        given={"calls": CALLS, "ad_spend": SPEND},
        expect="""
        channel | spend_rub | impressions | clicks | calls | calls_per_1000_rub | cost_per_call_rub
        SEO     | 1500.00   | 150         | 15     | 3     | 1000 * 3 / 1500    | 500.00
        """,
    )


def test_calls_without_spend_have_no_calls_per_thousand():
    """Zero would say that nobody calls; blank says that it cannot be known. A call that cost nothing costs 0."""
    check_metric(
        "channel_period",
        given={"calls": CALLS, "ad_spend": SPEND.replace("SEO", "VK")},
        expect="""
        channel | spend_rub | impressions | clicks | calls | calls_per_1000_rub | cost_per_call_rub
        SEO     | 0.00      | 0           | 0      | 3     |                    | 0.00
        VK      | 1500.00   | 150         | 15     | 0     | 0                  |
        """,
    )


def test_a_table_never_loaded_is_unknown_not_zero():
    """Without a source of spend, deals or leads their figures are blank, and so is what divides by them."""
    check_metric(
        "channel_period",
        given={"calls": CALLS},
        expect="""
        channel | spend_rub | clicks | leads | clients | new_clients | deals_won | revenue_rub | gross_profit_rub
        SEO     |           |        |       |         |             |           |             |
        """,
    )
    check_metric(
        "channel_period",
        given={"calls": CALLS},
        expect="""
        channel | calls_per_1000_rub | cost_per_call_rub | conversion | clients_per_10_calls | cac_rub | romi | drr
        SEO     |                    |                   |            |                      |         |      |
        """,
    )


def test_a_loaded_table_without_rows_is_zero():
    """A source that was read and held nothing is a zero that is known."""
    check_metric(
        "channel_period",
        given={"calls": CALLS, "deals": "deal_id | revenue_rub", "leads": "lead_id | created_at"},
        expect="""
        channel | calls | leads | clients | deals_won | revenue_rub | gross_profit_rub | conversion | drr
        SEO     | 3     | 0     | 0       | 0         | 0.00        | 0.00             | 0          |
        """,
    )


def test_impressions_that_no_row_tells_are_unknown():
    """A spend table without impressions does not say that nobody saw the advertisement."""
    check_metric(
        "channel_period",
        given={
            "ad_spend": "spend_on | channel | spend_rub | clicks\n2026-09-01 | SEO | 10 | 3\n2026-09-02 | SEO | 10 |"
        },
        expect="""
        channel | spend_rub | impressions | clicks
        SEO     | 20.00     |             | 3
        """,
    )


def test_blank_channel_is_a_channel_of_its_own():
    """What nobody named stands under «Не указан»."""
    check_metric(
        "channel_period",
        given={"calls": "started_at | channel\n2026-09-01 10:00 |"},
        expect="""
        channel   | calls
        Не указан | 1
        """,
    )


def test_a_phone_that_called_less_than_thirty_days_before_is_not_unique():
    """Thirty times 24 hours exactly is unique again, a second less is not; other channels and missed calls count."""
    check_metric(
        "channel_period",
        given={
            "calls": """
            started_at          | phone       | channel | is_answered
            2026-08-01 10:00:00 | 70000000001 | SEO     | false
            2026-08-31 09:59:59 | 70000000001 | VK      | true
            2026-09-30 09:59:59 | 70000000001 | SEO     | true
            2026-08-15 10:00:00 | 70000000002 | VK      | true
            """
        },
        expect="""
        period_start | channel | calls | unique_calls
        2026-08-01   | SEO     | 1     | 1
        2026-08-01   | VK      | 2     | 1
        2026-09-01   | SEO     | 1     | 1
        2026-09-01   | VK      | 0     | 0
        """,
    )


def test_calls_from_unknown_phones_are_calls_but_not_unique():
    """A hidden number and an odd number are nobody that could be recognised."""
    check_metric(
        "channel_period",
        given={
            "calls": """
            started_at          | phone       | channel
            2026-09-01 10:00:00 |             | SEO
            2026-09-01 11:00:00 | 112         | SEO
            2026-09-01 12:00:00 | 70000000001 | VK
            """
        },
        expect="""
        channel | calls | unique_calls
        SEO     | 2     | 0
        VK      | 1     | 1
        """,
    )


def test_where_no_call_bears_a_phone_unique_calls_are_unknown():
    """Nobody can be recognised, so none can be told from another: blank, not 0."""
    check_metric(
        "channel_period",
        given={"calls": "started_at | phone | channel\n2026-09-01 10:00 | | SEO\n2026-09-01 11:00 | 112 | SEO"},
        expect="""
        channel | calls | unique_calls
        SEO     | 2     |
        """,
    )


def test_a_channel_that_no_sale_names_has_unknown_sales():
    """All of them stand in «Не указан»; zero would say that the channel sells nothing."""
    check_metric(
        "channel_period",
        given={
            "ad_spend": "spend_on | channel | spend_rub\n2026-09-01 | SEO | 100",
            "deals": "deal_id | closed_on | status | phone | revenue_rub\n1 | 2026-09-02 | won | 70000000001 | 500",
        },
        expect="""
        channel   | spend_rub | clients | new_clients | deals_won | revenue_rub | cac_rub | romi | drr
        SEO       | 100.00    |         |             |           |             |         |      |
        Не указан | 0.00      | 1       | 1           | 1         | 500.00      | 0.00    |      | 0
        """,
    )


def test_a_call_that_brought_a_sale_names_its_channel():
    """One attributed sale is enough: the other channels sold nothing, and that is known."""
    check_metric(
        "channel_period",
        given={
            "calls": """
            started_at          | phone       | channel
            2026-09-01 10:00:00 | 70000000001 | SEO
            2026-09-01 11:00:00 | 70000000002 | VK
            """,
            "deals": """
            deal_id | created_on | closed_on  | status | phone       | revenue_rub
            1       | 2026-09-02 | 2026-09-02 | won    | 70000000001 | 500
            """,
        },
        expect="""
        channel | calls | clients | revenue_rub
        SEO     | 1     | 1       | 500.00
        VK      | 1     | 0       | 0.00
        """,
    )


def test_without_a_client_in_any_sale_clients_are_unknown():
    """The sales are there, who bought is not."""
    check_metric(
        "channel_period",
        given={"deals": "deal_id | closed_on | status | channel | revenue_rub\n1 | 2026-09-02 | won | SEO | 500"},
        expect="""
        channel | deals_won | revenue_rub | clients | new_clients
        SEO     | 1         | 500.00      |         |
        """,
    )


def test_calls_and_enquiries_that_name_no_channel_make_no_sum():
    """Enquiries of an unknown channel are not none of this one."""
    check_metric(
        "channel_period",
        calls_count="enquiries",
        given={
            "calls": "started_at | channel\n2026-09-01 10:00 | SEO",
            "leads": "created_at | status\n2026-09-01 10:00 | open",
        },
        expect="""
        channel   | calls | leads | counted_calls
        SEO       | 1     |       |
        Не указан | 0     | 1     | 1
        """,
    )


def test_of_calls_in_one_second_the_first_by_id_then_row_is_unique():
    """The id decides, then the row: the order of loading does not."""
    check_metric(
        "channel_period",
        given={
            "calls": """
            started_at          | phone       | channel | call_id | source_row
            2026-09-01 10:00:00 | 70000000001 | SEO     | b       | 1
            2026-09-01 10:00:00 | 70000000001 | VK      | a       | 2
            2026-09-02 10:00:00 | 70000000002 | SEO     |         | 4
            2026-09-02 10:00:00 | 70000000002 | VK      |         | 3
            """
        },
        expect="""
        channel | calls | unique_calls
        SEO     | 2     | 0
        VK      | 2     | 2
        """,
    )


LEADS = """
    created_at          | channel | phone       | status
    2026-09-01 12:00:00 | SEO     |             | open
    2026-09-01 12:00:00 | SEO     | 70000000009 |
    2026-09-01 12:00:00 | SEO     | 70000000008 | junk
    2026-09-02 10:00:00 | SEO     | 70000000001 | qualified
    2026-09-02 10:00:01 | SEO     | 70000000001 | qualified
    2026-08-31 10:00:00 | SEO     | 70000000001 | open
"""


def test_enquiries_leave_out_junk_and_those_who_called_within_a_day():
    """24 hours before or after to the second are still the same enquiry; an outgoing call is not a call of theirs."""
    check_metric(
        "channel_period",
        given={"calls": CALLS.replace("70000000004", "70000000009"), "leads": LEADS},
        expect="""
        period_start | channel | leads | calls
        2026-08-01   | SEO     | 0     | 0
        2026-09-01   | SEO     | 3     | 3
        """,
    )


def test_the_count_of_calls_that_feeds_the_ratios_is_a_setting():
    """All, unique, target calls, or calls and leads together; the counts themselves do not change."""
    one_deal = (
        "deal_id | closed_on | status | channel | client_key | revenue_rub\n1 | 2026-09-05 | won | SEO | a | 3000"
    )
    leads = "created_at | channel | phone\n2026-09-09 10:00 | SEO |\n2026-09-09 11:00 | SEO |"
    for count, counted in (("all", 3), ("unique", 2), ("target", 1), ("enquiries", 3 + 2)):
        check_metric(
            "channel_period",
            given={
                "calls": CALLS.replace("70000000003", "70000000002"),
                "ad_spend": SPEND,
                "deals": one_deal,
                "leads": leads,
            },
            calls_count=count,
            expect=f"""
            channel | calls | calls_per_1000_rub     | cost_per_call_rub        | conversion    | clients_per_10_calls
            SEO     | 3     | 1000 * {counted} / 1500 | {1500 / counted:.2f}    | 1 / {counted} | 10 * 1 / {counted}
            """,
        )


def test_enquiries_without_a_source_of_leads_are_the_calls():
    """The unknown part does not make the known part unknown."""
    check_metric(
        "channel_period",
        given={"calls": CALLS, "ad_spend": SPEND},
        calls_count="enquiries",
        expect="""
        channel | leads | cost_per_call_rub
        SEO     |       | 500.00
        """,
    )


DEALS = """
    deal_id | created_on | closed_on  | status | channel | client_key | revenue_rub | cogs_rub
    1       | 2026-08-20 | 2026-09-02 | won    | SEO     | anna       | 1000.00     | 300.00
    2       | 2026-09-01 | 2026-09-03 | won    | SEO     | anna       | 500.00      |
    3       | 2026-09-01 | 2026-09-03 | won    | SEO     | boris      | 1500.00     | 100.00
    4       | 2026-09-01 | 2026-09-04 | lost   | SEO     | clara      | 9000.00     | 4000.00
    5       | 2026-09-05 |            | open   | SEO     | clara      | 8000.00     | 4000.00
"""


def test_clients_revenue_and_profit_come_from_won_deals():
    """Two clients of three won deals; a deal without cogs costs nothing; lost and open ones bring nothing."""
    check_metric(
        "channel_period",
        given={"deals": DEALS},
        expect="""
        period_start | clients | new_clients | deals_won | revenue_rub | gross_profit_rub
        2026-09-01   | 2       | 2           | 3         | 3000.00     | 2600.00
        """,
    )


def test_ratios_of_money_and_clients():
    """1 500 ₽ of spend and 3 calls brought 2 new clients, 3 000 ₽ of revenue and 2 600 ₽ of gross profit."""
    check_metric(
        "channel_period",
        given={"calls": CALLS, "ad_spend": SPEND, "deals": DEALS},
        expect="""
        cac_rub | romi                 | drr         | conversion | clients_per_10_calls
        750.00  | (2600 - 1500) / 1500 | 1500 / 3000 | 2 / 3      | 10 * 2 / 3
        """,
    )


def test_a_settled_deal_is_dated_by_its_closing_an_open_one_by_its_creation():
    """A won deal without closing takes its creation; one closed after as_of is not yet won and is dated by creation."""
    check_metric(
        "channel_period",
        given={
            "deals": """
            deal_id | created_on | closed_on  | status | channel | client_key | revenue_rub
            1       | 2026-07-20 |            | won    | SEO     | a          | 1
            2       | 2026-08-20 | 2026-10-01 | won    | VK      | b          | 20
            3       | 2026-08-20 | 2026-09-30 | won    | SEO     | c          | 300
            """
        },
        expect="""
        period_start | channel | deals_won | clients | revenue_rub
        2026-07-01   | SEO     | 1         | 1       | 1.00
        2026-07-01   | VK      | 0         | 0       | 0.00
        2026-08-01   | SEO     | 0         | 0       | 0.00
        2026-08-01   | VK      | 0         | 0       | 0.00
        2026-09-01   | SEO     | 1         | 1       | 300.00
        2026-09-01   | VK      | 0         | 0       | 0.00
        """,
    )


def test_free_deals_are_no_clients_and_refunds_lower_revenue_only():
    """0 ₽ and an unknown amount are no deals won; refunds lower revenue; cogs count: -400 + 40 - 7 - 8."""
    check_metric(
        "channel_period",
        given={
            "deals": """
            deal_id | closed_on  | status | channel | client_key | revenue_rub | cogs_rub
            1       | 2026-08-02 | won    | SEO     | anna       | 1000.00     | 100
            2       | 2026-09-02 | won    | SEO     | anna       | -400.00     | -40
            3       | 2026-09-02 | won    | SEO     | boris      | 0.00        | 7
            4       | 2026-09-02 | won    | SEO     | clara      |             | 8
            """
        },
        expect="""
        period_start | deals_won | clients | new_clients | revenue_rub | gross_profit_rub
        2026-08-01   | 1         | 1       | 1           | 1000.00     | 900.00
        2026-09-01   | 0         | 0       | 0           | -400.00     | -375.00
        """,
    )


def test_a_client_is_new_once_in_the_channel_of_the_first_deal():
    """On one day the smallest deal_id as text is the first: 10 comes before 9."""
    check_metric(
        "channel_period",
        given={
            "deals": """
            deal_id | closed_on  | status | channel | client_key | revenue_rub
            9       | 2026-08-02 | won    | SEO     | anna       | 1
            10      | 2026-08-02 | won    | VK      | anna       | 1
            11      | 2026-09-02 | won    | SEO     | anna       | 1
            12      | 2026-09-02 | won    | SEO     |            | 1
            """
        },
        expect="""
        period_start | channel | clients | new_clients | deals_won
        2026-08-01   | SEO     | 1       | 0           | 1
        2026-08-01   | VK      | 1       | 1           | 1
        2026-09-01   | SEO     | 1       | 0           | 2
        2026-09-01   | VK      | 0       | 0           | 0
        """,
    )


ATTRIBUTION_CALLS = """
    started_at          | phone       | channel | direction | is_answered | call_id
    2026-06-01 10:00:00 | 70000000001 | Old     | in        | true        | 1
    2026-06-03 10:00:00 | 70000000001 | First   | in        | false       | 2
    2026-08-31 10:00:00 | 70000000001 | Late b  | in        | true        | 4
    2026-08-31 10:00:00 | 70000000001 | Last    | in        | true        | 3
    2026-09-01 10:00:00 | 70000000001 |         | in        | true        | 5
    2026-09-01 10:00:00 | 70000000001 | Out     | out       | true        | 6
    2026-09-02 00:00:00 | 70000000001 | After   | in        | true        | 7
"""
BLANK_DEAL = """
    deal_id | created_on | closed_on  | status | channel | phone       | client_key | revenue_rub
    1       | 2026-09-01 | 2026-09-20 | won    |         | 70000000001 | anna       | 100
    2       | 2026-09-01 | 2026-09-20 | won    | Own     | 70000000001 | anna       | 20
    3       | 2026-09-01 | 2026-09-20 | won    |         | 70000000002 | boris      | 3
"""


def test_a_deal_without_channel_takes_that_of_the_last_or_first_call():
    """Within 90 days to the day before its creation, not after that day; of one second the first id; else nobody's."""
    for model, channel in (("last", "Last"), ("first", "First")):
        given = {"calls": ATTRIBUTION_CALLS, "deals": BLANK_DEAL}
        channels = {"Old": 0, "First": 0, "Late b": 0, "Last": 0, "Out": 0, "After": 0, "Own": 20, "Не указан": 3}
        channels[channel] = 100
        rows = "\n".join(f"2026-09-01 | {name} | {revenue}.00" for name, revenue in channels.items())
        earlier = "\n".join(
            f"{day} | {name} | 0.00" for day in ("2026-06-01", "2026-07-01", "2026-08-01") for name in channels
        )
        check_metric(
            "channel_period",
            given=given,
            attribution_model=model,
            expect=f"period_start | channel | revenue_rub\n{rows}\n{earlier}",
        )


def test_rows_dated_after_as_of_count_nowhere():
    """Neither as calls nor as a channel, a period, or a call that a deal could take its channel from."""
    check_metric(
        "channel_period",
        as_of=date(2026, 9, 15),
        given={
            "calls": """
            started_at          | phone       | channel
            2026-09-15 23:59:59 | 70000000001 | SEO
            2026-09-16 00:00:00 | 70000000002 | VK
            """,
            "ad_spend": "spend_on | channel | spend_rub\n2026-09-16 | SEO | 100",
            "leads": "created_at | channel\n2026-09-16 00:00 | SEO",
            "deals": "created_on | channel | status | revenue_rub\n2026-09-16 | TV | open | 1",
        },
        expect="""
        period_start | channel | calls | spend_rub | leads | is_complete
        2026-09-01   | SEO     | 1     | 0.00      | 0     | false
        """,
    )


def test_every_period_has_every_channel_from_the_first_row_to_as_of():
    """Also where the first row is an outgoing call or an open deal; weeks begin on Monday."""
    check_metric(
        "channel_period",
        as_of=date(2026, 9, 9),
        given={
            "calls": "started_at | channel | direction\n2026-08-30 10:00 | SEO | out",
            "deals": "created_on | channel | status | revenue_rub\n2026-09-08 | TV | open | 1",
        },
        grains=["week", "month"],
        expect="""
        grain | period_start | channel | calls | deals_won | is_complete
        week  | 2026-08-24   | SEO     | 0     | 0         | true
        week  | 2026-08-31   | SEO     | 0     | 0         | true
        week  | 2026-09-07   | SEO     | 0     | 0         | false
        month | 2026-08-01   | SEO     | 0     | 0         | true
        month | 2026-09-01   | SEO     | 0     | 0         | false
        week  | 2026-08-24   | TV      | 0     | 0         | true
        week  | 2026-08-31   | TV      | 0     | 0         | true
        week  | 2026-09-07   | TV      | 0     | 0         | false
        month | 2026-08-01   | TV      | 0     | 0         | true
        month | 2026-09-01   | TV      | 0     | 0         | false
        """,
    )


def test_days_and_years_are_built_on_request():
    """A year that still runs is not complete."""
    check_metric(
        "channel_period",
        as_of=date(2026, 1, 1),
        given={"calls": "started_at | channel\n2025-12-31 10:00 | SEO\n2026-01-01 10:00 | SEO\n2026-01-01 11:00 | SEO"},
        grains=["day", "year"],
        expect="""
        grain | period_start | calls | is_complete
        day   | 2025-12-31   | 1     | true
        day   | 2026-01-01   | 2     | true
        month | 2025-12-01   | 1     | true
        month | 2026-01-01   | 2     | false
        year  | 2025-01-01   | 1     | true
        year  | 2026-01-01   | 2     | false
        """,
    )
