with

    changes as (select * from {{ ref('int_billing_item_changes') }}),

    prices as (select * from {{ ref('int_billing_prices') }}),

    clock as (select * from {{ ref('int_clock') }}),

    whole_periods as (

        select line_facts.*
        from {{ ref('int_billing_line_facts') }} as line_facts
        cross join clock
        where line_facts.is_whole_period and not line_facts.is_credit and line_facts.period_start <= clock.as_of

    ),

    listed as (

        select
            changes.subscription_item_id,
            changes.changed_at,
            changes.price_id,
            changes.currency,
            changes.period_end,
            changes.amount,
            changes.quantity,
            changes.invoice_lines,
            changes.minor_unit,
            changes.is_whole_period,
            prices.is_metered,
            case
                when not prices.is_metered and prices.currency = changes.currency and not changes.includes_tax
                then prices.unit_amount
            end as list_unit_amount,
            {{ add_billing_interval('changes.period_end', 'prices.interval_unit', '-1 * prices.interval_count') }}
            as interval_from
        from changes
        inner join prices on changes.price_id = prices.price_id

    ),

    -- The bill speaks for a whole period and the catalogue where it is the same but for rounding.
    spoken as (

        select
            *,
            case
                when is_whole_period and abs(list_unit_amount * quantity - amount) > 1.000001e0 * minor_unit
                then null
                else list_unit_amount
            end as unit_amount
        from listed

    ),

    parts as (

        select *
        from spoken
        where not is_metered and unit_amount is null and not is_whole_period and changed_at < period_end

    ),

    covering as (

        select
            parts.subscription_item_id,
            parts.changed_at,
            {{ microseconds_between('whole_periods.period_start', 'whole_periods.period_end') }} as period_microseconds,
            row_number() over (
                partition by parts.subscription_item_id, parts.changed_at
                order by whole_periods.period_start desc, whole_periods.period_end asc
            ) as precedence
        from parts
        inner join
            whole_periods
            on parts.subscription_item_id = whole_periods.subscription_item_id
            and parts.changed_at >= whole_periods.period_start
            and parts.period_end <= whole_periods.period_end

    ),

    shares as (

        select
            parts.*,
            cast({{ microseconds_between('parts.changed_at', 'parts.period_end') }} as double) / coalesce(
                covering.period_microseconds, {{ microseconds_between('parts.interval_from', 'parts.period_end') }}
            ) as share
        from parts
        left join
            covering
            on parts.subscription_item_id = covering.subscription_item_id
            and parts.changed_at = covering.changed_at
            and covering.precedence = 1

    ),

    -- Each line of a part is rounded; what a whole period bills is not off by that, and least for as many units.
    agreeing as (

        select
            shares.subscription_item_id,
            shares.changed_at,
            case
                when shares.quantity = whole_periods.quantity
                then whole_periods.amount
                else round({{ share('whole_periods.amount * shares.quantity', 'whole_periods.quantity') }}, 8)
            end as amount,
            row_number() over (
                partition by shares.subscription_item_id, shares.changed_at
                order by
                    case when shares.quantity = whole_periods.quantity then 0 else 1 end,
                    abs({{ microseconds_between('shares.changed_at', 'whole_periods.period_start') }}),
                    whole_periods.period_start,
                    whole_periods.invoiced_at desc nulls last,
                    whole_periods.invoice_line_id desc
            ) as precedence
        from shares
        inner join
            whole_periods
            on shares.subscription_item_id = whole_periods.subscription_item_id
            and shares.price_id = whole_periods.price_id
            and shares.currency = whole_periods.currency
        where
            whole_periods.amount > 0
            and whole_periods.quantity <> 0
            and abs(whole_periods.amount * shares.quantity / whole_periods.quantity - shares.amount / shares.share)
            <= 1.000001e0 * shares.minor_unit * shares.invoice_lines / shares.share

    )

select
    spoken.subscription_item_id,
    spoken.changed_at,
    spoken.unit_amount,
    case
        when spoken.unit_amount is null
        then coalesce(agreeing.amount, round({{ share('shares.amount', 'shares.share') }}, 8), spoken.amount)
    end as amount
from spoken
left join shares on spoken.subscription_item_id = shares.subscription_item_id and spoken.changed_at = shares.changed_at
left join
    agreeing
    on spoken.subscription_item_id = agreeing.subscription_item_id
    and spoken.changed_at = agreeing.changed_at
    and agreeing.precedence = 1
