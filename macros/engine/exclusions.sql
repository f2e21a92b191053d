{#-
    The first exclusion, in their order, that a trigger names and that holds just before a moment.

    relation: the columns of the key, trigger_id, account_id, moment, judged_on and kind; triggers: trigger_id, exclusions,
    expansion_types. Gives the key, each once, and exclusion.
-#}
{% macro first_exclusions(relation, triggers, key) -%}
    select
        {% for column in key %} {{ column }}, {% endfor %}
        case
            min(exclusion_rank)
            {% for exclusion in known_exclusions() %} when {{ loop.index }} then '{{ exclusion }}' {% endfor %}
        end as exclusion
    from
        (
            select
                {% for column in key %} moments.{{ column }}, {% endfor %}
                case
                    spells.exclusion
                    {% for exclusion in known_exclusions() %} when '{{ exclusion }}' then {{ loop.index }} {% endfor %}
                end as exclusion_rank
            from {{ relation }} as moments
            inner join {{ triggers }} as triggers on moments.trigger_id = triggers.trigger_id
            -- Invoices are past due by days: the closed day of what is judged by days, the day itself of an event.
            inner join
                {{ ref('int_exclusion_spells') }} as spells
                on moments.account_id = spells.account_id
                and {{ is_named_in('spells.exclusion', 'triggers.exclusions') }}
                and spells.from_at < moments.moment
                and (spells.to_at is null or spells.to_at >= moments.moment)
                and (
                    spells.from_on is null
                    or spells.from_on
                    <= case when moments.kind = 'daily' then moments.judged_on else {{ day_of('moments.moment') }} end
                )

            union all

            select
                {% for column in key %} moments.{{ column }}, {% endfor %}
                {{ known_exclusions().index('recently_expanded') + 1 }} as exclusion_rank
            from {{ relation }} as moments
            inner join
                {{ triggers }} as triggers
                on moments.trigger_id = triggers.trigger_id
                and {{ is_named_in("'recently_expanded'", 'triggers.exclusions') }}
            inner join
                {{ ref('int_expansions') }} as expansions
                on moments.account_id = expansions.account_id
                and expansions.expanded_on
                between {{ add_days('moments.judged_on', 1 - setting('recently_expanded_days')) }} and moments.judged_on
                and {{ is_named_in('expansions.expansion_type', 'triggers.expansion_types') }}
        ) as held
    group by {{ key | join(', ') }}
{%- endmacro %}
