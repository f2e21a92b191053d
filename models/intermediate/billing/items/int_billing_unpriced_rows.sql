with

    currencies as (select distinct currency from {{ ref('int_billing_exchange_rates') }}),

    invoice_lines as (select * from {{ ref('stg_billing__invoice_lines') }}),

    prices as (select * from {{ ref('stg_billing__prices') }}),

    items as (select * from {{ ref('stg_billing__items') }}),

    catalogued as (

        select 'invoice_line_item' as table_name, invoice_line_id as row_id, currency
        from invoice_lines

        union all

        select catalogue_table as table_name, price_id as row_id, currency
        from prices

    ),

    priced as (

        select 'invoice_line_item' as table_name, invoice_line_id as row_id, price_id
        from invoice_lines
        where subscription_item_id is not null and (is_subscription_line or is_proration) and amount > 0

        union all

        select 'subscription_item' as table_name, subscription_item_id as row_id, price_id
        from items
        where price_id is not null

    ),

    without_rate as (

        select catalogued.table_name, catalogued.row_id, 'currency_without_rate' as reason
        from catalogued
        left join currencies on catalogued.currency = currencies.currency
        where currencies.currency is null

    ),

    without_price as (

        select priced.table_name, priced.row_id, 'unknown_price' as reason
        from priced
        left join prices on priced.price_id = prices.price_id
        left join without_rate on priced.table_name = without_rate.table_name and priced.row_id = without_rate.row_id
        where prices.price_id is null and without_rate.row_id is null

    )

select *
from without_rate

union all

select *
from without_price
