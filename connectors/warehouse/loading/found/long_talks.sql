-- One row a load with talks of more than four hours: nobody talks longer, but a line may stay open over night.
select load_id, 'long_talks', count(*), 0, max(talk_seconds) // 3600
from loaded.calls where {loads} and talk_seconds > 4 * 3600 group by load_id
