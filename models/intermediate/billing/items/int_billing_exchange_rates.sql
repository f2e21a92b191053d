with

    seed_rates as (

        select lower(trim(currency)) as currency, cast(valid_from as date) as valid_from, cast(rate as double) as rate
        from {{ ref('exchange_rates') }}

    ),

    -- The reporting currency needs no row of its own.
    rates as (

        select currency, valid_from, rate
        from seed_rates

        union all

        select
            {{ dbt.string_literal(setting('currency', 'code') | lower) }} as currency,
            cast('1970-01-01' as date) as valid_from,
            1.0 as rate
        where
            not exists (
                select 1 from seed_rates where currency = {{ dbt.string_literal(setting('currency', 'code') | lower) }}
            )

    ),

    ranked as (

        select
            *,
            row_number() over (partition by currency order by valid_from) as sequence_number,
            lead(valid_from) over (partition by currency order by valid_from) as next_valid_from
        from rates

    )

-- The first known rate reaches back: a bill older than the table still has a size.
select
    currency,
    case when sequence_number = 1 then cast('1900-01-01' as date) else valid_from end as valid_from,
    coalesce(next_valid_from, cast('9999-12-31' as date)) as valid_until,
    rate
from ranked
