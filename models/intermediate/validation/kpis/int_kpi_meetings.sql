-- Meetings held and firings won or lost, by the month in which it happened.
with

    months as (select * from {{ ref('int_kpi_months') }}),

    firings as (select * from {{ ref('int_validation_firings') }} where is_acted_on)

select
    months.month,
    sum(
        case when firings.meeting_at >= months.starts_at and firings.meeting_at < months.ends_at then 1 else 0 end
    ) as meetings,
    count(
        distinct case
            when firings.meeting_at >= months.starts_at and firings.meeting_at < months.ends_at then firings.account_key
        end
    ) as accounts_with_meeting,
    sum(case when firings.won_at >= months.starts_at and firings.won_at < months.ends_at then 1 else 0 end) as won,
    sum(case when firings.lost_at >= months.starts_at and firings.lost_at < months.ends_at then 1 else 0 end) as lost
from months
inner join
    firings
    on (firings.meeting_at >= months.starts_at and firings.meeting_at < months.ends_at)
    or (firings.won_at >= months.starts_at and firings.won_at < months.ends_at)
    or (firings.lost_at >= months.starts_at and firings.lost_at < months.ends_at)
group by months.month
