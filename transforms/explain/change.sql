-- One row: the row of the list of changes.
select
    changes.source,
    changes.source_file,
    changes.source_row,
    changes.changed_on as day_on,
    changes.metric,
    coalesce(changes.channel, all_together()) as channel,
    coalesce(changes.manager, all_together()) as manager,
    changes.changed_on,
    changes.days
from staged.experiments as changes
inner join explained
    on explained.asked_name = changes.name
