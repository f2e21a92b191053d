-- What is wrong with the weights of health, in sentences.
with

    weights as (select * from {{ ref('health_weights') }}),

    signals as (select signal from {{ ref('int_signal_catalogue') }})

select
    'health_weights' as seed_name,
    weights.component as row_id,
    'component' as column_name,
    'the component is not a signal that health can be made of' as fault
from weights
left join signals on weights.component = signals.signal and signals.signal <> 'health_score'
where signals.signal is null

union all

select
    'health_weights' as seed_name,
    component as row_id,
    'value_at_100' as column_name,
    'expected another number than value_at_0' as fault
from weights
where value_at_0 = value_at_100
