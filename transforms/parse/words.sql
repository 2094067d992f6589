-- Texts, ids, scores and everything that is read by a list of words.

-- a workbook's number as text; a whole one without a point or an exponent
create macro exact_figure(figure) as try_cast(figure as decimal(38,10));
create macro without_fraction(figure) as coalesce(
    case when exact_figure(figure) = round(exact_figure(figure), 0)
        then try_cast(exact_figure(figure) as decimal(28,0))::varchar end,
    figure
);
create macro typed_figure(cell) as case when is_number(cell) then without_fraction(marked_number(cell)) end;
create macro typed_text(cell) as case
    when is_number(cell) then without_fraction(marked_number(cell))
    when is_dated(cell) then marked(cell)
end;

-- guarded, padded, broken over lines, with spaces that only look like spaces, or signs as a page of the web writes them
create macro is_odd_text(cell) as (
    may_be_marked(cell)
    or regexp_matches(cell, '^[=''"\s]|\s$|[\r\n\t' || hidden_spaces() || ']|&[a-z#]+[0-9]*;')
);
create macro of_entity(text, entity, sign) as regexp_replace(text, '&(?:' || entity || ');', sign, 'g');
-- `Окна &quot;Свет&quot; &amp; двери` as people read it; the ampersand last, so that nothing is read twice
create macro without_entities(text) as case when regexp_matches(text, '&[a-z#]+[0-9]*;') then
    of_entity(of_entity(of_entity(of_entity(of_entity(of_entity(of_entity(of_entity(of_entity(of_entity(
        text, 'quot|#0?34', '"'), 'laquo|#171', '«'), 'raquo|#187', '»'), 'apos|rsquo|#0?39', ''''), '#8470', '№'),
        'ndash|mdash|#821[12]', '—'), 'nbsp|#160', ' '), 'lt|#0?60', '<'), 'gt|#0?62', '>'), 'amp|#0?38', '&')
    else text end;
create macro shown_text(cell) as case
    when is_error(cell) or is_blank(cell) then null
    else coalesce(typed_text(cell), nullif(without_entities(as_written(cell)), ''))
end;
-- any text: trimmed, inner line breaks made spaces; NULL for words of absence
create macro plain_text(cell) as case
    when is_among(cell, usual_null_words()) then null
    when is_odd_text(cell) then shown_text(cell)
    else cell
end;
create macro usual_text(cell) as
    case when not is_odd_text(cell) and not is_among(cell, usual_null_words()) then cell end;
create macro why_no_text(cell) as case when is_error(cell) then why_no_formula(cell) end;

-- no word of absence, no number with nothing but zeros behind its point, none in exponent notation
create macro is_usual_id(cell) as
    regexp_full_match(cell, '[A-Za-z]{0,8}[-_]?[0-9][-0-9A-Za-z_:]*(?:[.][0-9]*[1-9])?');
-- of a number a workbook keeps 15 digits: learn.microsoft.com/office/troubleshoot/excel, last digits become zeros
create macro is_cut_id(cell) as case
    when is_number(cell)
        then regexp_full_match(marked(cell), '-?[0-9]{16,}(?:[.][0-9]*)?|.*e[+]?(?:1[5-9]|[2-9][0-9]|[0-9]{3,})')
    else regexp_full_match(tidy(cell), '[0-9](?:[.,][0-9]+)?e[+][0-9]+')
end;
create macro odd_id(cell) as case
    when is_blank(cell) or is_error(cell) or is_cut_id(cell) then null
    else coalesce(typed_figure(cell), regexp_replace(as_written(cell), '^([0-9]+)[.]0+$', '\1'))
end;
-- as text; a number without its `.0`; one in exponent notation has lost its digits
create macro identifier(cell) as case
    when is_usual_id(cell) then cell
    when cell <> '' then odd_id(cell)
end;
create macro why_no_id(cell) as why(cell, case when is_cut_id(cell) then 'lost_digits' end, 'not_an_id');

-- a leading whole number, alone, or followed by its label or by `/ 10`; one that follows its label; stars
create macro labelled_score(tidied) as case
    when regexp_full_match(tidied, '[★⭐\x{fe0f}]+[☆ ]*') then length(regexp_replace(tidied, '[^★⭐]', '', 'g'))::varchar
    when regexp_full_match(tidied, '[^0-9]*[a-zа-яё][^0-9]*[-(:] *[0-9]{1,2} *[)]?')
        then regexp_replace(tidied, '[^0-9]', '', 'g')
    else regexp_extract(
        tidied, '^([0-9]{1,3})(?:[.,]0+)?(?:$| *[^-0-9.,:/ ].*| *-+[^0-9].*| +/ *[0-9]+$)', 1, 's'
    )
end;
create macro leading_score(cell) as try_cast(coalesce(typed_figure(cell), labelled_score(tidy(cell))) as integer);
create macro score(cell, lowest, highest) as let(
    leading_score(cell), lambda given: case when given between lowest and highest then given end
);
create macro why_no_score(cell) as
    why(cell, case when leading_score(cell) is not null then 'outside_scale' end, 'not_a_score');

-- a folded text with letters of two alphabets side by side, in Cyrillic if it looks so: «с» and «c» are alike
create macro is_of_two(text) as regexp_matches(text, '[a-z][а-я]|[а-я][a-z]');
create macro of_one_alphabet(folded) as let(folded, lambda mixed: case
    when is_of_two(mixed) and not is_of_two(translate(mixed, latin_letters(), cyrillic_letters()))
        then translate(mixed, latin_letters(), cyrillic_letters())
    else mixed
end);
-- usual spellings compared as they stand, all others folded
create macro by_words(cell, usual, meanings) as coalesce(
    meaning_of(cell, usual),
    case when cell <> '' then meaning_of(coalesce(typed_figure(cell), of_one_alphabet(folded_text(cell))), meanings) end
);
-- a word nobody knows has a meaning all the same
create macro by_words_or(cell, usual, meanings, otherwise) as coalesce(
    by_words(cell, usual, meanings), case when not is_blank(cell) and not is_error(cell) then otherwise end
);
create macro why_no_word(cell, unknown) as why(cell, null, unknown);
create macro why_unknown_word(cell, usual, meanings, unknown) as
    case when by_words(cell, usual, meanings) is null then why(cell, null, unknown) end;
