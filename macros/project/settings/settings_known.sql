{#-
    What a company may set of a variable of this project, key by key: the default, and what is expected in its place.
    A variable that is no set of keys has the key none. dbt_project.yml shows the same values with what they mean.
-#}
{% macro settings_known() -%}
    {{ return({
        'stage': {
            'tenure_days': [60, 'whole'],
            'decline_days': [90, 'whole'],
            'health_bands': [['excellent', 'good'], 'some_of', ['excellent', 'good', 'at_risk', 'unknown']],
            'onboarding': ['required', 'one_of', ['required', 'when_known', 'ignored']],
        },
        'health_bands': {'excellent': [80, 'number'], 'good': [60, 'number']},
        'tenure_bands': {none: [[60, 180, 365], 'rising']},
        'size_bands': {none: [[2000, 5000, 20000, 80000], 'rising']},
        'recently_expanded_days': {none: [14, 'whole']},
        'account_family': {none: ['account', 'one_of', ['account', 'ultimate_parent']]},
        'burst_minutes': {none: [25, 'whole']},
        'delivery': {
            'immediate_sla_minutes': [25, 'positive'],
            'within_24h_sla_minutes': [1440, 'positive'],
            'routed_sla_minutes': [1440, 'positive'],
            'expires_days': [7, 'positive'],
            'expires_days_immediate': [1, 'positive'],
        },
        'volumes': {'times_usual': [5, 'number'], 'at_least': [20, 'whole'], 'usual_days': [28, 'whole']},
        'business_days': {none: [['monday', 'tuesday', 'wednesday', 'thursday', 'friday'], 'some_of', weekdays()]},
        'business_hours': {'next_business_day': ['09:00', 'time'], 'next_business_day_10am': ['10:00', 'time']},
        'send_window': {'opens': ['08:00', 'time'], 'closes': ['18:00', 'time']},
        'contact_limits': {'min_days_between_messages': [2, 'positive'], 'max_messages_30d': [4, 'positive']},
        'currency': {'code': ['usd', 'name'], 'symbol': ['$', 'text']},
        'person_fields': {'owner': ['owner_id', 'name'], 'success_manager': ['customer_success_manager_id_c', 'name']},
    }) }}
{%- endmacro %}
