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
