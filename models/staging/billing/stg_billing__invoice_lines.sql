select * from {{ ref('base_stripe__invoice_line_item') }}
