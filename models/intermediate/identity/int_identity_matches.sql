-- The cascade: the first rule that hits decides, and one that hits two accounts leaves the record unmatched.
with

    records as (select * from {{ ref('int_identity_records') }}),

    hits as (

        select source_name, record_id, account_id, 1 as rule_rank
        from {{ ref('int_identity_foreign_ids') }}
        union all
        select source_name, record_id, account_id, 2 as rule_rank
        from {{ ref('int_identity_domains') }}
        union all
        select source_name, record_id, account_id, 3 as rule_rank
        from {{ ref('int_identity_names') }}

    ),

    counted as (

        select source_name, record_id, rule_rank, count(distinct account_id) as accounts, max(account_id) as account_id
        from hits
        group by source_name, record_id, rule_rank

    ),

    ranked as (

        select *, row_number() over (partition by source_name, record_id order by rule_rank) as hit_rank from counted

    ),

    decided as (select * from ranked where hit_rank = 1)

select
    records.source_name,
    records.record_id,
    case when decided.accounts = 1 then decided.account_id end as account_id,
    case decided.rule_rank when 1 then 'foreign_id' when 2 then 'domain' when 3 then 'name' end as rule,
    case
        when decided.accounts <> 1
        then null
        when decided.rule_rank = 1
        then 'certain'
        when decided.rule_rank = 2
        then 'high'
        when decided.rule_rank = 3
        then 'medium'
    end as confidence,
    case
        when decided.rule_rank is null
        then 'no_match'
        when decided.accounts = 0
        then 'deleted_account'
        when decided.accounts > 1
        then 'ambiguous'
    end as unmatched_reason
from records
left join decided on records.source_name = decided.source_name and records.record_id = decided.record_id
