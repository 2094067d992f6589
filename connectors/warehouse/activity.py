"""Subscribers, their history and won deals → the days they were active, beside those of an activity export."""

from __future__ import annotations

from typing import Any

from config.macros import expanded

DERIVED = """
delete from loaded.activity_derived;
insert into loaded.activity_derived
with
subscribers as (select * from staged.subscribers),
configured as (select distinct source from ops.files where table_name = 'subscribers'),
won as (
    select source, source_file, source_row, client_id, phone, email, settled_on(created_on, closed_on) as active_on
    from staged.deals where status = 'won' and coalesce(revenue_rub, 0) >= 0
),
by_id as (
    select subscriber_id as id, min_by(subscriber_id, (subscribed_on, subscriber_id)) as subscriber_id
    from subscribers semi join won on won.client_id = subscribers.subscriber_id group by 1
),
by_phone as (
    select phone as id, min_by(subscriber_id, (subscribed_on, subscriber_id)) as subscriber_id
    from subscribers semi join won on won.phone = subscribers.phone
    where is_known_phone(phone) group by 1
),
by_email as (
    select email as id, min_by(subscriber_id, (subscribed_on, subscriber_id)) as subscriber_id
    from subscribers semi join won on won.email = subscribers.email group by 1
),
bought as (
    select coalesce(by_id.subscriber_id, by_phone.subscriber_id, by_email.subscriber_id) as subscriber_id,
        won.active_on, won.source, won.source_file, won.source_row
    from won
    left join by_id on by_id.id = won.client_id
    left join by_phone on by_phone.id = won.phone
    left join by_email on by_email.id = won.email
)
select subscriber_id, subscribed_on, 'subscribed', source, source_file, source_row from subscribers
union all
select subscriber_id, on_date, 'seen', source, min(source_file), null
    from loaded.history semi join configured using (source) where kind = 'seen' group by subscriber_id, on_date, source
union all
select subscriber_id, active_on, 'deal', source, source_file, source_row
    from bought where subscriber_id is not null and active_on is not null
"""


def derive(connection: Any) -> None:
    """Fill `loaded.activity_derived`, which `staged.activity` shows after the rows of activity exports."""
    connection.execute(expanded(DERIVED))
