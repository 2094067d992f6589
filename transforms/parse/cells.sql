-- A cell as such: its mark, its guards, odd spaces, whether it says nothing. All that reads cells stands on these.
-- A macro is written out where it is called, so no two of them may bind a name with `lambda` that both use, and an
-- argument is planned as often as its macro names it. DuckDB's own `split_part` and `nullif` are macros that name it
-- twice and more: hence `string_split`.

-- `body`, a lambda, of a value that is worked out once
create macro let(value, body) as list_transform([value], body)[1];

-- a workbook gave the cell this type
create macro is_number(cell) as starts_with(cell, number_mark());
create macro is_moment(cell) as starts_with(cell, moment_mark());
create macro is_duration(cell) as starts_with(cell, duration_mark());
create macro is_dated(cell) as (is_moment(cell) or is_duration(cell));

-- cheap: false for nearly every text without a mark
create macro may_be_marked(cell) as cell >= number_mark();
create macro marked(cell) as substr(cell, 2);
-- the digits of a typed number, without the currency that it may be shown in
create macro marked_number(cell) as string_split(substr(cell, 2), ' ')[1];

-- without the guards that keep Excel from guessing, `="…"` and a leading apostrophe, and without its mark
create macro unguarded(cell) as
    regexp_replace(cell, '^(?:="(.*)"|''(.*)|[' || all_marks() || '](.*))$', '\1\2\3', 's');

-- unguarded, every kind of space, minus and apostrophe made plain, trimmed, in lower case
create macro tidy(cell) as lower(trim(translate(unguarded(cell), odd_characters(), plain_characters())));

-- unguarded and trimmed, spaces made plain, otherwise as it was written
create macro as_written(cell) as trim(translate(unguarded(cell), odd_spaces(), plain_spaces()));

-- what is compared instead of a text: trimmed, lower case, ё as е
create macro folded_text(cell) as
    regexp_replace(replace(lower(as_written(cell)), 'ё', 'е'), ' +', ' ', 'g');

-- one of a list that stands in one text: `in` and `list_contains` become joins, worked out for every row
create macro is_among(word, words) as contains(words, chr(31) || word || chr(31));

-- what a word stands for in `word chr(30) meaning`, one after another between chr(31); NULL for an unknown one
create macro meaning_of(word, meanings) as
    string_split(string_split(meanings, chr(31) || word || chr(30))[2], chr(31))[1];

create macro is_blank(cell) as (cell is null or is_among(folded_text(cell), null_words()));
create macro is_error(cell) as
    (starts_with(cell, error_mark()) or is_among(folded_text(cell), formula_errors()));

-- a formula that failed, and one that no program has computed
create macro why_no_formula(cell) as if(starts_with(cell, error_mark() || '='), 'not_computed', 'error_cell');

-- the reason of a cell without a value: none of a blank one, else the given one, else what it is not
create macro why(cell, reason, otherwise) as case
    when is_blank(cell) then null
    when is_error(cell) then why_no_formula(cell)
    else coalesce(reason, otherwise)
end;

-- a whole number written as digits and nothing else, at the price of two casts
create macro plain_bigint(cell) as
    case when try_cast(cell as bigint)::varchar = cell then try_cast(cell as bigint) end;
create macro plain_uinteger(cell) as
    case when try_cast(cell as uinteger)::varchar = cell then try_cast(cell as uinteger) end;
