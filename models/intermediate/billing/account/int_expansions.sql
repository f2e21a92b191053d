with

    movements as (select * from {{ ref('int_mrr_movements') }}),

    expansions as (

        select
            account_id,
            movement_on as expanded_on,
            movement_type as expansion_type,
            max(moved_at) as expanded_at,
            max(mrr_before) as mrr_before,
            max(mrr_after) as mrr_after,
            sum(mrr_delta) as mrr_delta
        from movements
        where movement_type in ('seat_growth', 'tier_upgrade', 'add_on', 'consumption', 'renewal_uplift')
        group by account_id, movement_on, movement_type

    )

select
    {{ dbt.hash(dbt.concat([
        'account_id', "'|'", 'cast(expanded_on as ' ~ dbt.type_string() ~ ')', "'|'", 'expansion_type',
    ])) }} as expansion_id,
    account_id,
    expanded_on,
    expanded_at,
    expansion_type,
    {{ round_money('mrr_before') }} as mrr_before,
    {{ round_money('mrr_after') }} as mrr_after,
    {{ round_money('mrr_delta') }} as mrr_delta
from expansions
