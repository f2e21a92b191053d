with recursive

    successions as (select * from {{ ref('int_billing_item_successions') }}),

    -- One pair after the other, nearest first: a pair is dealt unless one of its items has already played that part.
    dealt as (

        select
            account_id,
            currency,
            deal_order,
            earlier_item_id,
            later_item_id,
            continued_at,
            1 as is_dealt,
            {{ dbt.concat(["'|earlier '", "earlier_item_id", "'|later '", "later_item_id", "'|'"]) }} as parts_played
        from successions
        where deal_order = 1

        union all

        select
            successions.account_id,
            successions.currency,
            successions.deal_order,
            successions.earlier_item_id,
            successions.later_item_id,
            successions.continued_at,
            case
                when
                    instr(dealt.parts_played, {{ dbt.concat(["'|earlier '", "successions.earlier_item_id", "'|'"]) }})
                    = 0
                    and instr(dealt.parts_played, {{ dbt.concat(["'|later '", "successions.later_item_id", "'|'"]) }})
                    = 0
                then 1
                else 0
            end as is_dealt,
            case
                when
                    instr(dealt.parts_played, {{ dbt.concat(["'|earlier '", "successions.earlier_item_id", "'|'"]) }})
                    = 0
                    and instr(dealt.parts_played, {{ dbt.concat(["'|later '", "successions.later_item_id", "'|'"]) }})
                    = 0
                then
                    {{ dbt.concat([
                    "dealt.parts_played", "'earlier '", "successions.earlier_item_id",
                    "'|later '", "successions.later_item_id", "'|'",
                ]) }}
                else dealt.parts_played
            end as parts_played
        from dealt
        inner join
            successions
            on dealt.account_id = successions.account_id
            and dealt.currency = successions.currency
            and dealt.deal_order + 1 = successions.deal_order

    )

select earlier_item_id, later_item_id, continued_at
from dealt
where is_dealt = 1
