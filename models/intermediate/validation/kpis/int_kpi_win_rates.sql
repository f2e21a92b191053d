-- Expansion opportunities closed in a month, with a firing and without.
with

    months as (select * from {{ ref('int_kpi_months') }}), closes as (select * from {{ ref('int_opportunity_closes') }})

select
    months.month,
    sum(case when closes.has_firing then 1 else 0 end) as closed_with_firing,
    sum(case when closes.has_firing and closes.is_won then 1 else 0 end) as won_with_firing,
    sum(case when closes.has_firing then 0 else 1 end) as closed_without_firing,
    sum(case when not closes.has_firing and closes.is_won then 1 else 0 end) as won_without_firing
from months
inner join closes on closes.closed_at >= months.starts_at and closes.closed_at < months.ends_at
group by months.month
