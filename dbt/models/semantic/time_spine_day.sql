-- grain: one row a day; MetricFlow joins facts to it
select cast(day as date) as day
from {{ days_between('2010-01-01', '2040-12-31') }}
