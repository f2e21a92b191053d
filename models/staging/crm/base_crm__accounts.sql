-- Every account of every CRM, deleted and merged ones too: what other records name is resolved through them. A company
-- that the first CRM has as well is merged into its account there.
with

    accounts as (

        {{ vendor_rows('crm', {
        'salesforce': ref('base_salesforce__accounts'),
        'hubspot': ref('base_hubspot__accounts'),
    }) }}

    ),

    twins as (select * from {{ ref('base_crm__account_twins') }})

select
    accounts.account_id,
    accounts.account_name,
    accounts.website,
    accounts.employees,
    accounts.owner_id,
    accounts.customer_success_manager_id,
    coalesce(accounts.master_account_id, twins.master_account_id) as master_account_id,
    accounts.time_zone,
    accounts.country,
    accounts.billing_customer_id,
    accounts.product_group_id,
    accounts.support_organization_id,
    accounts.fiscal_year_end_month,
    accounts.onboarded_at,
    accounts.opted_out_at,
    accounts.created_at,
    accounts.is_deleted,
    {{ person_ids('accounts') }}
from accounts
left join twins on accounts.account_id = twins.account_id
