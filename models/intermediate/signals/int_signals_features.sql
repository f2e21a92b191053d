-- Advanced features in use, and the largest number of teams that share one feature.
with

    feature_uses as (select * from {{ ref('int_product_feature_uses') }} where feature is not null),

    advanced_feature_days as (

        select distinct feature_uses.account_id, feature_uses.feature, feature_uses.event_on
        from feature_uses
        inner join {{ ref('features') }} as features on feature_uses.feature = features.feature
        where features.is_advanced

    ),

    changes as ({{ distinct_cover_changes('advanced_feature_days', ['account_id'], ['feature'], 'event_on', 28) }}),

    team_days as (select distinct account_id, feature, team_id, event_on from feature_uses where team_id is not null),

    team_changes as ({{ distinct_cover_changes('team_days', ['account_id', 'feature'], ['team_id'], 'event_on', 14) }}),

    team_levels as (

        select
            account_id,
            changed_on as from_on,
            lead(changed_on) over (partition by account_id, feature order by changed_on) as to_on,
            {{ running_sum('change', 'account_id, feature', 'changed_on') }} as teams
        from team_changes

    ),

    account_days as (select * from {{ ref('int_product_account_days') }}),

    most_teams as (

        select account_days.account_id, account_days.signal_on, max(team_levels.teams) as teams
        from account_days
        inner join
            team_levels
            on account_days.account_id = team_levels.account_id
            and team_levels.from_on <= account_days.signal_on
            and account_days.signal_on < team_levels.to_on
        where team_levels.teams > 0
        group by account_days.account_id, account_days.signal_on

    ),

    counted as (

        select
            account_days.account_id,
            account_days.signal_on,
            account_days.horizon_on,
            coalesce(
                {{ running_sum('changes.change', 'account_days.account_id', 'account_days.signal_on') }}, 0
            ) as features_adopted,
            coalesce(most_teams.teams, 0) as max_teams_per_feature
        from account_days
        left join
            changes on account_days.account_id = changes.account_id and account_days.signal_on = changes.changed_on
        left join
            most_teams
            on account_days.account_id = most_teams.account_id
            and account_days.signal_on = most_teams.signal_on

    )

select
    account_id,
    signal_on,
    cast({{ observed('features_adopted', 28, 'horizon_on') }} as bigint) as features_adopted_28d,
    cast({{ observed('max_teams_per_feature', 14, 'horizon_on') }} as bigint) as max_teams_per_feature_14d
from counted
