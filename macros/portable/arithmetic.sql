{#- Half away from zero, in decimals: a double is first brought to a decimal fine enough to undo its own error. -#}
{% macro round_money(value) -%} cast(round(cast({{ value }} as decimal(38, 8)), 2) as decimal(18, 2)) {%- endmacro %}

{% macro round_ratio(value) -%} cast(round(cast({{ value }} as decimal(38, 12)), 6) as decimal(18, 6)) {%- endmacro %}

{#- A null denominator or a zero one gives null, on every engine. -#}
{% macro ratio(numerator, denominator) -%}
    {{ round_ratio('cast(' ~ numerator ~ ' as double) / nullif(cast(' ~ denominator ~ ' as double), 0)') }}
{%- endmacro %}

{#- A 64-bit integer for a text key. Integer keys halve the cost of sorting raw events. -#}
{% macro hash_key(text) -%} {{ return(adapter.dispatch('hash_key', 'expansion_triggers')(text)) }} {%- endmacro %}

{% macro default__hash_key(text) -%} hash({{ text }}) {%- endmacro %}

{% macro spark__hash_key(text) -%} xxhash64({{ text }}) {%- endmacro %}

{% macro hex_to_integer(digits) -%}
    {{ return(adapter.dispatch('hex_to_integer', 'expansion_triggers')(digits)) }}
{%- endmacro %}

{% macro default__hex_to_integer(digits) -%} cast(concat('0x', {{ digits }}) as bigint) {%- endmacro %}

{% macro spark__hex_to_integer(digits) -%} cast(conv({{ digits }}, 16, 10) as bigint) {%- endmacro %}

{#- The median of exactly the last `window` rows of a dense grid, as a double; null where one of them has no value. -#}
{% macro trailing_median(value, window, partition='account_id', day='signal_on') -%}
    {%- set trailing -%}
        over (partition by {{ partition }} order by {{ day }} rows between {{ window - 1 }} preceding and current row)
    {%- endset -%}
    case when count({{ value }}) {{ trailing }} = {{ window }} then {{ framed_median(value) }} {{ trailing }} end
{%- endmacro %}

{#- Spark's own median takes no frame. -#}
{% macro framed_median(value) -%}
    {{ return(adapter.dispatch('framed_median', 'expansion_triggers')(value)) }}
{%- endmacro %}

{% macro default__framed_median(value) -%} median(cast({{ value }} as double)) {%- endmacro %}

{% macro spark__framed_median(value) -%} percentile(cast({{ value }} as double), 0.5) {%- endmacro %}
