-- One row per staged subscriber, later ones than as_of too; of two numbers the smaller one is of the earlier subscribed.
with
final as (
    select
        -- days are numbered apart, which spares one long sort
        cast(date_diff('day', date '1900-01-01', subscribed_on) as bigint) * 1000000000
        + row_number() over (
            partition by subscribed_on
            order by subscriber_id, source, source_file, source_row
        ) as subscriber_no,
        source,
        source_file,
        source_row,
        subscriber_id,
        subscribed_on,
        unsubscribed_on,
        known_phone(phone) as phone,
        email
    from staged.subscribers
)
select * from final
