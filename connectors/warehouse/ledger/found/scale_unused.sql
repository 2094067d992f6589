-- One row a source and kind of answers of which none reaches the upper half of its scale: fives of a shop's own scale
-- are no tens of NPS.
select 'scale_unused', source, null, count(*), 0, upper(kind) || ' ' || max(score)
from loaded.survey_answers where not is_displaced group by source, kind
having count(*) >= 10 and max(score) <= case kind when 'nps' then 5 else 2 end
