{#-
    CTEs, the last of them called line: intercept and slope of a logistic regression of y (0 or 1) on x, a row a family. Newton's steps
    from intercept 0 and slope 1, which is where a calibrated x ends; null where all x are one.
-#}
{% macro logistic_line(relation, family, x, y, steps=9) -%}
    {{ return(adapter.dispatch('logistic_line', 'expansion_triggers')(relation, family, x, y, steps)) }}
{%- endmacro %}

{% macro default__logistic_line(relation, family, x, y, steps) -%}
    {%- set keys = family.split(', ') -%}
    line_0 as (
        select {{ family }}, cast(0 as double) as intercept, cast(1 as double) as slope
        from {{ relation }}
        group by {{ family }}
    ),
    {%- for step in range(1, steps + 1) %}
        {%- set before = 'line_' ~ (step - 1) %}
        sums_{{ step }} as (
            select
                {% for key in keys %} points.{{ key }}, {% endfor %}
                max(points.intercept) as intercept,
                max(points.slope) as slope,
                sum(points.y - points.p) as g0,
                sum((points.y - points.p) * points.x) as g1,
                sum(points.p * (1.0e0 - points.p)) as h00,
                sum(points.p * (1.0e0 - points.p) * points.x) as h01,
                sum(points.p * (1.0e0 - points.p) * points.x * points.x) as h11
            from
                (
                    select
                        {% for key in keys %} {{ relation }}.{{ key }}, {% endfor %}
                        {{ before }}.intercept,
                        {{ before }}.slope,
                        {{ relation }}.{{ x }} as x,
                        {{ relation }}.{{ y }} as y,
                        1.0e0
                        / (1.0e0 + exp(- ({{ before }}.intercept + {{ before }}.slope * {{ relation }}.{{ x }}))) as p
                    from {{ relation }}
                    inner join
                        {{ before }}
                        on {% for key in keys -%}
                            {{ relation }}.{{ key }} = {{ before }}.{{ key }} {{ 'and ' if not loop.last }}
                        {%- endfor %}
                ) as points
            group by {% for key in keys %} points.{{ key }}{{ ', ' if not loop.last }} {% endfor %}
        ),
        {{ 'line' if step == steps else 'line_' ~ step }} as (
            select
                {{ family }},
                intercept + (h11 * g0 - h01 * g1) / nullif(h00 * h11 - h01 * h01, 0) as intercept,
                slope + (h00 * g1 - h01 * g0) / nullif(h00 * h11 - h01 * h01, 0) as slope
            from sums_{{ step }}
        )
        {{- ',' if step < steps }}
    {%- endfor %}
{%- endmacro %}

{#- A fold over the steps, in each of which one over the points: Spark plans nine joins upon each other for longer than it runs. -#}
{% macro spark__logistic_line(relation, family, x, y, steps) -%}
    line as (
        select {{ family }}, walked.intercept, walked.slope
        from
            (
                select
                    {{ family }},
                    aggregate(
                        sequence(1, {{ steps }}),
                        cast(named_struct('intercept', 0, 'slope', 1) as struct<intercept:double, slope:double>),
                        (line, step) -> aggregate(
                            transform(
                                points,
                                point -> named_struct(
                                    'x',
                                    point.x,
                                    'y',
                                    point.y,
                                    'p',
                                    1.0e0 / (1.0e0 + exp(- (line.intercept + line.slope * point.x)))
                                )
                            ),
                            cast(
                                named_struct('g0', 0, 'g1', 0, 'h00', 0, 'h01', 0, 'h11', 0) as struct<
                                    g0:double, g1:double, h00:double, h01:double, h11:double
                                >
                            ),
                            (sums, point) -> named_struct(
                                'g0',
                                sums.g0 + (point.y - point.p),
                                'g1',
                                sums.g1 + (point.y - point.p) * point.x,
                                'h00',
                                sums.h00 + point.p * (1.0e0 - point.p),
                                'h01',
                                sums.h01 + point.p * (1.0e0 - point.p) * point.x,
                                'h11',
                                sums.h11 + point.p * (1.0e0 - point.p) * point.x * point.x
                            ),
                            sums -> named_struct(
                                'intercept',
                                line.intercept
                                + (sums.h11 * sums.g0 - sums.h01 * sums.g1)
                                / nullif(sums.h00 * sums.h11 - sums.h01 * sums.h01, 0),
                                'slope',
                                line.slope
                                + (sums.h00 * sums.g1 - sums.h01 * sums.g0)
                                / nullif(sums.h00 * sums.h11 - sums.h01 * sums.h01, 0)
                            )
                        )
                    ) as walked
                from
                    (
                        select {{ family }}, collect_list(struct({{ x }} as x, {{ y }} as y)) as points
                        from {{ relation }}
                        where {{ x }} is not null
                        group by {{ family }}
                    ) as families
            ) as walks
    )
{%- endmacro %}
