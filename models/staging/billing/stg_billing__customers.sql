select * from {{ ref('base_stripe__customer') }}
