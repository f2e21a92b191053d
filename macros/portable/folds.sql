{#-
    The cooldown over candidates that nothing else stops. Within a cooldown group the candidates are walked in order of
    moment, priority and trigger; one fires exactly when the newest firing of the group lies at least its own
    cooldown_days before it. So the firing after a firing is the first later candidate whose moment less its cooldown
    reaches back to it, and the walk is a recursion over firings, not over candidates.

    relation: trigger_id, account_id, moment, cooldown_group, cooldown_days, priority. Gives the rows that fire.
-#}
{% macro walk_cooldown(relation) -%}
    {{ return(adapter.dispatch('walk_cooldown', 'expansion_triggers')(relation)) }}
{%- endmacro %}

{% macro default__walk_cooldown(relation) -%}
    with recursive

        ordered as (

            select
                trigger_id,
                account_id,
                moment,
                cooldown_group,
                cooldown_days,
                row_number() over (
                    partition by account_id, cooldown_group order by moment, priority, trigger_id
                ) as place
            from {{ relation }}

        ),

        -- From here on a candidate is free of a firing at or before this instant; without a cooldown of any.
        freed as (select *, {{ add_days_to_moment('moment', '-cooldown_days') }} as free_of from ordered),

        fired as (

            select account_id, cooldown_group, place, moment
            from freed
            where place = 1

            union all

            select account_id, cooldown_group, place, moment
            from
                (
                    select
                        freed.account_id,
                        freed.cooldown_group,
                        freed.place,
                        freed.moment,
                        row_number() over (
                            partition by freed.account_id, freed.cooldown_group order by freed.place
                        ) as next_place
                    from fired
                    inner join
                        freed
                        on fired.account_id = freed.account_id
                        and fired.cooldown_group = freed.cooldown_group
                        and fired.place < freed.place
                        and fired.moment <= freed.free_of
                ) as following
            where next_place = 1

        )

    select ordered.trigger_id, ordered.account_id, ordered.moment
    from fired
    inner join
        ordered
        on fired.account_id = ordered.account_id
        and fired.cooldown_group = ordered.cooldown_group
        and fired.place = ordered.place
{%- endmacro %}

{#- A fold over each group's ordered candidates: no recursion, one shuffle, any Spark from 3.1 on. -#}
{% macro spark__walk_cooldown(relation) -%}
    select fired_row.trigger_id, account_id, fired_row.moment
    from
        (
            select
                account_id,
                explode(
                    aggregate(
                        array_sort(
                            collect_list(
                                struct(
                                    moment,
                                    priority,
                                    trigger_id,
                                    {{ add_days_to_moment('moment', '-cooldown_days') }} as free_of
                                )
                            )
                        ),
                        cast(
                            array() as array<
                                struct<moment:timestamp, priority:int, trigger_id:string, free_of:timestamp>
                            >
                        ),
                        (fired, candidate) -> case
                            when size(fired) = 0 or element_at(fired, -1).moment <= candidate.free_of
                            then concat(fired, array(candidate))
                            else fired
                        end
                    )
                ) as fired_row
            from {{ relation }}
            group by account_id, cooldown_group
        ) as walked
{%- endmacro %}

{#-
    Events that stand close together are one burst: one opens where no burst of its trigger and account was opened in the
    burst_minutes up to it, both ends in.

    relation: trigger_id, account_id, event_at (each once), burst_minutes. Gives trigger_id, account_id and event_at of those
    that open one.
-#}
{% macro opened_bursts(relation) -%}
    {{ return(adapter.dispatch('opened_bursts', 'expansion_triggers')(relation)) }}
{%- endmacro %}

{% macro default__opened_bursts(relation) -%}
    with recursive

        nexts as (

            select here.trigger_id, here.account_id, here.event_at, min(later.event_at) as next_at
            from {{ relation }} as here
            inner join
                {{ relation }} as later
                on here.trigger_id = later.trigger_id
                and here.account_id = later.account_id
                and later.event_at > {{ add_minutes('here.event_at', 'here.burst_minutes') }}
            group by here.trigger_id, here.account_id, here.event_at

        ),

        opened as (

            select trigger_id, account_id, min(event_at) as event_at
            from {{ relation }}
            group by trigger_id, account_id

            union all

            select opened.trigger_id, opened.account_id, nexts.next_at as event_at
            from opened
            inner join
                nexts
                on opened.trigger_id = nexts.trigger_id
                and opened.account_id = nexts.account_id
                and opened.event_at = nexts.event_at

        )

    select trigger_id, account_id, event_at
    from opened
{%- endmacro %}

{% macro spark__opened_bursts(relation) -%}
    select trigger_id, account_id, opened.event_at
    from
        (
            select
                trigger_id,
                account_id,
                explode(
                    aggregate(
                        array_sort(
                            collect_list(struct(event_at, {{ add_minutes('event_at', 'burst_minutes') }} as closes_at))
                        ),
                        cast(array() as array<struct<event_at:timestamp, closes_at:timestamp>>),
                        (opened, event) -> case
                            when size(opened) = 0 or event.event_at > element_at(opened, -1).closes_at
                            then concat(opened, array(event))
                            else opened
                        end
                    )
                ) as opened
            from {{ relation }}
            group by trigger_id, account_id
        ) as folded
{%- endmacro %}

{#-
    Pairs dealt one after the other: a pair is dealt unless its earlier item has already been an earlier one, or its later item
    a later one.

    relation: account_id, deal_order (1, 2, .. in each), earlier_item_id, later_item_id, continued_at. Gives the
    pairs dealt: earlier_item_id, later_item_id, continued_at.
-#}
{% macro dealt_pairs(relation) -%}
    {{ return(adapter.dispatch('dealt_pairs', 'expansion_triggers')(relation)) }}
{%- endmacro %}

{% macro default__dealt_pairs(relation) -%}
    {%- set is_free -%}
        instr(dealt.parts_played, {{ dbt.concat(["'|earlier '", 'pairs.earlier_item_id', "'|'"]) }}) = 0
        and instr(dealt.parts_played, {{ dbt.concat(["'|later '", 'pairs.later_item_id', "'|'"]) }}) = 0
    {%- endset -%}
    with recursive

        dealt as (

            select
                account_id,
                deal_order,
                earlier_item_id,
                later_item_id,
                continued_at,
                1 as is_dealt,
                {{ dbt.concat(["'|earlier '", 'earlier_item_id', "'|later '", 'later_item_id', "'|'"]) }}
                as parts_played
            from {{ relation }}
            where deal_order = 1

            union all

            select
                pairs.account_id,
                pairs.deal_order,
                pairs.earlier_item_id,
                pairs.later_item_id,
                pairs.continued_at,
                case when {{ is_free }} then 1 else 0 end as is_dealt,
                case
                    when {{ is_free }}
                    then
                        {{ dbt.concat([
                            'dealt.parts_played', "'earlier '", 'pairs.earlier_item_id',
                            "'|later '", 'pairs.later_item_id', "'|'",
                        ]) }}
                    else dealt.parts_played
                end as parts_played
            from dealt
            inner join
                {{ relation }} as pairs
                on dealt.account_id = pairs.account_id
                and dealt.deal_order + 1 = pairs.deal_order

        )

    select earlier_item_id, later_item_id, continued_at
    from dealt
    where is_dealt = 1
{%- endmacro %}

{% macro spark__dealt_pairs(relation) -%}
    select dealt.earlier_item_id, dealt.later_item_id, dealt.continued_at
    from
        (
            select
                explode(
                    aggregate(
                        array_sort(
                            collect_list(struct(place as deal_order, earlier_item_id, later_item_id, continued_at))
                        ),
                        cast(
                            array() as array<
                                struct<
                                    deal_order:bigint,
                                    earlier_item_id:string,
                                    later_item_id:string,
                                    continued_at:timestamp
                                >
                            >
                        ),
                        (dealt, pair) -> case
                            when
                                exists (
                                    dealt,
                                    x -> x.earlier_item_id = pair.earlier_item_id
                                    or x.later_item_id = pair.later_item_id
                                )
                            then dealt
                            else concat(dealt, array(pair))
                        end
                    )
                ) as dealt
            from (select *, cast(deal_order as bigint) as place from {{ relation }}) as pairs
            group by account_id
        ) as folded
{%- endmacro %}

{#-
    Where a link leads in the end: from each id on and on, by joining what has been walked to itself, so that each round
    doubles it. 2 ** rounds steps are walked at most, which stops a ring.

    relation: id (each once) and next_id (null where there is none). Gives id, end_id (itself where it leads nowhere) and steps.
    within: a column of it that links never leave, where there is one: what is walked together.
-#}
{% macro followed_links(relation, within='1', rounds=5) -%}
    {{ return(adapter.dispatch('followed_links', 'expansion_triggers')(relation, within, rounds)) }}
{%- endmacro %}

{% macro default__followed_links(relation, within, rounds) -%}
    with

        walked_0 as (

            select id, coalesce(next_id, id) as end_id, case when next_id is null then 0 else 1 end as steps
            from {{ relation }}

        ),
        {% for round in range(rounds) %}
            walked_{{ round + 1 }} as (

                select
                    here.id,
                    coalesce(further.end_id, here.end_id) as end_id,
                    here.steps + coalesce(further.steps, 0) as steps
                from walked_{{ round }} as here
                left join walked_{{ round }} as further on here.steps > 0 and here.end_id = further.id

            ){{ ',' if not loop.last }}
        {% endfor %}

    select id, end_id, steps
    from walked_{{ rounds }}
{%- endmacro %}

{#- A walk over a map of the links that stay together: Spark would write each round's CTE out twice, and so ad infinitum. -#}
{% macro spark__followed_links(relation, within, rounds) -%}
    select id, walked.end_id as end_id, walked.steps as steps
    from
        (
            select
                links.id,
                aggregate(
                    sequence(1, least({{ 2**rounds }}, coalesce(size(leads.next_of), 1))),
                    named_struct('end_id', links.id, 'steps', 0),
                    (walk, step) -> case
                        when try_element_at(leads.next_of, walk.end_id) is null
                        then walk
                        else named_struct('end_id', try_element_at(leads.next_of, walk.end_id), 'steps', walk.steps + 1)
                    end
                ) as walked
            from (select *, {{ within }} as walked_within from {{ relation }}) as links
            left join
                (
                    select {{ within }} as walked_within, map_from_entries(collect_list(struct(id, next_id))) as next_of
                    from {{ relation }}
                    where next_id is not null
                    group by {{ within }}
                ) as leads
                on links.walked_within <=> leads.walked_within
        ) as followed
{%- endmacro %}

{#-
    Every stop on the way of a link: the id itself as step 1, what it names as step 2, and so on. Each stop is asked once,
    which ends a ring; what a link names that is no id ends the walk before it.

    relation: id (each once) and next_id (null where there is none). Gives id, step and stop_id.
-#}
{% macro link_stops(relation) -%}
    {{ return(adapter.dispatch('link_stops', 'expansion_triggers')(relation)) }}
{%- endmacro %}

{% macro default__link_stops(relation) -%}
    with recursive

        walked as (

            select
                id,
                1 as step,
                id as stop_id,
                next_id,
                cast({{ dbt.concat(["'|'", 'id', "'|'"]) }} as {{ dbt.type_string() }}) as asked
            from {{ relation }}

            union all

            select
                walked.id,
                walked.step + 1 as step,
                links.id as stop_id,
                links.next_id,
                {{ dbt.concat(['walked.asked', 'links.id', "'|'"]) }} as asked
            from walked
            inner join {{ relation }} as links on walked.next_id = links.id
            where instr(walked.asked, {{ dbt.concat(["'|'", 'links.id', "'|'"]) }}) = 0

        )

    select id, step, stop_id
    from walked
{%- endmacro %}

{% macro spark__link_stops(relation) -%}
    select id, place + 1 as step, stop_id
    from
        (
            select
                links.id,
                aggregate(
                    sequence(1, size(leads.next_of)),
                    array(links.id),
                    (walk, step) -> case
                        when
                            try_element_at(leads.next_of, element_at(walk, -1)) is null
                            or not map_contains_key(leads.next_of, try_element_at(leads.next_of, element_at(walk, -1)))
                            or array_contains(walk, try_element_at(leads.next_of, element_at(walk, -1)))
                        then walk
                        else concat(walk, array(try_element_at(leads.next_of, element_at(walk, -1))))
                    end
                ) as stops
            from {{ relation }} as links
            cross join
                (
                    select map_from_entries(collect_list(struct(id, coalesce(next_id, '')))) as next_of
                    from {{ relation }}
                ) as leads
        ) as walked
    lateral view posexplode(stops) as place, stop_id
{%- endmacro %}
