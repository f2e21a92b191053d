-- The number of teams that used one feature in 14 days, for the days on which it is not zero; the largest an account.
with

    team_days as (

        select distinct account_id, feature, team_id, event_on
        from {{ ref('int_product_feature_uses') }}
        where feature is not null and team_id is not null

    ),

    changes as ({{ distinct_cover_changes('team_days', ['account_id', 'feature'], ['team_id'], 'event_on', 14) }}),

    levels as (

        select
            account_id,
            changed_on as from_on,
            lead(changed_on) over (partition by account_id, feature order by changed_on) as to_on,
            {{ running_sum('change', 'account_id, feature', 'changed_on') }} as teams
        from changes

    ),

    days as (select * from {{ ref('int_days') }})

select levels.account_id, days.signal_on, cast(max(levels.teams) as bigint) as teams
from levels
inner join days on levels.from_on <= days.signal_on and days.signal_on < levels.to_on
where levels.teams > 0
group by levels.account_id, days.signal_on
