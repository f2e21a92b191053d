{#-
    The numeric signals in the order of the library's documentation. A new signal is one model and one line here;
    conditions and health components may name any of these.
-#}
{% macro numeric_signals() -%} {{ return(measured_signals() + ['health_score']) }} {%- endmacro %}

{#- The numeric signals that are measured, before health is computed from them. -#}
{% macro measured_signals() -%}
    {{ return([
        'seats_licensed',
        'active_users_28d',
        'seat_utilisation',
        'active_users_growth_28d',
        'users_added_30d',
        'usage_hours_7d',
        'power_users',
        'features_adopted_28d',
        'max_teams_per_feature_14d',
        'teams_added_30d',
        'weekend_active_users_28d',
        'integration_page_views_30d',
        'pricing_page_views_14d',
        'quota_utilisation_30d',
        'storage_utilisation',
        'value_milestones_30d',
        'headcount_growth_90d',
        'executive_contacts_added_60d',
        'contract_value',
        'days_to_renewal',
        'days_to_fiscal_year_end',
        'days_since_anniversary',
        'invoice_days_past_due',
        'open_urgent_tickets',
        'tickets_60d',
        'limit_tickets_30d',
        'intent_surge_score',
        'marketing_emails_clicked_30d',
    ]) }}
{%- endmacro %}
