-- Phones and e-mails: one person's address, or the reason why it is nobody's.

-- text of one number → its canonical form; NULL where it is no number
create macro canonical_digits(written, digits) as case
    when not regexp_full_match(written, '[+]?[-0-9 ().]+') then null
    when strlen(digits) = 11 and (digits[1] = '7' or digits[1] = '8' and not starts_with(written, '+'))
        then '7' || substr(digits, 2)
    when strlen(digits) = 10 and not starts_with(written, '+') then '7' || digits
    when strlen(digits) = 22 and regexp_full_match(digits, '[78].{10}[78].{10}') then '7' || substr(digits, 2, 10)
    when strlen(digits) > 4 then digits
end;
create macro canonical_phone(written) as
    let(regexp_replace(written, '[^0-9]', '', 'g'), lambda dialled: canonical_digits(written, dialled));

-- the first of several, without its label, its extension, a workbook's `.0`
create macro first_line(cell) as string_split(trim(cell, chr(10) || chr(13) || ' '), chr(10))[1];
create macro first_written(cell) as regexp_extract(tidy(first_line(cell)), '^[,;/|\s]*([^,;/|]*)', 1);
create macro without_second(written) as regexp_replace(written, ' +(?:или|либо|и|or) .*$', '');
create macro without_label(written) as regexp_replace(
    written, '^(?:тел(?:ефон)?|моб(?:ильный)?|т|м|phone|tel|whatsapp|wa|viber)?[.:]* *', ''
);
create macro without_extension(written) as
    regexp_replace(written, ' *(?:доб(?:авочный)?|вн(?:утр)?|ext|x|#)[. :]*[0-9]+$', '');
create macro without_zeros(written) as regexp_replace(written, '^([0-9]+)[.]0+ *$', '\1');
-- one whole number beside words, `8 000 555-01-01 Ольга`; no login, no number of another country
create macro phone_in_words(tidied) as case when not regexp_matches(tidied, 'sip:|@') then nullif(regexp_replace(
    regexp_extract(
        tidied,
        '(?:^|[^0-9+])((?:[+]?7|8)[- .]{0,3}[(]?[0-9]{3}[)]?[- .]{0,3}[0-9]{3}[- .]{0,3}[0-9]{2}[- .]{0,3}[0-9]{2})(?:[^0-9]|$)',
        1
    ), '[^0-9]', '', 'g'
), '') end;
create macro first_phone(cell) as let(
    case
        when is_number(cell) then try_cast(try_cast(marked_number(cell) as decimal(20,0)) as varchar)
        else without_zeros(without_extension(without_label(without_second(first_written(cell)))))
    end,
    lambda one: coalesce(canonical_phone(one), '7' || right(phone_in_words(tidy(cell)), 10))
);

-- every way of writing one, the usual `+7 (900) 000-00-00` first
create macro any_phone(cell) as let(
    regexp_extract(
        cell,
        '^[+]?[78][- ]?[(]?([0-9]{3})[)]?[- ]?([0-9]{3})[- ]?([0-9]{2})[- ]?([0-9]{2})$', ['a', 'b', 'c', 'd']
    ),
    lambda usual: case
        when usual.a <> '' and not starts_with(cell, '+8') then concat('7', usual.a, usual.b, usual.c, usual.d)
        else first_phone(cell)
    end
);

-- 11 digits with a leading 7; an odd number stays as its digits, with a reason
create macro phone(cell) as case
    when regexp_full_match(cell, '[+]?7[0-9]{10}|8[0-9]{10}') then '7' || right(cell, 10)
    when cell <> '' then any_phone(cell)
end;
-- hidden numbers, logins and extensions are nobody, and no reason to tell anybody
create macro is_nobody(cell) as (
    is_among(folded_text(cell), hidden_numbers()) or regexp_full_match(tidy(cell), '.*(?:sip:|@).*|[0-9]{1,4}')
);
create macro lost_its_digits(cell) as
    (not is_number(cell) and regexp_full_match(tidy(cell), '[0-9](?:[.,][0-9]+)?e[+]?[0-9]+'));
create macro why_no_phone(cell) as case when not is_nobody(cell) then why(cell, case
    when lost_its_digits(cell) then 'lost_digits'
    when any_phone(cell) is not null then 'odd_phone'
end, 'not_a_phone') end;

-- trimmed, lower case, the first of several
create macro usual_email(cell) as
    case when regexp_full_match(cell, '[^@\s,;:<>"]+@[^@\s,;<>"]+[.][^@\s,;<>"]+') then lower(cell) end;
create macro email(cell) as coalesce(usual_email(cell), case when cell <> '' then nullif(regexp_extract(
    tidy(cell),
    '^(?:mailto:|[^@]*<)?([^@\s,;:<>"]+@[^@\s,;<>"]+[.][^@\s,;<>"]+)(?:>|[,; ].*)?$', 1, 's'
), '') end);
create macro why_no_email(cell) as why(cell, null, 'not_an_email');
