with

    invoices as (select * from {{ ref('stg_billing__invoices') }}),

    customer_accounts as (

        select record_id as customer_id, account_id
        from {{ ref('int_identity_matches') }}
        where source_name = 'billing' and account_id is not null

    ),

    clock as (select * from {{ ref('int_clock') }})

select
    invoices.invoice_id,
    customer_accounts.account_id,
    {{ day_of('invoices.due_at') }} as due_on,
    invoices.opened_at,
    case when invoices.settled_at <= clock.as_of then invoices.settled_at end as settled_at
from invoices
inner join customer_accounts on invoices.customer_id = customer_accounts.customer_id
cross join clock
where
    invoices.is_receivable
    and invoices.opened_at <= clock.as_of
    and (invoices.settled_at is null or invoices.settled_at > invoices.opened_at)
