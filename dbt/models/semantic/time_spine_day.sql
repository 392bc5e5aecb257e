-- grain: one row a day; MetricFlow joins facts to it
select cast(day as date) as day
from generate_series(date '2010-01-01', date '2040-12-31', interval 1 day) as days (day)
