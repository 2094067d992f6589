-- What a known phone, a sale, a thing without a name is: said here once, for all SQL of the project.
-- A call of one of these stands in a query like a function's; config/macros.py writes its meaning there before the query
-- is run, so that views, other engines and those who open the warehouse with a tool of their own need to know none of them.

create macro is_known_phone(phone) as (length(phone) = 11 and phone like '7%');
create macro known_phone(phone) as case when is_known_phone(phone) then phone end;

-- an id bears its zeros, its № and its # in one export and loses them in another; most ids have none to trim
create macro same_id(id) as case when id < '1' or id >= '№' then ltrim(id, '№# 0') else id end;

-- free orders and refunds are no sales
create macro is_sale(status, revenue_rub) as (status = 'won' and revenue_rub > 0);
create macro opened_on(created_on, closed_on) as coalesce(created_on, closed_on);
create macro settled_on(created_on, closed_on) as coalesce(closed_on, created_on);

create macro is_inbound(direction) as (coalesce(direction, 'in') = 'in');
create macro was_answered(is_answered, talk_seconds) as coalesce(is_answered, talk_seconds > 0);

-- a channel or a manager that nobody named, and all of them together
create macro unnamed() as 'Не указан';
create macro named(name) as coalesce(name, unnamed());
create macro all_together() as 'Всего';
-- by a name that no row bears nothing can be counted; what nobody named, and all together, always can
create macro is_counted_by(are_named, name) as (are_named or name in (unnamed(), all_together()));

-- whether figures are asked for by days, weeks, months or years: metrics.asked_grain has a row of each that is
create macro is_asked(its_grain, figures) as its_grain in (
    select grain from metrics.asked_grain where table_name = figures
);

-- the last day of a period; intervals are added apart, since Spark takes no case of months and of days
create macro ends_on(grain, period_start) as cast(
    case grain
        when 'day' then period_start
        when 'week' then period_start + 6
        when 'month' then period_start + interval 1 month - interval 1 day
        when 'year' then period_start + interval 1 year - interval 1 day
    end as date
);

-- what was not counted is unknown; where it was, nothing found is zero
create macro counted_if(is_counted, amount) as case when is_counted then coalesce(amount, 0) end;

-- names are compared trimmed, case-folded, ё as е
create macro folded(name) as replace(lower(trim(name)), 'ё', 'е');

-- unknown, not infinite, where nothing divides
create macro ratio(above, below) as (cast(above as double) / nullif(cast(below as double), 0));
create macro roubles(amount) as cast(round(amount, 2) as decimal(18, 2));

-- the first names of a list, in its order
create macro first_few(names) as (
    array_to_string(list_slice(names, 1, 3), ', ') || case when len(names) > 3 then ', …' else '' end
);

-- what stands in payments that are no transfer between accounts of one owner
create macro is_trade(said) as regexp_matches(
    lower(said),
    'оплат[а-я]* (по|за|сч)|по сч[её]ту?( |$|-)|за (услуг|товар|работ)|по заказ|накладн'
        || '|аренд|зарплат|заработн|налог|комисси'
);
-- what banks write of money that somebody else took from the buyers: for cards, a marketplace, a payment service
create macro is_paid_by_others(said) as regexp_matches(
    lower(said),
    'эквайринг|acquiring|мерчант|по терминал|операци[а-я]* с [а-я ]*карт|по [а-я ]*картам'
        || '|(?:оплат|перечислен|выплат|возмещен|зачислен|реестр|договор|оферт|вознагражден)[^;]*(?:'
        || 'интернет решени|озон|ozon|вайлдберриз|wildberries|яндекс.?маркет|мегамаркет|сдэк'
        || '|ю ?касс|yookassa|юмани|yoomoney|робокасс|robokassa|продамус|prodamus|cloudpayments|геткурс|getcourse|сбп)'
);
