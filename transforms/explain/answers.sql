-- One row per answered question.
select
    source,
    source_file,
    source_row,
    answered_on as day_on,
    named(manager) as manager,
    client_key,
    kind,
    score
from staged.survey_answers
