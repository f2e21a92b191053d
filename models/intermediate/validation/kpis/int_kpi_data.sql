-- The data of a month, over all sources: the share of its records and fields that were there and on time, and in the
-- newest month the share of all records that found their account. Identity is master data, so there is one figure,
-- today's.
with

    months as (
        select period_key, cast(period_start as timestamp) as month_from, known_at as month_until
        from {{ ref('int_validation_periods') }}
        where not is_whole
    ),

    completeness as (
        select
            months.period_key,
            1
            - sum(cast(completeness.missing_records + completeness.late_records as double))
            / nullif(sum(completeness.records), 0) as data_completeness
        from {{ ref('int_data_completeness') }} as completeness
        inner join
            months
            on cast(completeness.day as timestamp) >= months.month_from
            and cast(completeness.day as timestamp) < months.month_until
        group by months.period_key
    ),

    matches as (
        select {{ share('count(account_id)', 'count(*)') }} as match_rate from {{ ref('int_identity_matches') }}
    ),

    newest as (select max(month_from) as month_from from months)

select
    months.period_key,
    completeness.data_completeness,
    case when months.month_from = newest.month_from then matches.match_rate end as match_rate
from months
cross join newest
cross join matches
left join completeness on months.period_key = completeness.period_key
