with

    line_changes as (select * from {{ ref('int_billing_line_changes') }}),

    items as (select * from {{ ref('stg_billing__items') }}),

    prices as (select * from {{ ref('int_billing_prices') }}),

    customer_accounts as (

        select record_id as customer_id, account_id
        from {{ ref('int_identity_matches') }}
        where source_name = 'billing' and account_id is not null

    ),

    rated_currencies as (select distinct currency from {{ ref('int_billing_exchange_rates') }}),

    clock as (select * from {{ ref('int_clock') }}),

    compared as (

        select
            items.subscription_item_id,
            items.synced_at,
            items.subscription_id,
            items.subscription_status,
            coalesce(newest_lines.account_id, customer_accounts.account_id) as account_id,
            coalesce(items.price_id, newest_lines.price_id) as price_id,
            coalesce(items.quantity, 1) as quantity,
            items.period_end,
            newest_lines.changed_at as newest_line_at,
            newest_lines.price_id as newest_line_price_id,
            newest_lines.quantity as newest_line_quantity,
            newest_lines.currency as newest_line_currency,
            newest_lines.minor_unit,
            -- What the lines say of tax they say of their own price.
            coalesce(
                newest_lines.includes_tax and newest_lines.price_id = coalesce(items.price_id, newest_lines.price_id),
                false
            ) as includes_tax
        from items
        left join
            line_changes as newest_lines
            on items.subscription_item_id = newest_lines.subscription_item_id
            and newest_lines.newness = 1
        left join customer_accounts on items.customer_id = customer_accounts.customer_id

    ),

    -- The connector writes an item when it changes, long before the change is on an invoice.
    own_changes as (

        select compared.*, rated_currencies.currency
        from compared
        inner join prices on compared.price_id = prices.price_id
        inner join
            rated_currencies on coalesce(compared.newest_line_currency, prices.currency) = rated_currencies.currency
        cross join clock
        where
            not prices.is_metered
            and compared.account_id is not null
            and compared.synced_at <= clock.as_of
            and (
                (
                    compared.synced_at > compared.newest_line_at
                    and (
                        compared.quantity <> compared.newest_line_quantity
                        or compared.price_id <> compared.newest_line_price_id
                    )
                )
                or (
                    compared.newest_line_at is null and compared.subscription_status in ('active', 'past_due', 'unpaid')
                )
            )

    )

select
    subscription_item_id,
    changed_at,
    invoice_line_id,
    subscription_id,
    account_id,
    price_id,
    currency,
    minor_unit,
    includes_tax,
    amount,
    quantity,
    invoice_lines,
    is_whole_period,
    period_end
from line_changes

union all

select
    subscription_item_id,
    synced_at as changed_at,
    cast(null as {{ dbt.type_string() }}) as invoice_line_id,
    subscription_id,
    account_id,
    price_id,
    currency,
    minor_unit,
    includes_tax,
    cast(null as double) as amount,
    quantity,
    cast(null as bigint) as invoice_lines,
    cast(null as boolean) as is_whole_period,
    period_end
from own_changes
