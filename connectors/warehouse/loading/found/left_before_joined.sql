-- One row a load of people who left before they came: the column holds something else, or they came back since.
select load_id, 'left_before_joined', count(*), 0, {heading}
from loaded.subscribers where {loads} and unsubscribed_on < subscribed_on group by load_id
