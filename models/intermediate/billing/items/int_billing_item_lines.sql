with

    invoice_lines as (select * from {{ ref('stg_billing__invoice_lines') }}),

    invoices as (select * from {{ ref('stg_billing__invoices') }}),

    items as (select * from {{ ref('stg_billing__items') }}),

    customer_accounts as (

        select record_id as customer_id, account_id
        from {{ ref('int_identity_matches') }}
        where source_name = 'billing' and account_id is not null

    ),

    unpriced_rows as (select * from {{ ref('int_billing_unpriced_rows') }} where table_name = 'invoice_line_item')

select
    invoice_lines.invoice_line_id,
    invoice_lines.invoice_id,
    invoice_lines.subscription_item_id,
    coalesce(invoice_lines.subscription_id, invoices.subscription_id, items.subscription_id) as subscription_id,
    customer_accounts.account_id,
    invoice_lines.price_id,
    invoice_lines.currency,
    invoice_lines.amount,
    invoice_lines.minor_unit,
    invoice_lines.includes_tax,
    coalesce(invoice_lines.quantity, 1) as quantity,
    invoice_lines.is_proration,
    invoice_lines.period_start,
    invoice_lines.period_end,
    invoices.created_at as invoiced_at
from invoice_lines
inner join invoices on invoice_lines.invoice_id = invoices.invoice_id
inner join customer_accounts on invoices.customer_id = customer_accounts.customer_id
left join items on invoice_lines.subscription_item_id = items.subscription_item_id
left join unpriced_rows on invoice_lines.invoice_line_id = unpriced_rows.row_id
where
    invoices.is_billed
    and invoice_lines.subscription_item_id is not null
    and (invoice_lines.is_subscription_line or invoice_lines.is_proration)
    and unpriced_rows.row_id is null
