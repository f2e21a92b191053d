with

    paid_days as (select account_id, signal_on from {{ ref('int_account_billing_daily') }}),

    invoices as (select * from {{ ref('int_account_open_invoices') }}),

    clock as (select * from {{ ref('int_clock') }}),

    -- The closes at which an invoice is open and past its due day; most are paid before and have none.
    overdue as (

        select
            invoices.account_id,
            invoices.due_on,
            greatest({{ day_of('invoices.opened_at') }}, {{ add_days('invoices.due_on', 1) }}) as overdue_from,
            least(
                coalesce({{ day_of('invoices.settled_at') }}, {{ add_days('clock.last_closed_on', 1) }}),
                {{ add_days('clock.last_closed_on', 1) }}
            ) as overdue_until
        from invoices
        cross join clock

    ),

    overdue_days as (

        select account_id, due_on, {{ series_of_days('overdue_from', add_days('overdue_until', -1)) }} as signal_at
        from overdue
        where overdue_from < overdue_until

    ),

    oldest as (

        select account_id, {{ day_of('signal_at') }} as signal_on, min(due_on) as due_on
        from overdue_days
        group by account_id, {{ day_of('signal_at') }}

    )

select
    paid_days.account_id,
    paid_days.signal_on,
    cast(coalesce({{ days_between('oldest.due_on', 'paid_days.signal_on') }}, 0) as bigint) as invoice_days_past_due
from paid_days
left join oldest on paid_days.account_id = oldest.account_id and paid_days.signal_on = oldest.signal_on
