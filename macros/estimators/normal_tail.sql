{% macro horner(x, coefficients) -%}
    {%- set ns = namespace(text=coefficients[0]) -%}
    {%- for coefficient in coefficients[1:] -%}
        {%- set ns.text = '(' ~ ns.text ~ ' * ' ~ x ~ ' + ' ~ coefficient ~ ')' -%}
    {%- endfor -%}
    {{ ns.text }}
{%- endmacro %}

{#- Literals in exponent form are doubles; without it they would be decimals, whose products overflow. -#}
{% macro normal_two_sided_p(z) -%}
    {%- set x = 'abs(cast(' ~ z ~ ' as double))' -%}
    {%- set ns = namespace(fraction='(' ~ x ~ ')') -%}
    {%- for k in range(12, 0, -1) -%}
        {%- set ns.fraction = '(' ~ x ~ ' + ' ~ k ~ ' / ' ~ ns.fraction ~ ')' -%}
    {%- endfor -%}
    case
        when {{ x }} < 5
        then
            2
            * exp(-{{ x }} * {{ x }} / 2)
            * {{ horner(x, [
            '3.52624965998911e-02', '7.00383064443688e-01', '6.37396220353165e+00', '3.3912866078383e+01',
            '1.12079291497871e+02', '2.21213596169931e+02', '2.20206867912376e+02'
        ]) }}
            / {{ horner(x, [
            '8.83883476483184e-02', '1.75566716318264e+00', '1.6064177579207e+01', '8.67807322029461e+01',
            '2.96564248779674e+02', '6.37333633378831e+02', '7.93826512519948e+02', '4.40413735824752e+02'
        ]) }}
        when {{ x }} >= 5
        then 2 * exp(-{{ x }} * {{ x }} / 2) / (sqrt(2 * pi()) * {{ ns.fraction }})
    end
{%- endmacro %}
