{#- In the order in which they are judged. -#}
{% macro known_exclusions() -%}
    {{ return(['open_expansion_opportunity', 'open_urgent_ticket', 'invoice_past_due', 'opted_out', 'recently_expanded']) }}
{%- endmacro %}

{#- Whether a value meets a condition of the seed; null meets none. -#}
{% macro meets_condition(value, conditions='conditions') -%}
    case
        {{ conditions }}.comparator
        when '>'
        then {{ value }} > {{ conditions }}.threshold
        when '>='
        then {{ value }} >= {{ conditions }}.threshold
        when '<'
        then {{ value }} < {{ conditions }}.threshold
        when '<='
        then {{ value }} <= {{ conditions }}.threshold
        when '='
        then {{ value }} = {{ conditions }}.threshold
        when 'between'
        then {{ value }} between {{ conditions }}.threshold and {{ conditions }}.threshold_high
    end
{%- endmacro %}

{#- The same on every engine, run and replay. -#}
{% macro firing_id(trigger_id, account_id, moment) -%}
    md5({{ dbt.concat([trigger_id, "'|'", account_id, "'|'", iso_timestamp(moment)]) }})
{%- endmacro %}

{#- A share of account and message group is never delivered: by a hash, so that it never changes and needs no table. -#}
{% macro is_held_out(account_id, message_group, holdout_pct) -%}
    {{ hex_to_integer("substr(md5(" ~ dbt.concat([account_id, "'|'", message_group]) ~ "), 1, 8)") }} % 10000
    < {{ holdout_pct }} * 100
{%- endmacro %}

{#-
    The firings recorded by earlier builds, as a select; empty before the first. They are read past the graph: the
    model that records firings comes after the ones that ask what has been recorded.
-#}
{% macro recorded_firings() -%}
    {%- set recorded = built_relation('int_firings') if execute else none -%}
    {%- set earlier = firings_of_earlier_versions() if execute and recorded is none else none -%}
    {%- if recorded is not none -%}
        select firing_id, trigger_id, account_id, fired_at, deliver_at, cooldown_group, cooldown_days, is_shadow
        from {{ recorded }}
    {%- elif earlier is not none -%}
        select
            firing_id,
            trigger_id,
            account_id,
            triggered_at as fired_at,
            deliver_at,
            cooldown_group,
            cooldown_days,
            is_shadow
        from {{ earlier }}
    {%- else -%}
        select
            cast(null as {{ dbt.type_string() }}) as firing_id,
            cast(null as {{ dbt.type_string() }}) as trigger_id,
            cast(null as {{ dbt.type_string() }}) as account_id,
            cast(null as timestamp) as fired_at,
            cast(null as timestamp) as deliver_at,
            cast(null as {{ dbt.type_string() }}) as cooldown_group,
            cast(null as integer) as cooldown_days,
            cast(null as boolean) as is_shadow
        where false
    {%- endif -%}
{%- endmacro %}

{#- Up to version 1.0 the mart was itself the table of the recorded firings; now it is a view of them. -#}
{% macro firings_of_earlier_versions() -%}
    {%- set relation = built_relation('fct_fired_triggers') -%}
    {{ return(relation if relation is not none and relation.is_table else none) }}
{%- endmacro %}

{#- as_of of the newest build that recorded its firings, as a select of one row; null before the first. -#}
{% macro last_engine_run() -%}
    {%- set relation = built_relation('int_engine_runs') if execute else none -%}
    {%- if relation is not none -%} select max(as_of) as as_of from {{ relation }}
    {%- else -%} select cast(null as timestamp) as as_of
    {%- endif -%}
{%- endmacro %}

{#- The same moment as text of SQL, so that it can be looked up where rows are found by it. -#}
{% macro last_build_moment() -%}
    {%- set rows = run_query(
        'select cast(as_of as ' ~ dbt.type_string() ~ ') from (' ~ last_engine_run() ~ ') as runs where as_of is not null'
    ) if execute else [] -%}
    {%- set moment = rows[0][0] if rows else '1900-01-01 00:00:00' -%}
    cast('{{ moment }}' as timestamp)
{%- endmacro %}

{#- Firings are facts: a build of an earlier moment would add to a past that has been acted on. -#}
{% macro stop_before_recorded_moments() -%}
    {% if execute and flags.WHICH in ['build', 'run'] %}
        {% set rows = run_query(
            'select cast(clock.as_of as ' ~ dbt.type_string() ~ '), cast(recorded.newest_at as ' ~ dbt.type_string()
            ~ '), clock.as_of < recorded.newest_at from '
            ~ ref('int_clock') ~ ' as clock cross join (select max(fired_at) as newest_at from ('
            ~ recorded_firings() ~ ') as firings) as recorded where clock.as_of < recorded.newest_at'
        ) %}
        {% for row in rows %}
            {% do exceptions.raise_compiler_error(
                'as_of ' ~ row[0] ~ ' lies before the newest recorded firing (' ~ row[1]
                ~ '): a replay of an earlier moment needs a DATA_DIR of its own.'
            ) %}
        {% endfor %}
    {% endif %}
{%- endmacro %}

{#-
    Recorded firings as the cooldown sees them: with the moment at which one that told nobody is forgotten, and those of
    a merged account with its survivor. Of these only what reached somebody counts: the rest is never sent, and the
    survivor hears of itself.
-#}
{% macro recorded_by_survivor(recorded) -%}
    select
        recorded.firing_id,
        recorded.trigger_id,
        coalesce(survivors.survivor_account_id, recorded.account_id) as account_id,
        recorded.fired_at,
        recorded.cooldown_group,
        recorded.cooldown_days,
        cancellations.released_at
    from {{ recorded }} as recorded
    left join {{ ref('int_candidate_cancellations') }} as cancellations on recorded.firing_id = cancellations.firing_id
    left join {{ ref('stg_crm__account_survivors') }} as survivors on recorded.account_id = survivors.account_id
    left join {{ ref('stg_push__deliveries') }} as deliveries on recorded.firing_id = deliveries.firing_id
    where
        survivors.survivor_account_id is null
        or survivors.survivor_account_id = recorded.account_id
        or deliveries.firing_id is not null
{%- endmacro %}

{#-
    The candidates that a recorded firing forbids. In either direction: a recorded firing inside the candidate's
    cooldown, or the candidate inside a recorded one's; what is cancelled when it falls due holds the clock until then
    only. And nothing is recorded twice: neither a firing nor a burst, even where its group or its shadow has changed
    since.

    candidates: trigger_id, account_id, moment, kind, cooldown_group, cooldown_days, burst_minutes, released_at.
    recorded: trigger_id, account_id, fired_at, cooldown_group, cooldown_days, released_at.
    Gives trigger_id, account_id and moment, each once.
-#}
{% macro conflicts_with_recorded(candidates, recorded) -%}
    select candidates.trigger_id, candidates.account_id, candidates.moment
    from {{ candidates }} as candidates
    inner join
        {{ recorded }} as recorded
        on candidates.account_id = recorded.account_id
        and candidates.cooldown_group = recorded.cooldown_group
        and (
            (
                recorded.fired_at > {{ add_days_to_moment('candidates.moment', '-candidates.cooldown_days') }}
                and recorded.fired_at <= candidates.moment
                and (recorded.released_at is null or recorded.released_at > candidates.moment)
            )
            or (
                candidates.moment > {{ add_days_to_moment('recorded.fired_at', '-recorded.cooldown_days') }}
                and candidates.moment <= recorded.fired_at
                and (candidates.released_at is null or candidates.released_at > recorded.fired_at)
            )
        )

    union

    select candidates.trigger_id, candidates.account_id, candidates.moment
    from {{ candidates }} as candidates
    inner join
        {{ recorded }} as recorded
        on candidates.account_id = recorded.account_id
        and candidates.trigger_id = recorded.trigger_id
        and (
            candidates.moment = recorded.fired_at
            or (
                candidates.kind = 'event'
                and candidates.moment <= {{ add_minutes('recorded.fired_at', 'candidates.burst_minutes') }}
                and recorded.fired_at <= {{ add_minutes('candidates.moment', 'candidates.burst_minutes') }}
            )
        )
{%- endmacro %}
