-- A cooldown walked, bursts opened, pairs dealt, links followed and a line fitted, on a few rows whose answers are
-- worked out by hand.
with

    candidates as (

        -- The first fires; two days later is inside the cooldown; exactly seven days later is free; cooldown 0 always
        -- fires. What is cancelled on the second holds its group until then, but not what stands before it.
        select
            't1' as trigger_id,
            'a' as account_id,
            cast('2026-03-01 00:00:00' as timestamp) as moment,
            'g' as cooldown_group,
            7 as cooldown_days,
            1 as priority,
            cast(null as timestamp) as released_at
        union all
        select 't2', 'a', cast('2026-03-03 00:00:00' as timestamp), 'g', 7, 2, cast(null as timestamp)
        union all
        select 't2', 'a', cast('2026-03-08 00:00:00' as timestamp), 'g', 7, 2, cast(null as timestamp)
        union all
        select 't1', 'a', cast('2026-03-08 00:00:00' as timestamp), 'g', 7, 1, cast(null as timestamp)
        union all
        select 't0', 'a', cast('2026-03-09 00:00:00' as timestamp), 'g', 0, 3, cast(null as timestamp)
        union all
        select 't1', 'a', cast('2026-03-09 00:00:00' as timestamp), 'other', 7, 1, cast(null as timestamp)
        union all
        select 't3', 'a', cast('2026-03-10 00:00:00' as timestamp), 'kept', 7, 1, cast(null as timestamp)
        union all
        select
            't4', 'a', cast('2026-03-11 00:00:00' as timestamp), 'kept', 1, 1, cast('2026-03-12 00:00:00' as timestamp)
        union all
        -- Free of the one cancelled, not of the one that stays.
        select 't5', 'a', cast('2026-03-12 00:00:00' as timestamp), 'kept', 2, 1, cast(null as timestamp)
        union all
        select
            't6', 'a', cast('2026-03-20 00:00:00' as timestamp), 'freed', 7, 1, cast('2026-03-21 00:00:00' as timestamp)
        union all
        select 't6', 'a', cast('2026-03-20 12:00:00' as timestamp), 'freed', 7, 1, cast(null as timestamp)
        union all
        select 't6', 'a', cast('2026-03-21 00:00:00' as timestamp), 'freed', 7, 1, cast(null as timestamp)

    ),

    fired as ({{ walk_cooldown('candidates') }}),

    messages as (

        -- Exactly two days apart is outside; a third within 30 days is one too many, what a person sends is not, and
        -- counts.
        select
            'm1' as firing_id,
            'a' as account_id,
            cast('2026-03-01 00:00:00' as timestamp) as deliver_at,
            1 as place,
            true as is_limited
        union all
        select 'm2', 'a', cast('2026-03-02 23:59:59' as timestamp), 2, true
        union all
        select 'm3', 'a', cast('2026-03-03 00:00:00' as timestamp), 3, true
        union all
        select 'm4', 'a', cast('2026-03-20 00:00:00' as timestamp), 4, true
        union all
        select 'm5', 'a', cast('2026-03-20 00:00:00' as timestamp), 5, false
        union all
        select 'm6', 'a', cast('2026-04-02 00:00:00' as timestamp), 6, true
        union all
        select 'm7', 'b', cast('2026-03-01 00:00:00' as timestamp), 1, true

    ),

    admitted as ({{ walk_contact_limits('messages', 2, 2) }}),

    events as (

        select
            't1' as trigger_id,
            'a' as account_id,
            cast('2026-03-01 00:00:00' as timestamp) as event_at,
            25 as burst_minutes
        union all
        select 't1', 'a', cast('2026-03-01 00:25:00' as timestamp), 25
        union all
        select 't1', 'a', cast('2026-03-01 00:25:01' as timestamp), 25
        union all
        select 't1', 'a', cast('2026-03-01 00:50:00' as timestamp), 25

    ),

    bursts as ({{ opened_bursts('events') }}),

    pairs as (

        select
            'a' as account_id,
            1 as deal_order,
            'i1' as earlier_item_id,
            'i3' as later_item_id,
            cast('2026-03-01 00:00:00' as timestamp) as continued_at
        union all
        select 'a', 2, 'i2', 'i3', cast('2026-03-01 00:00:00' as timestamp)
        union all
        select 'a', 3, 'i2', 'i4', cast('2026-03-01 00:00:00' as timestamp)

    ),

    dealt as ({{ dealt_pairs('pairs') }}),

    links as (

        select 'a' as id, 'b' as next_id
        union all
        select 'b', 'c'
        union all
        select 'c', cast(null as {{ dbt.type_string() }})
        union all
        select 'd', 'gone'
        union all
        select 'x', 'y'
        union all
        select 'y', 'x'

    ),

    followed as ({{ followed_links('links') }}),

    points as (

        -- One of four at 0 and two of three at 1: log odds of 1/3 and 2.
        select 'f' as family, 0.0e0 as x, 1.0e0 as y
        union all
        select 'f', 0.0e0, 0.0e0
        union all
        select 'f', 0.0e0, 0.0e0
        union all
        select 'f', 0.0e0, 0.0e0
        union all
        select 'f', 1.0e0, 1.0e0
        union all
        select 'f', 1.0e0, 1.0e0
        union all
        select 'f', 1.0e0, 0.0e0
        union all
        select 'g', 2.0e0, 1.0e0
        union all
        select 'g', 2.0e0, 0.0e0

    ),

    {{ logistic_line('points', 'family', 'x', 'y') | indent(4) }},

    found as (

        select
            'walk_cooldown' as macro_name,
            {{ joined_texts(dbt.concat(['trigger_id', "'@'", "substr(cast(moment as " ~ dbt.type_string() ~ "), 9, 2)"]), ' ', 'moment, trigger_id') }}
            as got
        from fired
        union all
        select 'walk_contact_limits', {{ joined_texts('firing_id', ' ', 'firing_id') }}
        from admitted
        union all
        select
            'opened_bursts',
            {{ joined_texts('substr(cast(event_at as ' ~ dbt.type_string() ~ '), 12, 8)', ' ', 'event_at') }}
        from bursts
        union all
        select
            'dealt_pairs',
            {{ joined_texts(dbt.concat(['earlier_item_id', "'-'", 'later_item_id']), ' ', 'earlier_item_id') }}
        from dealt
        union all
        select
            'followed_links',
            {{ joined_texts(dbt.concat(['id', "'-'", 'end_id', "'-'", 'cast(steps as ' ~ dbt.type_string() ~ ')']), ' ', 'id') }}
        from followed
        where id not in ('x', 'y')
        union all
        select
            'logistic_line',
            {{ joined_texts(
            "case when round(intercept + ln(3.0e0), 6) = 0 and round(slope - ln(6.0e0), 6) = 0 then 'found'"
            " when slope is null then 'one x' else 'lost' end",
            ' ',
            'family',
        ) }}
        from line

    )

select macro_name, got
from found
where
    got <> case
        macro_name
        when 'walk_cooldown'
        then 't1@01 t1@08 t0@09 t1@09 t3@10 t4@11 t5@12 t6@20 t6@21'
        when 'walk_contact_limits'
        then 'm1 m3 m5 m6 m7'
        when 'opened_bursts'
        then '00:00:00 00:25:01'
        when 'dealt_pairs'
        then 'i1-i3 i2-i4'
        when 'followed_links'
        then 'a-c-2 b-c-1 c-c-0 d-gone-1'
        when 'logistic_line'
        then 'found one x'
    end
