-- One row per won deal or refund of a subscriber: same id, else phone, else e-mail; of several, the earliest subscribed.
-- A view.
with
matched as (
    select
        source,
        source_file,
        source_row,
        day_on,
        is_won,
        revenue_rub,
        -- who subscribed after as_of is not there yet
        case
            when id_on <= getvariable('as_of') then id_no
            when phone_on <= getvariable('as_of') then phone_no
            when email_on <= getvariable('as_of') then email_no
        end as subscriber_no,
        case
            when id_on <= getvariable('as_of') then id_on
            when phone_on <= getvariable('as_of') then phone_on
            when email_on <= getvariable('as_of') then email_on
        end as subscribed_on
    from metrics.subscriber_match
    where day_on <= getvariable('as_of')
)
select *
from matched
where subscriber_no is not null
