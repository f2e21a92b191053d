{{ config(materialized='view') }}

select * from read_csv('{{ env_var("VERDICT_LIMITS") }}', header = true)
