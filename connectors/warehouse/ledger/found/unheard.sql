-- One row a source and kind: calls of which no row, or not each, says whether somebody answered, or how long they
-- talked; missed ones that lasted, answered ones in which nobody talked.
with counts as materialized (
    select source, count(*) as calls, count(is_answered) as heard, count(*) filter (where is_answered) as taken,
        count(talk_seconds) filter (where is_answered) as talks, count(*) filter (where not is_answered) as missed,
        count(*) filter (where not is_answered and talk_seconds > 0) as lasted,
        count(*) filter (where is_answered and talk_seconds = 0) as mute
    from loaded.calls where not is_displaced and direction = 'in' group by source
)
select 'answers_unknown', source, null, calls, 0, null from counts where heard = 0
union all
select 'answers_lacking', source, null, calls - heard, 0, calls from counts
where heard > 0 and calls - heard > 0.02 * calls
union all
select 'talks_unknown', source, null, taken, 0, null from counts where taken > 0 and talks = 0
union all
select 'missed_lasted', source, null, lasted, 0, missed from counts where lasted >= 5 and lasted > 0.5 * missed
union all
select 'answered_mute', source, null, mute, 0, taken from counts where mute >= 10 and mute > 0.3 * talks and mute < talks
