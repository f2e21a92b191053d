with

    item_periods as (select * from {{ ref('int_account_billing_periods') }}),

    ranked as (

        select
            *,
            row_number() over (
                partition by account_id, billed_from
                order by case when is_seat_priced then 0 else 1 end, tier_rank desc nulls last, tier asc
            ) as tier_place,
            -- Of the items without seats the longest term is the contract.
            row_number() over (
                partition by account_id, billed_from
                order by
                    case when renews_on is null then 1 else 0 end,
                    case when is_seat_priced then 0 else 1 end,
                    case when not is_seat_priced then intervals_a_year end,
                    in_force_from desc,
                    renews_on desc
            ) as renewal_place
        from item_periods

    ),

    states as (

        select
            account_id,
            billed_from,
            billed_until,
            cast(sum(cast(mrr as decimal(38, 12))) as double) as mrr,
            cast(sum(case when is_seat_priced then quantity end) as bigint) as seats_licensed,
            max(case when tier_place = 1 then tier end) as tier,
            max(case when renewal_place = 1 then renews_on end) as renews_on,
            nullif(max(included_usage_30d), 0) as included_usage_30d,
            nullif(max(included_storage_gb), 0) as included_storage_gb
        from ranked
        group by account_id, billed_from, billed_until

    ),

    paid as (

        select *, min(billed_from) over (partition by account_id) as first_paid_on
        from states
        where cast(mrr as decimal(38, 8)) > 0

    ),

    expanded as (select *, {{ series_of_days('billed_from', add_days('billed_until', -1)) }} as signal_at from paid)

select
    account_id,
    {{ day_of('signal_at') }} as signal_on,
    first_paid_on,
    {{ days_between('first_paid_on', day_of('signal_at')) }} as tenure_days,
    mrr,
    {{ round_money('12 * mrr') }} as contract_value,
    seats_licensed,
    tier,
    cast({{ days_between(day_of('signal_at'), 'renews_on') }} as bigint) as days_to_renewal,
    included_usage_30d,
    included_storage_gb
from expanded
