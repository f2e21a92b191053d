{#- The models that say in sentences what is wrong with the seeds that people edit, one a seed. -#}
{% macro fault_models() -%}
    {{ return(['int_trigger_library_faults', 'int_trigger_conditions_faults', 'int_health_weights_faults', 'int_roles_faults', 'int_routing_rules_faults',
        'int_notification_rules_faults', 'int_context_signals_faults', 'int_message_templates_faults']) }}
{%- endmacro %}

{#- Stops the build with the first fault of the seeds, before anything reads them. -#}
{% macro stop_on_library_faults() -%}
    {% if execute and flags.WHICH in ['build', 'run'] %}
        {% set selects = [] %}
        {% for model_name in fault_models() %}
            {% do selects.append('select seed_name, row_id, column_name, fault from ' ~ ref(model_name)) %}
        {% endfor %}
        {% set faults = run_query(
            'select seed_name, row_id, column_name, fault from (' ~ selects | join(' union all ') ~ ') as faults'
            ~ ' order by seed_name, row_id, column_name, fault limit 1'
        ) %}
        {% for row in faults %}
            {% do exceptions.raise_compiler_error(
                seed_file(row[0]) ~ ', row ' ~ row[1] ~ ', column ' ~ row[2] ~ ': ' ~ row[3] ~ '.'
            ) %}
        {% endfor %}
    {% endif %}
{%- endmacro %}

{#- Where a seed stands: a host project's own file wins over the one that the package brings. -#}
{% macro seed_file(name) -%}
    {%- set seeds = graph.nodes.values()
        | selectattr('resource_type', 'equalto', 'seed') | selectattr('name', 'equalto', name) | list -%}
    {%- set own = seeds | selectattr('package_name', 'equalto', project_name) | list -%}
    {{ return(((own + seeds) | map(attribute='original_file_path') | first) or name ~ '.csv') }}
{%- endmacro %}
