{#- The raw tables whose completeness is watched by day: the column that dates a row, and the columns that matter. -#}
{% macro watched_tables() -%}
    {{ return([
        ('segment', 'tracks', 'received_at', ['user_id', 'context_group_id', 'event']),
        ('segment', 'pages', 'received_at', ['user_id', 'context_group_id', 'path']),
        ('segment', 'feature_used', 'received_at', ['user_id', 'context_group_id', 'feature', 'team_id']),
        ('segment', 'api_usage', 'received_at', ['context_group_id', 'quantity']),
        ('segment', 'groups', 'received_at', ['user_id', 'name', 'website', 'storage_used_gb']),
        ('segment', 'identifies', 'received_at', ['user_id', 'email']),
        ('salesforce', 'account', 'created_date', [
            'website', 'number_of_employees', 'owner_id', 'onboarding_completed_date_c', 'time_zone_c',
            'billing_country_code', 'customer_success_manager_id_c',
        ]),
        ('salesforce', 'contact', 'created_date', ['account_id', 'email', 'title']),
        ('salesforce', 'opportunity', 'created_date', ['account_id', 'type', 'close_date', 'amount']),
        ('salesforce', 'task', 'created_date', ['account_id', 'status']),
        ('stripe', 'invoice', 'created', ['customer_id', 'subscription_id', 'status']),
        ('stripe', 'invoice_line_item', 'period_start', ['subscription_item_id', 'quantity', 'price_id']),
        ('zendesk', 'ticket', 'created_at', ['organization_id', 'requester_id', 'priority', 'status']),
        ('zendesk', 'ticket_field_history', 'updated', ['value']),
    ]) }}
{%- endmacro %}
