-- One row: which names the rows of each table bear by as_of. Where rows are there and none names a channel (manager, person),
-- what is counted by channel (manager, person) is unknown, not zero; the row of those that nobody named holds all of it.
with
calls as (
    select
        count(*) = 0 or count(*) filter (where channel <> unnamed()) > 0 as call_channels,
        count(*) = 0 or count(*) filter (where manager <> unnamed()) > 0 as call_managers,
        count(*) = 0 or count(*) filter (where known_rows > 0) > 0 as call_persons
    from metrics.call_day
    where day_on <= getvariable('as_of')
),
deals as (
    select
        -- a call that brought a deal names its channel
        count(*) = 0 or count(*) filter (where channel <> unnamed()) > 0 as deal_channels,
        count(*) = 0 or count(*) filter (where manager <> unnamed()) > 0 as deal_managers
    from metrics.deal
),
persons as (
    select
        count(*) = 0 or count(client_key) > 0 as deal_persons,
        count(*) = 0 or count(client_id) > 0 as ids,
        count(phone) > 0 as phones,
        count(email) > 0 as emails
    from staged.deals
    where opened_on(created_on, closed_on) <= getvariable('as_of')
        or (status in ('won', 'lost') and settled_on(created_on, closed_on) <= getvariable('as_of'))
),
spend as (
    select count(*) = 0 or count(channel) > 0 as spend_channels
    from staged.ad_spend
    where spend_on <= getvariable('as_of')
),
leads as (
    select count(*) = 0 or count(channel) > 0 as lead_channels
    from staged.leads
    where created_at < getvariable('as_of') + 1
),
subscribers as (
    select
        count(*) = 0 or count(channel) > 0 as subscriber_channels,
        count(*) = 0 as is_empty,
        count(phone) > 0 as phones,
        count(email) > 0 as emails
    from staged.subscribers
    where subscribed_on <= getvariable('as_of')
),
answers as (
    select
        count(*) = 0 or count(manager) > 0 as answer_managers,
        count(*) = 0 or count(client_key) > 0 as answer_persons
    from staged.survey_answers
    where answered_on <= getvariable('as_of')
),
final as (
    select
        calls.call_channels,
        calls.call_managers,
        calls.call_persons,
        deals.deal_channels,
        deals.deal_managers,
        persons.deal_persons,
        spend.spend_channels,
        leads.lead_channels,
        subscribers.subscriber_channels,
        -- a list of e-mails and sales with phones: who of the list bought, nothing says
        persons.ids or subscribers.is_empty or (persons.phones and subscribers.phones) or (persons.emails and subscribers.emails)
            as subscriber_persons,
        answers.answer_managers,
        answers.answer_persons
    from calls
    cross join deals
    cross join persons
    cross join spend
    cross join leads
    cross join subscribers
    cross join answers
)
select * from final
