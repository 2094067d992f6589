-- One row per answered question, later ones than as_of too: which score it counts in.
-- A not_… is blank where the answer counts, «other» where it has nothing to do with the figure.
select
    source,
    source_file,
    source_row,
    answered_on as day_on,
    named(manager) as manager,
    client_key,
    cast(score as double) as score,
    case when kind <> 'csi' then 'other' end as not_csi,
    case when kind <> 'csat' then 'other' end as not_csat,
    case when kind <> 'csat' then 'other' when score < 4 then 'low_score' end as not_satisfied,
    case when kind <> 'nps' then 'other' end as not_nps,
    case when kind <> 'nps' then 'other' when score < 9 then 'low_score' end as not_promoter,
    case when kind <> 'nps' then 'other' when score > 6 then 'high_score' end as not_detractor
from staged.survey_answers
