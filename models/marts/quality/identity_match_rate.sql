-- How many records of each source found their account, and by which rule.
with

    matches as (select * from {{ ref('int_identity_matches') }}),

    totals as (

        select source_name, count(*) as records, count(account_id) as matched_records from matches group by source_name

    ),

    by_rule as (

        select
            source_name,
            coalesce(unmatched_reason, rule) as outcome,
            account_id is not null as is_matched,
            count(*) as records
        from matches
        group by source_name, coalesce(unmatched_reason, rule), account_id is not null

    )

select
    by_rule.source_name,
    by_rule.outcome,
    by_rule.is_matched,
    by_rule.records,
    {{ ratio('by_rule.records', 'totals.records') }} as share,
    totals.records as source_records,
    {{ ratio('totals.matched_records', 'totals.records') }} as match_rate
from by_rule
inner join totals on by_rule.source_name = totals.source_name
