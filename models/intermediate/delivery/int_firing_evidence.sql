-- What a person needs to trust a firing, frozen at its moment, as JSON.
with

    firings as (select * from {{ ref('int_new_firings') }}),

    triggers as (select trigger_id, event_action, play_id from {{ ref('int_triggers') }}),

    plays as (select play_id, recommended_action from {{ ref('plays') }}),

    library_conditions as (select * from {{ ref('trigger_conditions') }}),

    -- Of the wide table the judged days alone.
    signals as (

        select signals.*
        from {{ ref('int_account_signals_daily') }} as signals
        inner join
            (select distinct account_id, judged_on from firings) as judged
            on signals.account_id = judged.account_id
            and signals.signal_on = judged.judged_on

    ),

    listed as (select signal, position from {{ ref('context_signals') }}),

    advanced_features as (select count(*) as advanced_features from {{ ref('features') }} where is_advanced),

    condition_values as (

        select
            firings.firing_id,
            library_conditions.signal,
            library_conditions.comparator,
            library_conditions.threshold,
            library_conditions.threshold_high,
            case
                library_conditions.signal
                {% for signal in numeric_signals() %}
                    when '{{ signal }}' then cast(signals.{{ signal }} as decimal(38, 6))
                {% endfor %}
            end as signal_value
        from firings
        inner join library_conditions on firings.trigger_id = library_conditions.trigger_id
        left join signals on firings.account_id = signals.account_id and firings.judged_on = signals.signal_on
        where library_conditions.signal in ('{{ numeric_signals() | join("', '") }}')

    ),

    conditions as (

        select
            firing_id,
            {{ json_list(json_object([
            ('signal', 'signal'),
            ('comparator', 'comparator'),
            ('threshold', 'cast(threshold as double)'),
            ('threshold_high', 'cast(threshold_high as double)'),
            ('value', 'cast(signal_value as double)'),
        ]), 'signal, threshold') }} as conditions
        from condition_values
        group by firing_id

    ),

    surroundings as (

        select
            firings.firing_id,
            advanced_features.advanced_features,
            {% for signal in text_context() + numeric_signals() -%}
                signals.{{ signal }}{{ ',' if not loop.last }}
            {% endfor %}
        from firings
        cross join advanced_features
        left join signals on firings.account_id = signals.account_id and firings.judged_on = signals.signal_on

    ),

    -- What surrounds a firing on the judged day, as context_signals.csv lists it.
    context_values as (

        select
            surroundings.firing_id,
            listed.position,
            case
                listed.signal
                {% for signal in text_context() + numeric_context() %}
                    when '{{ signal }}'
                    then {{ json_member(signal, 'surroundings.' ~ signal, is_text=signal in text_context()) }}
                {% endfor %}
            end as member
        from surroundings
        cross join listed
        where listed.signal in ('{{ (text_context() + numeric_context()) | join("', '") }}')

    ),

    context as (

        select firing_id, {{ dbt.concat(["'{'", joined_texts('member', ',', 'position'), "'}'"]) }} as context
        from context_values
        group by firing_id

    )

select
    firings.firing_id,
    {{ json_object([
        ('judged_on', 'cast(firings.judged_on as ' ~ dbt.type_string() ~ ')'),
        ('event_action', 'triggers.event_action'),
        ('conditions', "coalesce(conditions.conditions, '[]')", 'json'),
        ('context', "coalesce(context.context, '{}')", 'json'),
        ('recommended_action', 'plays.recommended_action'),
    ]) }} as evidence
from firings
inner join triggers on firings.trigger_id = triggers.trigger_id
left join plays on triggers.play_id = plays.play_id
left join conditions on firings.firing_id = conditions.firing_id
left join context on firings.firing_id = context.firing_id
