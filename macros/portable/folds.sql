{#-
    The cooldown over candidates that nothing else stops. Within a cooldown group the candidates are walked in order of
    moment, priority and trigger; one fires exactly when no firing of the group lies in its own cooldown_days up to it. A
    firing that will be cancelled when it falls due holds the clock until then only, so that the newest firing does not
    speak for those before it: the walk keeps them all, and is a fold on either engine.

    relation: trigger_id, account_id, moment, cooldown_group, cooldown_days, priority, released_at (null where it is not
    cancelled). Gives the rows that fire.
-#}
{% macro walk_cooldown(relation) -%}
    {{ return(adapter.dispatch('walk_cooldown', 'expansion_triggers')(relation)) }}
{%- endmacro %}

{% macro default__walk_cooldown(relation) -%}
    select fired_row.trigger_id, account_id, fired_row.moment
    from
        (
            select
                account_id,
                unnest(
                    list_reduce(
                        -- A list of lists of one, so that what has fired and what is next are of one type.
                        list(
                            [
                                {
                                    'trigger_id':trigger_id,
                                    'moment':moment,
                                    'free_of':{{ add_days_to_moment('moment', '-cooldown_days') }},
                                    'released_at':released_at
                                }
                            ]
                            order by moment, priority, trigger_id
                        ),
                        lambda fired,
                        candidate: case
                            when
                                len(
                                    list_filter(
                                        fired,
                                        lambda x:x.moment > candidate[1].free_of
                                        and (x.released_at is null or x.released_at > candidate[1].moment)
                                    )
                                )
                                = 0
                            then list_concat(fired, candidate)
                            else fired
                        end
                    )
                ) as fired_row
            from {{ relation }}
            group by account_id, cooldown_group
        ) as walked
{%- endmacro %}

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
                                    {{ add_days_to_moment('moment', '-cooldown_days') }} as free_of,
                                    released_at
                                )
                            )
                        ),
                        cast(
                            array() as array<
                                struct<
                                    moment:timestamp,
                                    priority:int,
                                    trigger_id:string,
                                    free_of:timestamp,
                                    released_at:timestamp
                                >
                            >
                        ),
                        (fired, candidate) -> case
                            when
                                exists (
                                    fired,
                                    x -> x.moment > candidate.free_of
                                    and (x.released_at is null or x.released_at > candidate.moment)
                                )
                            then fired
                            else concat(fired, array(candidate))
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

{#-
    The limits on how often an account hears from us, walked in the order in which they fall due: what is limited is held
    back where an admitted one lies less than min_days before it, or max_messages of them less than 30 days. What is
    not limited is always admitted, and counts.

    relation: firing_id, account_id, deliver_at, place (1, 2, .. in each), is_limited. Gives the firing_id of what is admitted.
    within: the column of what hears from us together.
-#}
{% macro walk_contact_limits(relation, min_days, max_messages, within='account_id') -%}
    {{ return(adapter.dispatch('walk_contact_limits', 'expansion_triggers')(relation, min_days, max_messages, within)) }}
{%- endmacro %}

{% macro default__walk_contact_limits(relation, min_days, max_messages, within) -%}
    select admitted_row.firing_id
    from
        (
            select
                unnest(
                    list_reduce(
                        list(
                            [
                                {
                                    'firing_id':firing_id,
                                    'deliver_at':deliver_at,
                                    'is_limited':is_limited,
                                    'near_from':{{ add_days_to_moment('deliver_at', '-' ~ min_days) }},
                                    'month_from':{{ add_days_to_moment('deliver_at', '-30') }}
                                }
                            ]
                            order by place
                        ),
                        lambda admitted,
                        next_one: case
                            when
                                next_one[1].is_limited
                                and (
                                    len(list_filter(admitted, lambda x:x.deliver_at > next_one[1].near_from)) > 0
                                    or len(list_filter(admitted, lambda x:x.deliver_at > next_one[1].month_from))
                                    >= {{ max_messages }}
                                )
                            then admitted
                            else list_concat(admitted, next_one)
                        end
                    )
                ) as admitted_row
            from {{ relation }}
            group by {{ within }}
        ) as walked
{%- endmacro %}

{% macro spark__walk_contact_limits(relation, min_days, max_messages, within) -%}
    select admitted_row.firing_id
    from
        (
            select
                explode(
                    aggregate(
                        array_sort(
                            collect_list(
                                struct(
                                    cast(place as bigint) as place,
                                    deliver_at,
                                    firing_id,
                                    is_limited,
                                    {{ add_days_to_moment('deliver_at', '-' ~ min_days) }} as near_from,
                                    {{ add_days_to_moment('deliver_at', '-30') }} as month_from
                                )
                            )
                        ),
                        cast(
                            array() as array<
                                struct<
                                    place:bigint,
                                    deliver_at:timestamp,
                                    firing_id:string,
                                    is_limited:boolean,
                                    near_from:timestamp,
                                    month_from:timestamp
                                >
                            >
                        ),
                        (admitted, next_one) -> case
                            when
                                next_one.is_limited
                                and (
                                    exists (admitted, x -> x.deliver_at > next_one.near_from)
                                    or size(filter(admitted, x -> x.deliver_at > next_one.month_from))
                                    >= {{ max_messages }}
                                )
                            then admitted
                            else concat(admitted, array(next_one))
                        end
                    )
                ) as admitted_row
            from {{ relation }}
            group by {{ within }}
        ) as walked
{%- endmacro %}
