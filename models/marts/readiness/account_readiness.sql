with

    scores as (select * from {{ ref('int_readiness_scores') }} where is_newest),

    accounts as (select account_id, account_name, ultimate_parent_account_id from {{ ref('int_accounts_today') }}),

    drivers as (

        select
            account_id,
            max(case when place = 1 then driver end) as driver_1,
            max(case when place = 2 then driver end) as driver_2,
            max(case when place = 3 then driver end) as driver_3
        from {{ ref('int_readiness_drivers') }}
        group by account_id

    )

select
    scores.account_id,
    accounts.account_name,
    scores.known_on,
    scores.tier,
    scores.segment,
    {%- for days in readiness_windows() %} scores.probability_{{ days }}d, {%- endfor %}
    {%- for days in readiness_windows() %}
        {{ round_money('scores.expected_arr_' ~ days ~ 'd') }} as expected_arr_{{ days }}d,
    {%- endfor %}
    accounts.ultimate_parent_account_id,
    {{ round_money(
        'sum(scores.expected_arr_30d) over (partition by coalesce(accounts.ultimate_parent_account_id, scores.account_id))'
    ) }}
    as family_expected_arr_30d,
    cast(scores.readiness_rank as integer) as readiness_rank,
    cast(scores.decile as integer) as decile,
    drivers.driver_1,
    drivers.driver_2,
    drivers.driver_3,
    scores.fitted_as_of,
    scores.note
from scores
left join accounts on scores.account_id = accounts.account_id
left join drivers on scores.account_id = drivers.account_id and scores.probability_30d is not null
