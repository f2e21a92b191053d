-- Every entry into the expansion stage and every exit from it, with the test that failed.
with

    stages as (select * from {{ ref('int_account_stage_daily') }}),

    compared as (

        select
            account_id,
            signal_on,
            is_in_stage,
            stage_reason,
            lag(is_in_stage) over (partition by account_id order by signal_on) as was_in_stage
        from stages

    )

select
    account_id,
    {{ day_close('signal_on') }} as changed_at,
    case when was_in_stage then 'expansion' else 'outside' end as from_stage,
    case when is_in_stage then 'expansion' when stage_reason = 'health' then 'renewal' else 'outside' end as to_stage,
    case when is_in_stage then 'entered' else stage_reason end as reason
from compared
where is_in_stage <> coalesce(was_in_stage, false)
