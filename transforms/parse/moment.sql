-- Dates and moments, as the client's local time. A form that fills columns costs one strptime, any other more.
-- `date_order` is 'dmy' or 'mdy', NULL where nothing decided it; `source_zone` where the source keeps its moments,
-- `client_zone` the client's: NULL where nothing is to be shifted.

create macro in_range(found) as case when year(found) between 1990 and 2100 then found end;
create macro shifted(found, source_zone, client_zone) as case
    when source_zone is null or client_zone is null or source_zone = client_zone then found
    else timezone(client_zone, timezone(source_zone, found))
end;
create macro from_utc(found, client_zone) as case
    when client_zone is null then found
    else timezone(client_zone, timezone('UTC', found))
end;

-- seconds (or milliseconds) since 1970 are UTC, whatever zone the source keeps otherwise
create macro unix_moment(count, client_zone) as let(count, lambda since: from_utc(make_timestamp(case
    when since between 0 and 9999999999 then since * 1000000
    when since <= 9999999999999 then since * 1000
end), client_zone));
create macro moment_of_unix(cell, client_zone) as let(
    unix_moment(
        coalesce(plain_bigint(cell), try_cast(regexp_extract(tidy(cell), '^([0-9]+)(?:[.]0*)?$', 1) as bigint)),
        client_zone
    ),
    lambda counted: in_range(counted)
);

-- the forms that fill whole columns, told apart by length and by where the separator stands
create macro dotted(date_order) as if(date_order = 'mdy', '%m.%d.%Y', '%d.%m.%Y');
create macro dotted_or_iso(cell, date_order, time) as case
    when substr(cell, 3, 1) = '.' then try_strptime(cell, dotted(date_order) || time)
    when substr(cell, 5, 1) = '-' then try_strptime(cell, '%Y-%m-%d' || time)
end;
-- eight digits that only the year can begin
create macro is_bare_day(digits) as
    regexp_full_match(digits, '(?:199|20[0-9])[0-9](?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])');
-- the range, asked of the text: asked of the moment it would have to name all forms twice
create macro has_usual_year(cell) as
    substr(cell, case when substr(cell, 3, 1) = '.' then 7 else 1 end, 4) between '1990' and '2100';
-- a day that a workbook holds as one has no time of day, or midnight, and is not shifted
create macro typed_moment(cell, source_zone, client_zone) as case when substr(cell, 2, 4) between '1990' and '2100' then
    case length(cell)
        when 11 then try_strptime(cell, moment_mark() || '%Y-%m-%d')
        when 20 then case
            when ends_with(cell, ' 00:00:00') then try_strptime(cell, moment_mark() || '%Y-%m-%d %H:%M:%S')
            else shifted(try_strptime(cell, moment_mark() || '%Y-%m-%d %H:%M:%S'), source_zone, client_zone)
        end
    end
end;
create macro usual_moment(cell, date_order, source_zone, client_zone) as case
    when is_moment(cell) then typed_moment(cell, source_zone, client_zone)
    when has_usual_year(cell) then coalesce(
        shifted(
            case
                when strlen(cell) between 18 and 19 then dotted_or_iso(cell, date_order, ' %H:%M:%S')
                when strlen(cell) = 16 then dotted_or_iso(cell, date_order, ' %H:%M')
            end,
            source_zone, client_zone
        ),
        case strlen(cell)
            when 10 then dotted_or_iso(cell, date_order, '')
            when 8 then case when is_bare_day(cell) then try_strptime(cell, '%Y%m%d') end
        end
    )
end;

-- a workbook's number of days: a typed number, or bare digits that are plausible as one
-- the epoch: developers.google.com/sheets/api/guides/formats
create macro is_serial(cell, tidied) as (
    is_number(cell) and try_cast(tidied as double) < 100000
    or regexp_full_match(tidied, '[34][0-9]{4}(?:[.,][0-9]+)?|5[0-9]{4}(?:[.,][0-9]+)?|60000')
);
create macro moment_of_serial(tidied, source_zone, client_zone) as let(
    try_cast(pointed(tidied) as double),
    lambda days: case
        when days = round(days) then timestamp '1899-12-30' + to_days(try_cast(round(days) as integer))
        else shifted(timestamp '1899-12-30' + to_seconds(round(days * 86400)), source_zone, client_zone)
    end
);

create macro year_first() as '([0-9]{4})([-/.])([0-9]{1,2})([-/.])([0-9]{1,2})';
create macro year_last() as '([0-9]{1,2})([-/.])([0-9]{1,2})([-/.])([0-9]{4}|[0-9]{2})(?: ?г[.]?)?';
create macro any_written_moment() as
    '^(?:(?:пн|вт|ср|чт|пт|сб|вс|пон|сре|чет|пят|суб|mon|tue|wed|thu|fri|sat|sun)[a-zа-я]*[.]?,? )?'
    || '(?:' || year_first() || '|' || year_last()
    || '|(?:([0-9]{1,2})(?:-?го)? )?([a-zа-яё]{3,})[.]?,? ([0-9]{4})(?: ?(?:года|год|г[.]?))?'
    || '|([a-z]{3,})[.]? ([0-9]{1,2}),? ([0-9]{4})'
    || '|([0-9]{4})-([0-9]{2})|([0-9]{1,2})[./]([0-9]{4}))'
    || '(?:(?:t| +|, ?| в )([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)? ?([ap]m)?'
    || ' ?(z|(?:utc|gmt)?[-+][0-9]{1,2}(?::?[0-9]{2})?|utc|gmt)?)?(?: ?[(][^()]*[)])?$';
