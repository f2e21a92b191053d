-- A table of domains, or the list on the organisation where that table has none of it.
with

    domains as (

        select {{ known_id('organization_id') }} as organization_id, domain_name
        from {{ source('zendesk', 'domain_name') }}

    ),

    organizations as (

        select {{ known_id('id') }} as organization_id, domain_names
        from {{ source('zendesk', 'organization') }}
        where coalesce(_fivetran_deleted, false) = false

    ),

    listed as (

        select
            organizations.organization_id,
            {{ addresses_in("replace(replace(organizations.domain_names, '[', ' '), ']', ' ')") }} as domain_name
        from organizations
        left join domains on organizations.organization_id = domains.organization_id
        where domains.organization_id is null and organizations.domain_names is not null

    )

select organization_id, domain_name
from domains

union all

select organization_id, domain_name
from listed
where domain_name <> ''
