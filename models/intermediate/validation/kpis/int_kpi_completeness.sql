-- Share of a month's records and fields that were there and on time, over all sources.
with

    months as (select * from {{ ref('int_kpi_months') }}),

    completeness as (select * from {{ ref('int_data_completeness') }})

select
    months.month,
    1
    - sum(cast(completeness.missing_records + completeness.late_records as double))
    / nullif(sum(completeness.records), 0) as data_completeness
from months
inner join completeness on completeness.day >= months.month and completeness.day < cast(months.ends_at as date)
group by months.month
