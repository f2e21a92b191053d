{#-
    The numeric signals, each with the step that its thresholds move by: a count goes by whole numbers and starts at one,
    a number by whole numbers, a ratio by decimals.
-#}
{% macro swept_signals() -%}
    {{ return({
        'seats_licensed': 'count',
        'active_users_28d': 'count',
        'seat_utilisation': 'ratio',
        'active_users_growth_28d': 'ratio',
        'users_added_30d': 'count',
        'usage_hours_7d': 'number',
        'power_users': 'count',
        'features_adopted_28d': 'count',
        'max_teams_per_feature_14d': 'count',
        'teams_added_30d': 'count',
        'weekend_active_users_28d': 'count',
        'integration_page_views_30d': 'count',
        'pricing_page_views_14d': 'count',
        'quota_utilisation_30d': 'ratio',
        'storage_utilisation': 'ratio',
        'value_milestones_30d': 'count',
        'headcount_growth_90d': 'ratio',
        'executive_contacts_added_60d': 'count',
        'contract_value': 'number',
        'days_to_renewal': 'number',
        'days_to_fiscal_year_end': 'number',
        'days_since_anniversary': 'number',
        'invoice_days_past_due': 'count',
        'open_urgent_tickets': 'count',
        'tickets_60d': 'count',
        'limit_tickets_30d': 'count',
        'health_score': 'number',
        'intent_surge_score': 'number',
        'marketing_emails_clicked_30d': 'count',
    }) }}
{%- endmacro %}
