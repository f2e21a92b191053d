-- What was seen and what surrounds it, in words.
with

    context as (select * from {{ ref('int_firing_context') }}),

    condition_values as ({{ evidence_conditions(ref('int_firings')) | indent(4) }}),

    phrases as (select * from {{ ref('int_signal_catalogue') }} where phrase is not null),

    labels as (select signal, label, position from {{ ref('context_signals') }} where label is not null),

    library as (select trigger_id, trigger_name from {{ ref('trigger_library') }}),

    worded as (

        select
            condition_values.firing_id,
            condition_values.signal,
            {{ fill_tokens('phrases.phrase', [
            ('value', "case phrases.kind when 'ratio' then " ~ dbt.concat([
                'cast(cast(round(100 * condition_values.signal_value) as bigint) as ' ~ dbt.type_string() ~ ')', "' %'"
            ]) ~ " else " ~ readable_number('condition_values.signal_value') ~ " end"),
        ] + context_tokens('context.evidence')) }} as phrase
        from condition_values
        inner join context on condition_values.firing_id = context.firing_id
        inner join phrases on condition_values.signal = phrases.signal
        where condition_values.signal_value is not null

    ),

    signals as (

        select firing_id, {{ joined_texts('phrase', ', ', 'signal') }} as signal_text from worded group by firing_id

    ),

    context_values as (

        select
            context.firing_id,
            context.evidence,
            labels.label,
            labels.position,
            case
                labels.signal
                {% for signal in text_context() + numeric_context() %}
                    when '{{ signal }}' then {{ context_value('context.evidence', signal) }}
                {% endfor %}
            end as value_text
        from context
        cross join labels

    ),

    counted as (

        -- A noun with its plural in brackets agrees with what is counted.
        select
            firing_id,
            evidence,
            position,
            replace(label, '(s)', case when value_text = '1' then '' else 's' end) as label,
            case when value_text = '0' and instr(label, '(s)') > 0 then 'no' else value_text end as value_text
        from context_values
        where value_text is not null

    ),

    surroundings as (

        select
            firing_id,
            position,
            {{ fill_tokens('label', [('value', 'value_text')] + context_tokens('evidence')) }} as words
        from counted

    ),

    context_words as (

        select firing_id, {{ joined_texts('words', ', ', 'position') }} as context_text
        from surroundings
        group by firing_id

    )

select
    context.firing_id,
    coalesce(signals.signal_text, library.trigger_name) as signal_text,
    coalesce(context_words.context_text, 'nothing else is known') as context_text
from context
left join signals on context.firing_id = signals.firing_id
left join context_words on context.firing_id = context_words.firing_id
left join library on context.trigger_id = library.trigger_id
