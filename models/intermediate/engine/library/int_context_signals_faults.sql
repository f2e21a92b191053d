-- What is wrong with context_signals.csv, in sentences.
with

    context as (select signal from {{ ref('context_signals') }}),

    known as (

        {% for signal in text_context() + numeric_context() -%}
            select '{{ signal }}' as signal{{ ' union all' if not loop.last }}
        {% endfor %}

    )

select
    'context_signals' as seed_name,
    context.signal as row_id,
    'signal' as column_name,
    {{ dbt.concat([
    "'signal '", 'context.signal',
    "' is unknown: expected one of the signals of dim_triggers, tier, segment or advanced_features'"
]) }} as fault
from context
left join known on context.signal = known.signal
where known.signal is null
