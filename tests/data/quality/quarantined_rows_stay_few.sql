-- Rows that stop being usable only when rates and prices are known are held to the limit of the landing: above it
-- something is wrong with the table and not with its rows.
with

    landed as (

        select 'invoice_line_item' as table_name, count(*) as landed_rows
        from {{ source('stripe', 'invoice_line_item') }}
        union all
        select 'subscription_item' as table_name, count(*) as landed_rows
        from {{ source('stripe', 'subscription_item') }}
        union all
        select 'price' as table_name, count(*) as landed_rows
        from {{ source('stripe', 'price') }}
        union all
        select 'plan' as table_name, count(*) as landed_rows
        from {{ source('stripe', 'plan') }}

    ),

    bad as (

        select table_name, count(*) as bad_rows, min(reason) as reason
        from {{ ref('quarantined_records') }}
        where source_name = 'stripe' and reason in ('currency_without_rate', 'unknown_price')
        group by table_name

    )

select
    'stripe.'
    || bad.table_name
    || ': '
    || bad.bad_rows
    || ' of '
    || landed.landed_rows
    || ' rows are bad ('
    || bad.reason
    || '): expected at most {{ 100 * var("max_quarantined_share") }} % (max_quarantined_share).' as sentence
from bad
inner join landed on bad.table_name = landed.table_name
where bad.bad_rows > landed.landed_rows * {{ var('max_quarantined_share') }}
