-- One row: since when activity is known. One export knows only the latest visit of each: before it was taken,
-- an activity journal must reach back.
with
snapshots as (
    select max(first_data_on) as snapshot_on
    from ops.snapshots
),
journals as (
    select min(active_on) as journal_on
    from staged.activity
    where source in (select source from ops.sources where table_name = 'activity')
)
select
    snapshots.snapshot_on,
    journals.journal_on
from snapshots
cross join journals
