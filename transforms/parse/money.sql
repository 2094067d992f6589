-- Money: DECIMAL(18,2), halves of a kopeck away from zero; all of a text against a grammar, never through a float.
-- `currency` is a regular expression of the words that may stand beside an amount; `factor` what one unit is in roubles,
-- NULL for roubles: of kopecks and micros, which have no fractions, of thousands and millions, which have.
-- Multiplied: DECIMAL divided by anything is a DOUBLE.

-- a trillion roubles is somebody's card number; four of them would be more than the sums of a file can hold
create macro amount(figure) as try_cast(figure as decimal(14,2));
create macro scaled(figure, factor) as amount(figure::decimal(28,2) * factor);
create macro whole_amount(figure, factor) as let(
    try_cast(figure as decimal(28,2)),
    lambda units: case when units = round(units, 0) then scaled(units, factor) end
);
create macro many(figure, factor) as amount(try_cast(figure as decimal(24,8)) * factor);
create macro amount_in(figure, factor) as case
    when factor is null then amount(figure)
    when factor >= 1 then many(figure, factor)
    else whole_amount(figure, factor)
end;

-- the forms that fill whole columns: two decimals after a comma or a dot, whole numbers
-- no `plain_bigint` here: its repeated cast would be worked out for every row, and a failing cast is dear
create macro usual_amount(cell) as coalesce(
    case when substr(cell, -3, 1) in (',', '.') and not contains(cell, '_') then amount(pointed(cell)) end,
    case when regexp_full_match(cell, '-?(?:[0-9]{1,10}|[1-69][0-9]{10}|[0-9]{12,16})') then amount(cell) end
);

create macro money_parts(tidied, currency) as regexp_extract(
    tidied,
    '^([(])?([-+])? ?(' || currency || ')? ?([-+])? ?([0-9.,'' ]*[0-9])'
    || '(?: ?(тыс|тысяч[аи]?|млн|миллион(?:а|ов)?)[.]?)? ?(' || currency || ')?([)])?$',
    ['bracket', 'sign', 'before', 'second_sign', 'digits', 'many', 'after', 'closing']
);
-- brackets come in pairs; there is one sign at most, one currency at most
create macro is_one_amount(parts) as (
    (parts.bracket = '(') = (parts.closing = ')') and '' in (parts.before, parts.after)
    and '' in (parts.sign, parts.second_sign) and '' in (parts.bracket, parts.sign || parts.second_sign)
);
-- a cell that says what it is in is stronger than its column
create macro amount_of_words(figure, spelled, factor) as case
    when spelled = '' then amount_in(figure, factor)
    when starts_with(spelled, 'т') then many(figure, 1000::decimal(7,0))
    else many(figure, 1000000::decimal(7,0))
end;
-- «1 000 руб. 50 коп.», and the minus that SAP writes behind
create macro as_one_figure(tidied) as regexp_replace(
    regexp_replace(tidied, '^([-+]?[0-9 ]*[0-9]) ?р(?:уб(?:лей|ля|ль)?)?[.]? ?([0-9]{2}) ?к(?:оп(?:еек|ейки|ейка)?)?[.]?$', '\1,\2'),
    '^([0-9][0-9., '']*[.,][0-9]{2})-$', '-\1'
);
create macro written_amount(cell, currency, decimal_mark, factor) as let(
    money_parts(as_one_figure(tidy(cell)), currency),
    lambda sum: case when is_one_amount(sum) then let(
        if('-' in (sum.sign, sum.second_sign) or sum.bracket = '(', '-', '')
            || number_text(sum.digits, decimal_mark, false),
        lambda figured: amount_of_words(figured, sum.many, factor)
    ) end
);
-- seventy billions to the rouble are somebody's phone in the wrong column; of micros they are seventy thousands
create macro is_like_phone(tidied) as regexp_full_match(tidied, '[+]?[78][0-9]{10}(?:[.]0+)?');
create macro any_amount(cell, currency, decimal_mark, factor) as case
    when cell = '' or (factor is null and is_like_phone(tidy(cell))) then null else coalesce(
    case when is_number(cell) then amount_in(marked(cell), factor) end,
    written_amount(cell, currency, decimal_mark, factor)
) end;

create macro money(cell, currency, decimal_mark) as
    coalesce(usual_amount(cell), any_amount(cell, currency, decimal_mark, null))::decimal(18,2);
create macro money_in_units(cell, currency, decimal_mark, factor) as coalesce(
    scaled(plain_bigint(cell), factor), any_amount(cell, currency, decimal_mark, factor)
)::decimal(18,2);

create macro is_written_amount(cell, currency, decimal_mark) as let(
    money_parts(tidy(cell), currency),
    lambda asked: is_one_amount(asked) and number_text(asked.digits, decimal_mark, false) is not null
);
create macro is_other_currency(cell, others) as regexp_full_match(
    tidy(cell),
    '[-+(]? ?(?:(?:' || others || ') ?[-+]? ?[0-9.,'' ]*[0-9]|[-+]? ?[0-9.,'' ]*[0-9] ?(?:' || others || '))[)]?'
);
create macro why_no_money(cell, currency, decimal_mark, others, too_much) as why(cell, case
    when is_dated(cell) then 'cell_is_date'
    when too_much = 'too_large' and is_like_phone(tidy(cell)) then 'looks_like_phone'
    when is_number(cell) and is_other_currency(cell, others) then 'other_currency'
    when has_two_readings(money_parts(tidy(cell), currency).digits, decimal_mark, false) then 'ambiguous_number'
    when is_number(cell) or is_written_amount(cell, currency, decimal_mark) then too_much
    when regexp_full_match(tidy(cell), '[-+]?[0-9][0-9.,]*e[-+]?[0-9]+') then 'lost_digits'
    when is_other_currency(cell, others) then 'other_currency'
end, 'not_money');

-- the ISO code of a word for money; an unknown word stays, in capitals
create macro currency_code(cell, blank) as case
    when is_among(cell, rouble_words()) then 'RUB'
    when is_blank(cell) then blank
    else coalesce(meaning_of(folded_text(cell), currency_codes()), upper(folded_text(cell)))
end;
