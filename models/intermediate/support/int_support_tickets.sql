-- Live tickets of matched organisations, opened by as_of.
with

    tickets as (select * from {{ ref('stg_support__tickets') }}),

    organization_accounts as (

        select record_id as organization_id, account_id
        from {{ ref('int_identity_matches') }}
        where source_name = 'support' and account_id is not null

    ),

    clock as (select as_of from {{ ref('int_clock') }})

select
    tickets.ticket_id,
    organization_accounts.account_id,
    tickets.status,
    tickets.priority,
    tickets.is_about_limits,
    tickets.created_at
from tickets
inner join clock on tickets.created_at <= clock.as_of
inner join organization_accounts on tickets.organization_id = organization_accounts.organization_id
