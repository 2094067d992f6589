-- One row a load of sales of several pieces whose amount, or cost, stands under a price: what they would come to.
select load_id, if('{column}' = 'cogs_rub', 'cost_of_a_piece', 'price_of_a_piece'), sum(source_rows),
    sum({column} * (quantity - 1)), {heading}
from loaded.deals where {loads} and quantity > 1 and {column} > 0 group by load_id
