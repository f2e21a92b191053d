-- The cascade: the first rule that hits decides, and one that hits two accounts leaves the record unmatched.
with

    records as (select * from {{ ref('int_identity_records') }}),

    names as (select * from {{ ref('int_normalised_names') }}),

    -- Rule 3: accounts that go by the record's normalised name.
    name_hits as (

        select distinct records.source_name, records.record_id, accounts.account_id
        from records
        inner join names as record_names on records.record_name = record_names.name
        inner join names as account_names on record_names.normalised_name = account_names.normalised_name
        inner join {{ ref('stg_crm__accounts') }} as accounts on account_names.name = accounts.account_name

    ),

    hits as (

        select source_name, record_id, account_id, 1 as rule_rank
        from {{ ref('int_identity_foreign_ids') }}
        union all
        select source_name, record_id, account_id, 2 as rule_rank
        from {{ ref('int_identity_domains') }}
        union all
        select source_name, record_id, account_id, 3 as rule_rank
        from name_hits

    ),

    counted as (

        select source_name, record_id, rule_rank, count(distinct account_id) as accounts, max(account_id) as account_id
        from hits
        group by source_name, record_id, rule_rank

    ),

    ranked as (

        select *, row_number() over (partition by source_name, record_id order by rule_rank) as hit_rank from counted

    ),

    decided as (

        select
            *,
            case when accounts = 1 then account_id end as only_account_id,
            case
                when rule_rank = 1
                then 'foreign_id'
                when rule_rank = 2 and source_name = 'product_user'
                then 'email_domain'
                when rule_rank = 2
                then 'domain'
                else 'name'
            end as rule
        from ranked
        where hit_rank = 1

    )

select
    records.source_name,
    records.record_id,
    decided.only_account_id as account_id,
    case when decided.only_account_id is not null then {{ hash_key('decided.only_account_id') }} end as account_key,
    decided.rule,
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