-- digits without marks, as days and moments are written with them; «авг.26», as Excel shows a month, with its century
create macro spread(tidied) as case
    when regexp_full_match(tidied, '[a-zа-яё]{3,8}[.''-][0-9]{2}')
        then regexp_replace(tidied, '^([a-zа-яё]+).(..)$', '\1 20\2')
    when regexp_full_match(tidied, '[0-9]{8}') then if(
        is_bare_day(tidied),
        regexp_replace(tidied, '^(....)(..)(..)$', '\1-\2-\3'), regexp_replace(tidied, '^(..)(..)(....)$', '\1.\2.\3')
    )
    else regexp_replace(
        tidied, '^([0-9]{4})([0-9]{2})([0-9]{2})t?([0-9]{2})([0-9]{2})([0-9]{2})', '\1-\2-\3t\4:\5:\6'
    )
end;
-- what the groups hold; those of the forms that do not fit are empty
create macro moment_parts(tidied) as regexp_extract(
    spread(tidied),
    any_written_moment(),
    [
        'year', 'mark', 'month', 'mark_again', 'day',
        'first', 'sep', 'second_number', 'sep_again', 'short_year',
        'word_day', 'word', 'word_year',
        'en_word', 'en_day', 'en_year',
        'iso_year', 'iso_month', 'dotted_month', 'dotted_year',
        'hour', 'minute', 'second', 'half', 'zone'
    ]
);

-- dots are Russian
create macro is_day_first(parts, date_order) as case
    when date_order is not null then date_order = 'dmy'
    else parts.sep = '.' or parts.first::int > 12 or parts.second_number::int <= 12
end;
-- without an order of the column, only a date with one possible reading is read
create macro has_one_reading(parts, date_order) as (
    date_order is not null or parts.first = '' or parts.sep = '.' or parts.first::int > 12
    or parts.second_number::int > 12 or parts.first::int = parts.second_number::int
);
create macro century(short_year) as
    case when strlen(short_year) = 2 then if(short_year >= '90', '19', '20') else '' end;
create macro written_year(parts) as concat(
    parts.year, century(parts.short_year), parts.short_year, parts.word_year, parts.en_year, parts.iso_year,
    parts.dotted_year
);
create macro month_number(word) as coalesce(meaning_of(replace(word, 'ё', 'е'), month_numbers()), '');
create macro written_month(parts, date_order) as case
    when parts.first <> '' then if(is_day_first(parts, date_order), parts.second_number, parts.first)
    when parts.word <> '' or parts.en_word <> '' then month_number(parts.word || parts.en_word)
    else concat(parts.month, parts.iso_month, parts.dotted_month)
end;
create macro written_day(parts, date_order) as case
    when parts.first <> '' then if(is_day_first(parts, date_order), parts.first, parts.second_number)
    else coalesce(nullif(concat(parts.day, parts.word_day, parts.en_day), ''), '1')
end;
create macro hour_of_day(parts) as case
    when parts.half = 'pm' and parts.hour::int < 12 then (parts.hour::int + 12)::varchar
    when parts.half = 'am' and parts.hour::int = 12 then '0'
    else parts.hour
end;
-- `0:0:0` without a time of day; none at all where a clock of twelve hours shows another
create macro written_time(parts) as case
    when parts.hour = '' then '0:0:0'
    when parts.half <> '' and parts.hour::int not between 1 and 12 then ''
    else concat(hour_of_day(parts), ':', parts.minute, ':', coalesce(nullif(parts.second, ''), '0'))
end;
-- one strptime, which refuses what no calendar has
create macro moment_of_parts(parts, date_order) as case
    when parts.mark = parts.mark_again and parts.sep = parts.sep_again and has_one_reading(parts, date_order)
    then try_strptime(
        concat(
            written_year(parts), '-', written_month(parts, date_order), '-', written_day(parts, date_order), ' ',
            written_time(parts)
        ),
        '%Y-%m-%d %H:%M:%S'
    )
end;

create macro offset_minutes(parts) as
    coalesce(try_cast(parts.hours as integer), 0) * 60 + coalesce(try_cast(parts.minutes as integer), 0);
