-- Expansion opportunities that have been closed, and whether a firing stood behind them: named by the opportunity,
-- or of its account with the window still open when it was created.
with

    clock as (select * from {{ ref('int_clock') }}),

    closes as (
        select
            versions.opportunity_id,
            versions.is_won,
            versions.valid_from as closed_at,
            row_number() over (partition by versions.opportunity_id order by versions.valid_from) as close_order
        from {{ ref('stg_crm__opportunity_versions') }} as versions
        cross join clock
        where versions.is_closed and versions.valid_from <= clock.as_of
    ),

    opportunities as (
        select
            opportunities.opportunity_id,
            accounts.account_key,
            opportunities.created_at,
            opportunities.firing_id,
            closes.is_won,
            closes.closed_at
        from {{ ref('stg_crm__opportunities') }} as opportunities
        inner join closes on opportunities.opportunity_id = closes.opportunity_id and closes.close_order = 1
        inner join {{ ref('int_validation_accounts') }} as accounts on opportunities.account_id = accounts.account_id
        where opportunities.is_expansion
    ),

    backed as (
        select distinct opportunities.opportunity_id
        from opportunities
        inner join {{ ref('int_validation_firings') }} as firings on opportunities.account_key = firings.account_key
        inner join {{ ref('int_validation_triggers') }} as triggers on firings.trigger_key = triggers.trigger_key
        where
            firings.is_acted_on
            and opportunities.created_at > firings.triggered_at
            and opportunities.created_at <= {{ move_by_days('firings.triggered_at', 'triggers.primary_window_days') }}
    )

select
    opportunities.opportunity_id,
    opportunities.account_key,
    opportunities.is_won,
    opportunities.closed_at,
    opportunities.firing_id is not null or backed.opportunity_id is not null as has_firing
from opportunities
left join backed on opportunities.opportunity_id = backed.opportunity_id
