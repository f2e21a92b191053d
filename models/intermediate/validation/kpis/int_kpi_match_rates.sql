-- Records that found their account, over all sources. Identity is master data, so there is one figure, today's.
with sources as (select distinct source_name, source_records, match_rate from {{ ref('int_identity_match_rates') }})

select sum(source_records * cast(match_rate as double)) / nullif(sum(source_records), 0) as match_rate
from sources
