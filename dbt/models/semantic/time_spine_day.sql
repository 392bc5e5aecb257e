-- grain: one row a day; MetricFlow joins facts to it
{{ days_between('2010-01-01', '2040-12-31') }}
