-- The domains of each organisation: from the table of domains, or from the organisation's own list where that names
-- none.
with

    named as (

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
        left join named on organizations.organization_id = named.organization_id
        where named.organization_id is null and organizations.domain_names is not null

    ),

    zendesk as (

        select organization_id, domain_name
        from named
        union all
        select organization_id, domain_name
        from listed
        where domain_name <> ''

    ),

    domains as ({{ vendor_rows('support', {'zendesk': 'zendesk'}) }})

select organization_id, domain_name
from domains
