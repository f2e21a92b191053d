-- By account and message group, the first firing that could have been held out: what the account was assigned to, with
-- the share in force then. The firing has it; one recorded before firings had it has today's. Triggers retired since
-- stay, as does a holdout that has ended.
with

    firings as (select * from {{ ref('int_firings') }} where not is_shadow),

    library as (select * from {{ ref('trigger_library') }}),

    survivors as (select * from {{ ref('stg_crm__account_survivors') }}),

    accounts as (select * from {{ ref('int_validation_accounts') }}),

    clock as (select * from {{ ref('int_clock') }}),

    assigned as (
        select
            firings.message_group,
            accounts.account_id,
            accounts.account_key,
            firings.trigger_id,
            firings.fired_at as triggered_at,
            firings.is_holdout,
            coalesce(firings.holdout_pct, cast(library.holdout_pct as double), 0) / 100.0e0 as holdout_share,
            library.category = 'risk' as is_risk,
            library.expansion_types,
            {{ move_by_days('firings.fired_at', 'library.window_days') }} as window_ends_at,
            library.priority
        from firings
        left join library on firings.trigger_id = library.trigger_id
        left join survivors on firings.account_id = survivors.account_id
        inner join accounts on coalesce(survivors.survivor_account_id, firings.account_id) = accounts.account_id
    ),

    ordered as (
        select
            assigned.*,
            row_number() over (
                partition by account_key, message_group order by triggered_at, priority, trigger_id
            ) as assignment_order
        from assigned
        where holdout_share > 0
    )

select
    ordered.message_group,
    ordered.account_id,
    ordered.account_key,
    ordered.trigger_id,
    ordered.triggered_at,
    ordered.is_holdout,
    ordered.holdout_share,
    ordered.is_risk,
    ordered.expansion_types,
    ordered.window_ends_at,
    coalesce(ordered.window_ends_at <= clock.as_of, false) as is_complete
from ordered
cross join clock
where ordered.assignment_order = 1
