{{ config(materialized='view') }}

with

    first_pass as (select * from {{ ref('int_risk_set_controls_first') }}),

    second_pass as (select * from {{ ref('int_risk_set_controls_second') }}),

    short as (select set_key from {{ ref('int_risk_sets_short') }})

select first_pass.*
from first_pass
left join short on first_pass.set_key = short.set_key
where short.set_key is null

union all

select *
from second_pass
