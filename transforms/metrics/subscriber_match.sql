-- One row per won deal or refund that may be a subscriber's, later ones than as_of too: the earliest subscribed
-- of those with the same id, phone and e-mail.
with
deals as (
    select
        source,
        source_file,
        source_row,
        settled_on as day_on,
        revenue_rub > 0 as is_won,
        revenue_rub,
        client_id,
        phone,
        email
    from metrics.dated_deal
    where status = 'won'
),
ids as (
    select
        subscriber_id as client_id,
        min(subscriber_no) as subscriber_no,
        min(subscribed_on) as subscribed_on
    from metrics.subscriber
    where subscriber_id in (select client_id from deals)
    group by all
),
phones as (
    select
        phone,
        min(subscriber_no) as subscriber_no,
        min(subscribed_on) as subscribed_on
    from metrics.subscriber
    where phone in (select phone from deals)
    group by all
),
emails as (
    select
        email,
        min(subscriber_no) as subscriber_no,
        min(subscribed_on) as subscribed_on
    from metrics.subscriber
    where email in (select email from deals)
    group by all
),
final as (
    select
        deals.source,
        deals.source_file,
        deals.source_row,
        deals.day_on,
        deals.is_won,
        deals.revenue_rub,
        ids.subscriber_no as id_no,
        ids.subscribed_on as id_on,
        phones.subscriber_no as phone_no,
        phones.subscribed_on as phone_on,
        emails.subscriber_no as email_no,
        emails.subscribed_on as email_on
    from deals
    left join ids using (client_id)
    left join phones using (phone)
    left join emails using (email)
    where coalesce(ids.subscriber_no, phones.subscriber_no, emails.subscriber_no) is not null
)
select * from final
