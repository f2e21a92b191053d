-- Why a trigger did not fire for an account: day by day each condition's value beside its threshold, and the first
-- thing
-- that stopped it.
-- dbt show -s why_did_it_not_fire --limit 200 --vars '{account_id: ..., trigger_id: ..., from_on: 2026-01-01}'
{% set account_id = var('account_id', '') | replace("'", "''") -%}
{% set trigger_id = var('trigger_id', '') | replace("'", "''") -%}
with

    signals as (

        select *
        from {{ ref('int_account_signals_daily') }}
        where account_id = '{{ account_id }}' and signal_on >= cast('{{ var("from_on", "2000-01-01") }}' as date)

    ),

    conditions as (select * from {{ ref('trigger_conditions') }} where trigger_id = '{{ trigger_id }}'),

    measured as (

        {% for signal in numeric_signals() -%}
            select
                signals.signal_on,
                conditions.signal,
                conditions.comparator,
                conditions.threshold,
                conditions.threshold_high,
                cast(signals.{{ signal }} as decimal(38, 6)) as signal_value,
                coalesce({{ meets_condition('signals.' ~ signal) }}, false) as holds
            from signals
            inner join conditions on conditions.signal = '{{ signal }}' {{ 'union all' if not loop.last }}
        {% endfor %}

    ),

    days as (

        select
            signal_on,
            {{ joined_texts(
            dbt.concat([
                'signal', "' = '", "coalesce(" ~ readable_number('signal_value') ~ ", 'unknown')", "' ('", 'comparator', "' '",
                readable_number('threshold'), "case when holds then ') yes' else ') no' end",
            ]), '; ', 'signal, threshold'
        ) }}
            as conditions,
            min(case when holds then 1 else 0 end) = 1 as all_hold
        from measured
        group by signal_on

    ),

    judgements as (

        select *
        from {{ ref('int_candidate_judgements') }}
        where account_id = '{{ account_id }}' and trigger_id = '{{ trigger_id }}'

    ),

    fired as (

        select *
        from {{ ref('fct_fired_triggers') }}
        where account_id = '{{ account_id }}' and trigger_id = '{{ trigger_id }}'

    ),

    all_days as (

        select signal_on
        from days
        union
        select judged_on as signal_on
        from judgements

    )

select
    all_days.signal_on,
    days.conditions,
    judgements.moment,
    case
        when fired.firing_id is not null
        then 'fired'
        when judgements.reason_type is not null
        then {{ dbt.concat(["'stopped by '", 'judgements.reason_type', "': '", 'judgements.reason']) }}
        when judgements.moment is not null
        then 'stopped by cooldown'
        when days.all_hold
        then 'conditions hold, but not yet for long enough, or the episode has fired already'
        when days.signal_on is null
        then 'not a paying customer'
        else 'conditions do not hold'
    end as outcome,
    fired.firing_id
from all_days
left join days on all_days.signal_on = days.signal_on
left join judgements on all_days.signal_on = judgements.judged_on
left join fired on judgements.moment = fired.triggered_at
where all_days.signal_on >= cast('{{ var("from_on", "2000-01-01") }}' as date)
order by all_days.signal_on, judgements.moment
