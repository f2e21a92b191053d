{#- A running product of 1 - lost / at_risk; it stays at zero once everybody at risk is lost. -#}
{% macro product_limit(lost, at_risk, keys, time) -%}
    {%- set running = '(partition by ' ~ keys ~ ' order by ' ~ time ~ ' rows between unbounded preceding and current row)' -%}
    case
        when max(case when {{ lost }} >= {{ at_risk }} and {{ at_risk }} > 0 then 1 else 0 end) over {{ running }} = 1
        then 0.0
        else
            exp(
                coalesce(
                    sum(
                        case
                            when {{ lost }} < {{ at_risk }} then ln(1.0e0 - cast({{ lost }} as double) / {{ at_risk }})
                        end
                    ) over {{ running }},
                    0.0
                )
            )
    end
{%- endmacro %}

{#-
    Kaplan-Meier, competing events counted as censored, with its log-log interval, and Aalen-Johansen beside it.
    The relation has one row a time: at_risk, expanded, churned. Needs every row's at_risk at that time.
-#}
{% macro survival_curves(relation, keys, time) -%}
    {%- set running = '(partition by ' ~ keys ~ ' order by ' ~ time ~ ' rows between unbounded preceding and current row)' -%}
    select
        stepped.*,
        least(
            1.0,
            coalesce(
                sum(
                    cast(expanded as double) / nullif(at_risk, 0) * coalesce(event_free_before, 1.0)
                ) over {{ running }},
                0.0
            )
        ) as cumulative_incidence,
        case
            when survival > 0 and survival < 1
            then power(survival, exp({{ normal_975() }} * sqrt(greenwood) / ln(survival) * -1))
        end as survival_low,
        case
            when survival > 0 and survival < 1
            then power(survival, exp({{ normal_975() }} * sqrt(greenwood) / ln(survival)))
        end as survival_high
    from
        (
            select products.*, lag(event_free) over (partition by {{ keys }} order by {{ time }}) as event_free_before
            from
                (
                    select
                        counted.*,
                        {{ product_limit('expanded', 'at_risk', keys, time) }} as survival,
                        {{ product_limit('(expanded + churned)', 'at_risk', keys, time) }} as event_free,
                        sum(
                            case
                                when expanded < at_risk
                                then cast(expanded as double) / (cast(at_risk as double) * (at_risk - expanded))
                            end
                        ) over {{ running }} as greenwood
                    from {{ relation }} as counted
                ) as products
        ) as stepped
{%- endmacro %}
