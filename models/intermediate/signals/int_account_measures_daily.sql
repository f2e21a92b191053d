-- Every measured signal of an account and paid day, side by side.
with

    billing as (select * from {{ ref('int_account_billing_daily') }}),

    invoices as (select * from {{ ref('int_account_invoice_status_daily') }}),

    active_users as (select * from {{ ref('int_signals_active_users') }}),

    arrivals as (select * from {{ ref('int_signals_arrivals') }}),

    usage_hours as (select * from {{ ref('int_signals_usage_hours') }}),

    features as (select * from {{ ref('int_signals_features') }}),

    actions as (select * from {{ ref('int_signals_actions') }}),

    consumption as (select * from {{ ref('int_signals_consumption') }}),

    company as (select * from {{ ref('int_signals_company') }}),

    contacts as (select * from {{ ref('int_signals_contacts') }}),

    support as (select * from {{ ref('int_signals_support') }}),

    calendar as (select * from {{ ref('int_signals_calendar') }}),

    intent as (select * from {{ ref('int_signals_intent') }}),

    marketing as (select * from {{ ref('int_signals_marketing') }})

select
    account_id,
    signal_on,
    billing.first_paid_on,
    billing.tenure_days,
    billing.tier,
    company.segment,
    cast(billing.seats_licensed as bigint) as seats_licensed,
    active_users.active_users_28d,
    {{ ratio('active_users.active_users_28d', 'billing.seats_licensed') }} as seat_utilisation,
    active_users.active_users_growth_28d,
    arrivals.users_added_30d,
    usage_hours.usage_hours_7d,
    usage_hours.power_users,
    features.features_adopted_28d,
    features.max_teams_per_feature_14d,
    arrivals.teams_added_30d,
    active_users.weekend_active_users_28d,
    actions.integration_page_views_30d,
    actions.pricing_page_views_14d,
    {{ ratio('consumption.metered_use_30d', 'billing.included_usage_30d') }} as quota_utilisation_30d,
    {{ ratio('consumption.storage_used_gb', 'billing.included_storage_gb') }} as storage_utilisation,
    actions.value_milestones_30d,
    company.headcount_growth_90d,
    contacts.executive_contacts_added_60d,
    billing.contract_value,
    cast(billing.days_to_renewal as bigint) as days_to_renewal,
    calendar.days_to_fiscal_year_end,
    calendar.days_since_anniversary,
    cast(invoices.invoice_days_past_due as bigint) as invoice_days_past_due,
    support.open_urgent_tickets,
    support.tickets_60d,
    support.limit_tickets_30d,
    intent.intent_surge_score,
    marketing.marketing_emails_clicked_30d
from billing
left join invoices using (account_id, signal_on)
left join active_users using (account_id, signal_on)
left join arrivals using (account_id, signal_on)
left join usage_hours using (account_id, signal_on)
left join features using (account_id, signal_on)
left join actions using (account_id, signal_on)
left join consumption using (account_id, signal_on)
left join company using (account_id, signal_on)
left join contacts using (account_id, signal_on)
left join support using (account_id, signal_on)
left join calendar using (account_id, signal_on)
left join intent using (account_id, signal_on)
left join marketing using (account_id, signal_on)
