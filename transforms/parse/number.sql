-- Numbers, counts, shares and durations: the whole of a text against a grammar, never by deleting characters.

-- one mark and exactly three digits: thousands to one reader, thousandths to another
create macro two_readings() as '[1-9][0-9]{0,2}[.,][0-9]{3}';
-- a count has no fraction, unless it is nothing; so only here the two readings differ
create macro two_whole_readings() as '[1-9][0-9]{0,2}[.,]000';
create macro odd_thousands() as '[1-9][0-9]{0,2}[.,](?:[0-9]{2}[1-9]|[0-9][1-9]0|[1-9]00)';

create macro pointed(digits) as replace(digits, ',', '.');
create macro spaceless(digits) as replace(replace(digits, ' ', ''), '''', '');
create macro markless(digits) as replace(replace(digits, ',', ''), '.', '');

-- `1.234` where the column's decimal mark is known
create macro settled_number(digits, decimal_mark) as case
    when decimal_mark = ',' then replace(replace(digits, '.', ''), ',', '.')
    when decimal_mark = '.' then replace(digits, ',', '')
end;

-- digits with marks → digits with a decimal point; NULL where no way of writing fits
create macro number_text(digits, decimal_mark, is_whole) as case
    when regexp_full_match(digits, '[0-9]+(?:[.,](?:[0-9]{1,2}|[0-9]{4,}))?|0[0-9]*[.,][0-9]+|[0-9]{4,}[.,][0-9]+')
        then pointed(digits)
    when regexp_full_match(digits, '[0-9]{1,3}(?:[ ''][0-9]{3})+(?:[.,][0-9]+)?') then pointed(spaceless(digits))
    when regexp_full_match(digits, '[0-9]{1,3}(?:[.][0-9]{3})+,[0-9]+|[0-9]{1,3}(?:[.][0-9]{3}){2,}')
        then pointed(replace(digits, '.', ''))
    when regexp_full_match(digits, '[0-9]{1,3}(?:,[0-9]{3})+[.][0-9]+|[0-9]{1,3}(?:,[0-9]{3}){2,}')
        then replace(digits, ',', '')
    when is_whole and regexp_full_match(digits, odd_thousands()) then markless(digits)
    when decimal_mark is not null and regexp_full_match(digits, two_readings())
        then settled_number(digits, decimal_mark)
    when regexp_full_match(digits, '[.,][0-9]+') then '0' || pointed(digits)
end;

-- the same with a sign before it, or in brackets, which make it negative
create macro signed_number_text(tidied, decimal_mark, is_whole) as let(
    regexp_extract(tidied, '^([(])?([-+])? ?([0-9.,'' ]*[0-9])([)])?$', ['bracket', 'sign', 'digits', 'closing']),
    lambda signed: case when (signed.bracket = '(') = (signed.closing = ')')
        then if(signed.bracket = '(' or signed.sign = '-', '-', '')
            || number_text(signed.digits, decimal_mark, is_whole) end
);

-- a number as plain text; a marked one is its own text, with a dot; no other marked cell is one
create macro any_number_text(cell, decimal_mark, is_whole) as case
    when is_number(cell) then marked_number(cell)
    when is_dated(cell) then null
    else signed_number_text(tidy(cell), decimal_mark, is_whole)
end;

create macro has_two_readings(tidied, decimal_mark, is_whole) as (
    decimal_mark is null and regexp_full_match(
        tidied, '[-+(]? ?' || if(is_whole, two_whole_readings(), two_readings()) || '[)]?'
    )
);

create macro exact_number(cell, decimal_mark) as
    try_cast(any_number_text(cell, decimal_mark, true) as decimal(38,10));

-- a whole number of things: `1 234`, `1,234`, `12,0`
create macro count_of(cell, decimal_mark) as coalesce(plain_bigint(cell), case when cell <> '' then let(
    exact_number(cell, decimal_mark),
    lambda exact: case when exact = round(exact, 0) then try_cast(exact as bigint) end
) end);
create macro why_no_count(cell, decimal_mark) as why(cell, case
    when is_dated(cell) then 'cell_is_date'
    when has_two_readings(tidy(cell), decimal_mark, true) then 'ambiguous_number'
    when exact_number(cell, decimal_mark) is not null then 'not_whole'
end, 'not_a_count');


-- any number: DOUBLE; one with a per cent sign is a share
create macro without_per_cent(cell) as rtrim(tidy(cell), '% ');
create macro number_of(cell, decimal_mark) as coalesce(plain_bigint(cell)::double, case
    when contains(cell, '%')
        then try_cast(signed_number_text(without_per_cent(cell), decimal_mark, false) as double) / 100
    when cell <> '' then try_cast(any_number_text(cell, decimal_mark, false) as double)
end);
create macro why_no_number(cell, decimal_mark) as why(cell, case
    when is_dated(cell) then 'cell_is_date'
    when has_two_readings(without_per_cent(cell), decimal_mark, false) then 'ambiguous_number'
end, 'not_a_number');

-- a share: `1,67 %` is 0.0167, a number without a per cent sign is a share already
create macro share_of(cell, decimal_mark) as number_of(cell, decimal_mark);
create macro why_no_share(cell, decimal_mark) as why(cell, case
    when is_dated(cell) then 'cell_is_date'
    when has_two_readings(without_per_cent(cell), decimal_mark, false) then 'ambiguous_number'
end, 'not_a_share');

-- a workbook's number: below one it is a fraction of a day; whole or large, seconds; between, nobody can tell
create macro seconds_of_number(figure) as let(
    try_cast(figure as double),
    lambda amount: case
        when amount < 1 then round(amount * 86400)
        when amount = round(amount) or amount >= 10 then round(amount)
    end
);
-- a bare number of minutes, hours or milliseconds; NULL for all that says itself what it is
create macro seconds_counted(cell, each) as let(
    regexp_extract(if(is_number(cell), marked(cell), tidy(cell)), '^([0-9]+(?:[.,][0-9]+)?)$', 1),
    lambda bare: round(try_cast(replace(bare, ',', '.') as double) * each)::bigint
);
-- a time of day in a workbook is a moment of its first days
create macro since_first_day(shown) as epoch(try_cast(shown as timestamp)) - epoch(timestamp '1899-12-30');
create macro seconds_of_time(shown) as case
    when since_first_day(shown) between 0 and 172800 then since_first_day(shown)
    when strlen(shown) < 10 then epoch(try_cast(shown as time))
end;
create macro seconds_in(parts) as (
    coalesce(try_cast(parts.hours as bigint), 0) * 3600
    + coalesce(try_cast(parts.minutes as bigint), 0) * 60
    + coalesce(try_cast(parts.seconds as bigint), 0) * 1
)::double;
-- two parts are minutes and seconds, three start with hours
create macro seconds_of_clock(tidied) as let(
    regexp_extract(
        tidied, '^(?:([0-9]+):)?([0-9]+):([0-5]?[0-9])(?:[.,][0-9]+)?$', ['hours', 'minutes', 'seconds']
    ),
    lambda clock: case
        when concat(clock.hours, clock.minutes, clock.seconds) <> ''
            and (clock.hours = '' or try_cast(clock.minutes as bigint) < 60)
        then seconds_in(clock) end
);
create macro seconds_of_words(tidied) as let(
    regexp_extract(
        tidied,
        '^(?:([0-9]+) ?(?:часов|часа|час|ч|h|hours?)[.]?,?)? ?'
        || '(?:([0-9]+) ?(?:минуты|минута|минут|мин|м|minutes?|min|m)[.]?,?)? ?'
        || '(?:([0-9]+) ?(?:секунды|секунда|секунд|сек|с|seconds?|sec|s)[.]?)?$',
        ['hours', 'minutes', 'seconds']
    ),
    lambda spelled: case when concat(spelled.hours, spelled.minutes, spelled.seconds) <> ''
        then seconds_in(spelled) end
);
create macro any_seconds(cell, tidied) as case
    when is_number(cell) then seconds_of_number(marked(cell))
    when is_duration(cell) then round(try_cast(marked(cell) as double))
    when is_moment(cell) then seconds_of_time(marked(cell))
    when contains(tidied, ':') then seconds_of_clock(tidied)
    when regexp_full_match(tidied, '[0-9]{1,9}(?:[.,]0+)?') then try_cast(pointed(tidied) as double)
    else seconds_of_words(tidied)
end;
-- digits, `MM:SS`, `H:MM:SS`, words, a workbook's duration or fraction of a day
create macro seconds_of(cell) as coalesce(
    case when strlen(cell) < 10 then plain_uinteger(cell)::bigint end,
    case when cell <> '' then let(tidy(cell), lambda duration: let(any_seconds(cell, duration), lambda lasted:
        case when lasted between 0 and 999999999 then lasted::bigint end
    )) end
);
-- a duration that a workbook holds as one, or as a fraction of a day
create macro typed_seconds(cell) as case
    when is_duration(cell) or is_moment(cell) then seconds_of(cell)
    when is_number(cell) and not contains(cell, ' ') and try_cast(marked(cell) as double) % 1 <> 0 then seconds_of(cell)
end;
-- hours and minutes that were minutes and seconds
create macro seconds_of_minutes(cell) as coalesce(
    typed_seconds(cell) // 60,
    case when regexp_full_match(cell, '[0-9]+:[0-9]{2}:00') then seconds_of(cell) // 60 end,
    seconds_of(cell)
);
create macro why_no_seconds(cell) as why(
    cell,
    case when regexp_full_match(tidy(cell), '[0-9]+[.,][0-9]+') then 'fraction_of_seconds' end,
    'not_a_duration'
);
