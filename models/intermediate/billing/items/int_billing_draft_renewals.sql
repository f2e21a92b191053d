with

    invoices as (select * from {{ ref('stg_billing__invoices') }}),

    invoice_lines as (select * from {{ ref('stg_billing__invoice_lines') }}),

    items as (select * from {{ ref('stg_billing__items') }}),

    clock as (select * from {{ ref('int_clock') }}),

    drafts as (

        select invoices.invoice_id, invoices.subscription_id, invoices.created_at
        from invoices
        cross join clock
        where invoices.is_draft and invoices.created_at <= clock.as_of

    ),

    -- Lines of a draft may be temporary; then its own time says which period it is for.
    drafted as (

        select invoice_lines.subscription_item_id, invoice_lines.period_start as drafted_from
        from drafts
        inner join invoice_lines on drafts.invoice_id = invoice_lines.invoice_id
        where invoice_lines.subscription_item_id is not null and not invoice_lines.is_proration

        union all

        select items.subscription_item_id, drafts.created_at as drafted_from
        from drafts
        inner join items on drafts.subscription_id = items.subscription_id
        left join invoice_lines on drafts.invoice_id = invoice_lines.invoice_id
        where invoice_lines.invoice_id is null

    )

select items.subscription_item_id, drafted.drafted_from, max(items.period_end) as goes_on_until
from drafted
inner join items on drafted.subscription_item_id = items.subscription_item_id
where items.is_running or items.subscription_ended_at is not null
group by items.subscription_item_id, drafted.drafted_from
