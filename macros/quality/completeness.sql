{#-
    The raw tables whose completeness is watched by day: vendor, table, the column that dates a row, and the columns that
    matter. Of a domain only the vendors that serve it: what another one landed once is nobody's gap.
-#}
{% macro watched_tables() -%}
    {% set watched = [] %}
    {% for domain, vendor, table, dated_by, columns in [
        ('product', 'segment', 'tracks', 'received_at', ['user_id', 'context_group_id', 'event']),
        ('product', 'segment', 'pages', 'received_at', ['user_id', 'context_group_id', 'path']),
        ('product', 'segment', 'feature_used', 'received_at', ['user_id', 'context_group_id', 'feature', 'team_id']),
        ('product', 'segment', 'api_usage', 'received_at', ['context_group_id', 'quantity']),
        ('product', 'segment', 'groups', 'received_at', ['user_id', 'name', 'website', 'storage_used_gb']),
        ('product', 'segment', 'identifies', 'received_at', ['user_id', 'email']),
        ('crm', 'salesforce', 'account', 'created_date', [
            'website', 'number_of_employees', 'owner_id', 'onboarding_completed_date_c', 'time_zone_c',
            'billing_country_code', 'customer_success_manager_id_c',
        ]),
        ('crm', 'salesforce', 'contact', 'created_date', ['account_id', 'email', 'title']),
        ('crm', 'salesforce', 'opportunity', 'created_date', ['account_id', 'type', 'close_date', 'amount']),
        ('crm', 'salesforce', 'task', 'created_date', ['account_id', 'status']),
        ('crm', 'hubspot', 'company', 'property_createdate', [
            'property_domain', 'property_numberofemployees', 'property_hubspot_owner_id',
            'property_onboarding_completed_date_c', 'property_time_zone_c', 'property_billing_country_code',
            'property_customer_success_manager_id_c',
        ]),
        ('crm', 'hubspot', 'contact', 'property_createdate', [
            'property_associatedcompanyid', 'property_email', 'property_jobtitle',
        ]),
        ('crm', 'hubspot', 'deal', 'property_createdate', [
            'property_dealtype', 'property_closedate', 'property_amount',
        ]),
        ('crm', 'hubspot', 'engagement_call', 'property_hs_createdate', [
            'property_hs_call_status', 'property_hs_call_disposition',
        ]),
        ('crm', 'hubspot', 'engagement_task', 'property_hs_createdate', ['property_hs_task_status']),
        ('billing', 'stripe', 'invoice', 'created', ['customer_id', 'subscription_id', 'status']),
        ('billing', 'stripe', 'invoice_line_item', 'period_start', ['subscription_item_id', 'quantity', 'price_id']),
        ('support', 'zendesk', 'ticket', 'created_at', ['organization_id', 'requester_id', 'priority', 'status']),
        ('support', 'zendesk', 'ticket_field_history', 'updated', ['value']),
        ('marketing', 'generic', 'marketing_email_events', 'occurred_at', ['contact_id', 'email', 'event_type']),
        ('marketing', 'hubspot', 'email_event', 'created', ['recipient', 'type']),
    ] %}
        {% if is_vendor_used(vendor, domain) %} {% do watched.append((vendor, table, dated_by, columns)) %} {% endif %}
    {% endfor %}
    {{ return(watched) }}
{%- endmacro %}