create macro from_offset(found, zone, client_zone) as case when client_zone is null then found else let(
    regexp_extract(zone, '([-+])([0-9]{1,2}):?([0-9]{2})?$', ['sign', 'hours', 'minutes']),
    lambda ahead: from_utc(
        case when offset_minutes(ahead) <= 14 * 60
            then found - to_minutes(if(ahead.sign = '-', -1, 1) * offset_minutes(ahead)) end,
        client_zone
    )
) end;
-- by its own offset, else from the source's zone; without a time it is not shifted
create macro local_moment(cell, parts, found, source_zone, client_zone) as case
    when parts.zone <> '' then from_offset(found, parts.zone, client_zone)
    when parts.hour = '' then found
    when is_moment(cell) and concat(parts.hour, parts.minute, parts.second) in ('000000', '00000') then found
    else shifted(found, source_zone, client_zone)
end;
create macro written_moment(cell, tidied, date_order, source_zone, client_zone) as let(
    moment_parts(tidied),
    lambda written: let(
        moment_of_parts(written, date_order),
        lambda made: local_moment(cell, written, made, source_zone, client_zone)
    )
);

create macro any_moment(cell, tidied, date_order, source_zone, client_zone) as case
    when is_serial(cell, tidied) then moment_of_serial(tidied, source_zone, client_zone)
    when regexp_full_match(tidied, '[0-9]{10}|[0-9]{13}') then unix_moment(try_cast(tidied as bigint), client_zone)
    else written_moment(cell, tidied, date_order, source_zone, client_zone)
end;
create macro moment(cell, date_order, source_zone, client_zone) as coalesce(
    usual_moment(cell, date_order, source_zone, client_zone),
    case when cell <> '' then let(tidy(cell), lambda said: let(
        any_moment(cell, said, date_order, source_zone, client_zone), lambda then_at: in_range(then_at)
    )) end
);

-- what a program did to typed cells, and to those that it wrote year first among others, and how it is undone
create macro is_year_first(cell) as regexp_matches(cell, '^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T]|$)');
create macro typed_day(cell) as case
    when is_moment(cell) then try_cast(substr(marked(cell), 1, 10) as date)
    when is_year_first(cell) then try_cast(substr(cell, 1, 10) as date)
end;
create macro swapped_day(typed) as
    try_cast(printf('%04d-%02d-%02d', year(typed), day(typed), month(typed)) as date);
create macro serial_of(cell) as case
    when is_number(cell) then marked_number(cell)
    when regexp_full_match(cell, ' *[3-6][0-9]{4}(?:[.,][0-9]+)? *') then replace(trim(cell), ',', '.')
end;
create macro serial_day(cell) as case
    when try_cast(serial_of(cell) as double) between 30000 and 60000
        then moment_of_serial(serial_of(cell), null, null)::date
end;
create macro unswapped(cell) as case
    when is_moment(cell) and swapped_day(typed_day(cell)) is not null
        then moment_mark() || strftime(swapped_day(typed_day(cell)), '%Y-%m-%d') || substr(cell, 12)
    when is_year_first(cell) and swapped_day(typed_day(cell)) is not null
        then strftime(swapped_day(typed_day(cell)), '%Y-%m-%d') || substr(cell, 11)
    else cell
end;
-- numbers of the system that counts from 1904, as those of the usual one
create macro since_1900(cell) as case
    when serial_day(cell) is not null then number_mark() || (try_cast(serial_of(cell) as decimal(18,9)) + 1462)::varchar
    else cell
end;
-- of a year alone, its first day
create macro first_of_year(cell) as
    try_strptime(regexp_extract(tidy(cell), '^((?:199|20[0-9])[0-9])(?:[.]0*)?(?: ?(?:год|г[.]?))?$', 1), '%Y');

-- a day and a time of day in two cells, as one text
create macro clock_of_seconds(since) as
    case when since < 86400 then printf('%02d:%02d:%02d', since // 3600, since // 60 % 60, since % 60) end;
create macro clock_of(cell) as case
    when is_moment(cell) then regexp_extract(cell, '[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?')
    when is_duration(cell) or is_number(cell) then let(seconds_of(cell), lambda of_day: clock_of_seconds(of_day))
    else tidy(cell)
end;
create macro day_of(cell) as case
    when is_moment(cell) then regexp_replace(marked(cell), ' 00:00:00$', '')
    when is_number(cell) then strftime(moment_of_serial(marked_number(cell), null, null), '%Y-%m-%d')
    else regexp_replace(as_written(cell), '[ tT]+0?0:00(?::00)?$', '')
end;
create macro joined_moment(day, clock) as case
    when is_blank(day) or is_blank(clock) or contains(day_of(day), ':') then day
    else concat(day_of(day), ' ', clock_of(clock))
end;

create macro why_no_moment(cell, date_order) as why(cell, case
    when date_order is null and regexp_full_match(
        tidy(cell), '(?:0?[1-9]|1[0-2])[-/](?:0?[1-9]|1[0-2])[-/](?:[0-9]{4}|[0-9]{2})(?:(?:t| |,).*)?'
    ) then 'ambiguous_date'
    when regexp_full_match(tidy(cell), '(?:' || year_first() || '|' || year_last() || ')(?:(?:t| |,).*)?')
        then 'impossible_date'
end, 'not_a_date');
