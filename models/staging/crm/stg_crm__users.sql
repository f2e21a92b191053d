-- Staff of every CRM who can own something.
with

    users as (

        {{ vendor_rows('crm', {
        'salesforce': ref('base_salesforce__users'),
        'hubspot': ref('base_hubspot__users'),
    }) }}

    )

select user_id, email, user_name, manager_id
from users
