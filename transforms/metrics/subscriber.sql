-- One row per staged subscriber, later ones than as_of too, numbered from the earliest subscribed.
with
final as (
    select
        row_number() over (
            order by subscribed_on, subscriber_id, source, source_file, source_row
        ) as subscriber_no,
        source,
        source_file,
        source_row,
        subscriber_id,
        subscribed_on,
        unsubscribed_on,
        case when length(phone) = 11 and phone like '7%' then phone end as phone,
        email
    from staged.subscribers
)
select * from final
