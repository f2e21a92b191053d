{#-
    The distribution is built from the ratio of each probability to the one before it, so that no factorial is needed. As likely
    as the outcome counts what is within a relative 1e-7, which is what rounding may do to equals.
-#}
{% macro exact_binomial_p(relation, key, share, is_success) -%}
    with

        trials as (
            select
                {{ key }},
                cast({{ share }} as double) as share_of_success,
                case when {{ is_success }} then 1 else 0 end as success
            from {{ relation }}
        ),

        counts as (
            select {{ key }}, share_of_success, count(*) as n, sum(success) as x
            from trials
            group by {{ key }}, share_of_success
        ),

        -- The trials themselves count from 1 to n.
        numbered as (
            select
                {{ key }},
                share_of_success,
                count(*) over (partition by {{ key }}, share_of_success) as n,
                row_number() over (partition by {{ key }}, share_of_success order by success) as k
            from trials
            where share_of_success > 0 and share_of_success < 1
        ),

        steps as (
            select
                {{ key }},
                share_of_success,
                k,
                ln((n - k + 1) * 1.0e0 / k * share_of_success / (1.0e0 - share_of_success)) as ln_step
            from numbered
        ),

        outcomes as (
            select {{ key }}, share_of_success, 0 as k, 0.0e0 as ln_odds
            from counts
            union all
            select
                {{ key }},
                share_of_success,
                k,
                sum(ln_step) over (
                    partition by {{ key }}, share_of_success order by k rows between unbounded preceding and current row
                ) as ln_odds
            from steps
        ),

        seen as (
            select counts.{{ key }}, counts.share_of_success, counts.n, outcomes.ln_odds
            from counts
            inner join
                outcomes
                on counts.{{ key }} = outcomes.{{ key }}
                and counts.share_of_success = outcomes.share_of_success
                and counts.x = outcomes.k
            where counts.share_of_success > 0 and counts.share_of_success < 1
        ),

        added as (
            select
                seen.{{ key }},
                seen.share_of_success,
                sum(exp(outcomes.ln_odds + seen.n * ln(1.0e0 - seen.share_of_success))) as p_value
            from seen
            inner join
                outcomes
                on seen.{{ key }} = outcomes.{{ key }}
                and seen.share_of_success = outcomes.share_of_success
                and outcomes.ln_odds <= seen.ln_odds + 1e-7
            group by seen.{{ key }}, seen.share_of_success
        )

    select
        counts.{{ key }},
        counts.share_of_success,
        counts.n,
        counts.x,
        case
            -- Where chance has no part, the one outcome that can be is certain.
            when counts.share_of_success <= 0
            then case when counts.x = 0 then 1.0e0 else 0.0e0 end
            when counts.share_of_success >= 1
            then case when counts.x = counts.n then 1.0e0 else 0.0e0 end
            else least(1.0e0, added.p_value)
        end as p_value
    from counts
    left join added on counts.{{ key }} = added.{{ key }} and counts.share_of_success = added.share_of_success
{%- endmacro %}
