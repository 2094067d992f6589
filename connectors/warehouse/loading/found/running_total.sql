-- One row a load and item of costs in whose sum the months before are counted already.
select load_id, 'running_total', count(*), sum(amount_rub), item from loaded.costs
where {loads} and regexp_matches(
    lower(item), 'нарастающ|накоп(?:ит|лен)|с начала (?:месяца|квартала|года)|cumulative|year.to.date')
group by load_id, item having count(*) > 1
