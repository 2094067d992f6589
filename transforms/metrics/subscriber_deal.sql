-- One row per won deal or refund of a subscriber: same id, else phone, else e-mail; of several, the earliest subscribed.
with
subscribers as (
    select *
    from metrics.subscriber
    where subscribed_on <= getvariable('as_of')
),
ids as (
    select
        subscriber_id as client_id,
        min(subscriber_no) as subscriber_no
    from subscribers
    group by all
),
phones as (
    select
        phone,
        min(subscriber_no) as subscriber_no
    from subscribers
    where phone is not null
    group by all
),
emails as (
    select
        email,
        min(subscriber_no) as subscriber_no
    from subscribers
    where email is not null
    group by all
),
matched as (
    select
        deals.source,
        deals.source_file,
        deals.source_row,
        deals.day_on,
        deals.is_won,
        deals.revenue_rub,
        coalesce(ids.subscriber_no, phones.subscriber_no, emails.subscriber_no) as subscriber_no
    from metrics.deal as deals
    left join ids using (client_id)
    left join phones using (phone)
    left join emails using (email)
    where deals.status = 'won'
),
final as (
    select
        matched.*,
        subscribers.subscribed_on
    from matched
    inner join subscribers using (subscriber_no)
)
select * from final
