{{ config(materialized='view') }}

select firings.*, firings.triggered_at as fired_at, triggers.holdout_pct, firings.triggered_at as deliver_at, cast(null as timestamp) as sla_due_at
from {{ source('bare', 'firings') }} as firings
inner join {{ source('bare', 'triggers') }} as triggers on firings.trigger_id = triggers.trigger_id
