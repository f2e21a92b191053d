{#- A select of the relation's columns and q_value: p times m over its rank, made monotone from the greatest p down. -#}
{% macro benjamini_hochberg(relation, p_value, family) -%}
    select
        scaled.*,
        min(least(scaled_p, 1.0)) over (
            partition by {{ family }} order by p_rank desc rows between unbounded preceding and current row
        ) as q_value
    from
        (
            select ranked.*, {{ p_value }} * count(*) over (partition by {{ family }}) / p_rank as scaled_p
            from
                (
                    select
                        family_members.*, row_number() over (partition by {{ family }} order by {{ p_value }}) as p_rank
                    from {{ relation }} as family_members
                    where {{ p_value }} is not null
                ) as ranked
        ) as scaled
{%- endmacro %}
