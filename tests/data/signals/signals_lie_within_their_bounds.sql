-- Counts and shares are not negative, growth loses no more than everything, scores lie between 0 and 100.
{% set bounded_below = [
    'seats_licensed', 'active_users_28d', 'seat_utilisation', 'users_added_30d', 'usage_hours_7d', 'power_users',
    'features_adopted_28d', 'max_teams_per_feature_14d', 'teams_added_30d', 'weekend_active_users_28d',
    'integration_page_views_30d', 'pricing_page_views_14d', 'quota_utilisation_30d', 'storage_utilisation',
    'value_milestones_30d', 'executive_contacts_added_60d', 'days_to_fiscal_year_end', 'days_since_anniversary',
    'invoice_days_past_due', 'open_urgent_tickets', 'tickets_60d', 'limit_tickets_30d', 'marketing_emails_clicked_30d'
] %}
select *
from {{ ref('int_account_signals_daily') }}
where
    contract_value <= 0
    or active_users_growth_28d < -1
    or headcount_growth_90d < -1
    or days_to_fiscal_year_end > 365
    or days_since_anniversary > 365
    or health_score not between 0
    and 100
    or intent_surge_score not between 0
    and 100
    {%- for signal in bounded_below %} or {{ signal }} < 0 {%- endfor %}
