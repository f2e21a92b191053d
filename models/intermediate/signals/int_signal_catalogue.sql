{{ config(materialized='view') }}

-- The catalogue as rows, with the company's own words where it has some.
with

    catalogue as (

        {% for signal in signal_catalogue() if signal.kind != 'text' -%}
            select
                '{{ signal.name }}' as signal,
                '{{ signal.unit }}' as unit,
                '{{ signal.kind }}' as kind,
                '{{ signal.domain }}' as domain,
                {{ 'true' if signal.is_first_ever else 'false' }} as is_first_ever,
                {{ dbt.string_literal(dbt.escape_single_quotes(signal.phrase)) }} as phrase
                {{ 'union all' if not loop.last }}
        {% endfor %}

    ),

    own_words as (select signal, phrase from {{ ref('signal_phrases') }})

select
    catalogue.signal,
    catalogue.unit,
    catalogue.kind,
    catalogue.domain,
    catalogue.is_first_ever,
    nullif(case when own_words.signal is null then catalogue.phrase else own_words.phrase end, '') as phrase
from catalogue
left join own_words on catalogue.signal = own_words.signal
