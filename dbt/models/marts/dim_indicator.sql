-- grain: one row a level-1 x level-2 heading of the indicator system
select
    {{ generate_key(['indicator_code']) }} as indicator_key,
    indicator_code,
    level_1_zh,
    nullif(level_2_zh, '') as level_2_zh,
    level_1_en,
    nullif(level_2_en, '') as level_2_en
from {{ ref('indicators') }}
