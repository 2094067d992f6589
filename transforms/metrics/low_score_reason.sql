-- One row per grain, period and reason: how often it stands beside a low score (3 of 5 and less, 6 of 10 and less).
-- No rows without staged.survey_answers.
-- Of today alone.
select
    days.grain,
    days.period_start,
    answers.reason,
    count(*) as answers
from staged.survey_answers as answers
inner join metrics.period_day as days on days.day_on = answers.answered_on
where answers.reason is not null
    and answers.score <= case when answers.kind = 'nps' then 6 else 3 end
group by all
order by days.grain, days.period_start, answers desc, answers.reason
