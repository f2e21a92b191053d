-- One row an account and paid day, one column a signal, each from the model that the catalogue names: the only wide
-- join.
-- Unknown is null; zero is measured and none. Health is by the weights, unless a customer-success tool has scored the
-- account by then.
{{- check_signal_catalogue() }}
{%- set own = ['health_score', 'health_band'] %}
{%- set signals = signal_catalogue() | rejectattr('name', 'in', own) | list %}
{%- set components = signals | rejectattr('kind', 'equalto', 'text') | list %}
{%- set spine = 'int_account_billing_daily' %}
{%- set families = signals | map(attribute='model') | reject('equalto', spine) | unique | list %}
with

    {{ spine }} as (select * from {{ ref('int_account_billing_daily') }}),

    {% for family in families -%} {{ family }} as (select * from {{ ref(family) }}), {% endfor %}

    -- In one row, so that nothing is unpivoted.
    weights as (

        select
            count(*) as components
            {%- for signal in components %}
                ,
                max(case when component = '{{ signal.name }}' then weight end) as {{ signal.name }}_weight,
                max(case when component = '{{ signal.name }}' then value_at_0 end) as {{ signal.name }}_at_0,
                max(case when component = '{{ signal.name }}' then value_at_100 end) as {{ signal.name }}_at_100
            {%- endfor %}
        from {{ ref('health_weights') }}

    ),

    score_spells as (select * from {{ ref('int_success_score_spells') }}),

    measures as (

        select
            {{ spine }}.account_id,
            {{ spine }}.signal_on,
            {{ spine }}.first_paid_on,
            {{ spine }}.tenure_days,
            {%- for signal in signals %} {{ signal.model }}.{{ signal.name }}, {%- endfor %}
            score_spells.score as success_score,
            {{ health_points(components) }} as weighted_points,
            {{ health_weight(components) }} as known_weight
        from {{ spine }}
        cross join weights
        {%- for family in families %}
            left join
                {{ family }}
                on {{ spine }}.account_id = {{ family }}.account_id
                and {{ spine }}.signal_on = {{ family }}.signal_on
        {%- endfor %}
        left join
            score_spells
            on {{ spine }}.account_id = score_spells.account_id
            and score_spells.valid_from < {{ day_close(spine ~ '.signal_on') }}
            and (score_spells.valid_until is null or score_spells.valid_until >= {{ day_close(spine ~ '.signal_on') }})

    ),

    scored as (

        select
            *,
            cast(
                round(
                    cast(coalesce(success_score, {{ share('weighted_points', 'known_weight') }}) as decimal(38, 8)), 1
                ) as decimal(5, 1)
            ) as health_score
        from measures

    )

select
    account_id,
    signal_on,
    first_paid_on,
    tenure_days,
    {%- for signal in signals %} {{ signal.name }}, {%- endfor %}
    health_score,
    case
        when health_score >= {{ setting('health_bands', 'excellent') }}
        then 'excellent'
        when health_score >= {{ setting('health_bands', 'good') }}
        then 'good'
        when health_score is not null
        then 'at_risk'
    end as health_band
from scored
