-- Every candidate with the first thing that stops it before the cooldown: scope, stage, exclusion.
with

    candidates as (select * from {{ ref('int_candidates') }}),

    triggers as (select * from {{ ref('int_triggers') }}),

    stages as (select * from {{ ref('int_account_stage_daily') }}),

    exclusions as (select * from {{ ref('int_candidate_exclusions') }}),

    judged as (

        select
            candidates.*,
            triggers.message_group,
            triggers.cooldown_days,
            triggers.priority,
            case
                when not {{ in_list('stages.tier', 'triggers.tiers') }}
                then 'tier'
                when not {{ in_list('stages.segment', 'triggers.segments') }}
                then 'segment'
                when
                    triggers.min_contract_value is not null
                    and coalesce(stages.contract_value, -1) < triggers.min_contract_value
                then 'contract_value'
            end as scope_reason,
            -- There is no day before the first paid one.
            case
                when triggers.requires_stage
                then coalesce(stages.stage_reason, case when stages.account_id is null then 'never_paid' end)
            end as stage_reason,
            exclusions.exclusion
        from candidates
        inner join triggers on candidates.trigger_id = triggers.trigger_id
        left join stages on candidates.account_id = stages.account_id and candidates.judged_on = stages.signal_on
        left join
            exclusions
            on candidates.trigger_id = exclusions.trigger_id
            and candidates.account_id = exclusions.account_id
            and candidates.moment = exclusions.moment

    )

select
    trigger_id,
    account_id,
    episode_triggered_at,
    judged_on,
    moment,
    recipient_user_id,
    received_at,
    kind,
    is_shadow,
    message_group,
    cooldown_days,
    priority,
    -- In shadow the cooldown looks at the trigger's own shadow firings only.
    case when is_shadow then {{ dbt.concat(["'shadow:'", 'trigger_id']) }} else message_group end as cooldown_group,
    case
        when scope_reason is not null
        then 'scope'
        when stage_reason is not null
        then 'stage'
        when exclusion is not null
        then 'exclusion'
    end as reason_type,
    coalesce(scope_reason, stage_reason, exclusion) as reason
from judged
