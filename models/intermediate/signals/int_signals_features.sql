with

    advanced_feature_days as (

        select distinct feature_uses.account_id, feature_uses.feature, feature_uses.event_on
        from {{ ref('int_product_feature_uses') }} as feature_uses
        inner join {{ ref('features') }} as features on feature_uses.feature = features.feature
        where features.is_advanced

    ),

    changes as ({{ distinct_cover_changes('advanced_feature_days', ['account_id'], ['feature'], 'event_on', 28) }}),

    team_days as (select * from {{ ref('int_feature_team_days') }}),

    account_days as (select * from {{ ref('int_product_account_days') }}),

    counted as (

        select
            account_days.account_id,
            account_days.signal_on,
            account_days.horizon_on,
            coalesce(
                {{ running_sum('changes.change', 'account_days.account_id', 'account_days.signal_on') }}, 0
            ) as features_adopted,
            coalesce(team_days.teams, 0) as max_teams_per_feature
        from account_days
        left join
            changes on account_days.account_id = changes.account_id and account_days.signal_on = changes.changed_on
        left join
            team_days on account_days.account_id = team_days.account_id and account_days.signal_on = team_days.signal_on

    )

select
    account_id,
    signal_on,
    cast({{ observed('features_adopted', 28, 'horizon_on') }} as bigint) as features_adopted_28d,
    cast({{ observed('max_teams_per_feature', 14, 'horizon_on') }} as bigint) as max_teams_per_feature_14d
from counted
