-- Events by what the tracking plan says they count as, with and without a user.
with

    matches as (select * from {{ ref('int_tracking_plan_matches') }} where is_named),

    daily as (

        select
            events.account_id,
            events.event_on,
            sum(case when matches.action = 'integration_page_viewed' then 1 else 0 end) as integration_page_views,
            sum(case when matches.action = 'pricing_page_viewed' then 1 else 0 end) as pricing_page_views,
            sum(case when matches.is_value_event then 1 else 0 end) as value_milestones
        from {{ ref('int_product_events') }} as events
        inner join matches on events.source_table = matches.source_table and events.event_name = matches.event_name
        group by events.account_id, events.event_on

    ),

    account_days as (select * from {{ ref('int_product_account_days') }}),

    dense as (

        select
            account_days.account_id,
            account_days.signal_on,
            account_days.horizon_on,
            coalesce(daily.integration_page_views, 0) as integration_page_views,
            coalesce(daily.pricing_page_views, 0) as pricing_page_views,
            coalesce(daily.value_milestones, 0) as value_milestones
        from account_days
        left join daily on account_days.account_id = daily.account_id and account_days.signal_on = daily.event_on

    ),

    counted as (

        select
            account_id,
            signal_on,
            horizon_on,
            {{ trailing_sum('integration_page_views', 30) }} as integration_page_views,
            {{ trailing_sum('pricing_page_views', 14) }} as pricing_page_views,
            {{ trailing_sum('value_milestones', 30) }} as value_milestones
        from dense

    )

select
    account_id,
    signal_on,
    cast({{ observed('integration_page_views', 30, 'horizon_on') }} as bigint) as integration_page_views_30d,
    cast({{ observed('pricing_page_views', 14, 'horizon_on') }} as bigint) as pricing_page_views_14d,
    cast({{ observed('value_milestones', 30, 'horizon_on') }} as bigint) as value_milestones_30d
from counted
