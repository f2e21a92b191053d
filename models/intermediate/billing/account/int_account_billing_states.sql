with

    item_periods as (select * from {{ ref('int_account_billing_periods') }}),

    ranked as (

        select
            *,
            row_number() over (
                partition by account_id, from_on
                order by case when is_seat_priced then 0 else 1 end, tier_rank desc nulls last, tier asc
            ) as tier_place,
            row_number() over (
                partition by account_id, from_on
                order by case when renews_on is null then 1 else 0 end, started_at desc, renews_on desc
            ) as renewal_place
        from item_periods

    ),

    summed as (

        select
            account_id,
            from_on,
            until_on,
            cast(sum(cast(mrr_usd as decimal(38, 12))) as double) as mrr_usd,
            cast(sum(case when is_seat_priced then quantity else 0 end) as bigint) as seats_licensed,
            max(case when tier_place = 1 and is_seat_priced then tier end) as tier,
            max(case when renewal_place = 1 then renews_on end) as renews_on,
            nullif(max(included_usage_30d), 0) as included_usage_30d,
            nullif(max(included_storage_gb), 0) as included_storage_gb
        from ranked
        group by account_id, from_on, until_on

    )

select
    account_id,
    from_on,
    until_on,
    mrr_usd,
    {{ round_money('12 * mrr_usd') }} as contract_value,
    seats_licensed,
    tier,
    renews_on,
    included_usage_30d,
    included_storage_gb
from summed
where cast(mrr_usd as decimal(38, 8)) > 0
