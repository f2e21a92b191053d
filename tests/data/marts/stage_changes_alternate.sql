-- Nobody enters twice without leaving, and the last change agrees with the account's stage of the last closed day.
with

    changes as (

        select
            *,
            lag(to_stage) over (partition by account_id order by changed_at) as previous_stage,
            row_number() over (partition by account_id order by changed_at desc) as recency
        from {{ ref('fct_stage_changes') }}

    )

select changes.account_id, changes.changed_at
from changes
left join {{ ref('dim_accounts') }} as accounts on changes.account_id = accounts.account_id
where
    (changes.reason = 'entered') is distinct from (changes.to_stage = 'expansion')
    or (changes.to_stage = 'expansion' and changes.previous_stage = 'expansion')
    or (changes.to_stage <> 'expansion' and coalesce(changes.previous_stage, '') <> 'expansion')
    or (changes.recency = 1 and accounts.is_in_stage is distinct from (changes.to_stage = 'expansion'))
