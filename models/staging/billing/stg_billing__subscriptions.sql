select * from {{ ref('base_stripe__subscription') }}
