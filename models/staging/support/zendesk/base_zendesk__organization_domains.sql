-- A table of domains, or the list on the organisation where that table has none of it.
with

    domains as (

        select cast(organization_id as {{ dbt.type_string() }}) as organization_id, domain_name
        from {{ source('zendesk', 'domain_name') }}

    ),

    listed as (

        select
            organizations.id as organization_id,
            {{ words_of(replace_pattern('organizations.domain_names', '[^A-Za-z0-9.-]+', ' ')) }} as domain_name
        from {{ source('zendesk', 'organization') }} as organizations
        left join domains on cast(organizations.id as {{ dbt.type_string() }}) = domains.organization_id
        where
            domains.organization_id is null
            and organizations.domain_names is not null
            and coalesce(organizations._fivetran_deleted, false) = false

    )

select organization_id, domain_name
from domains

union all

select cast(organization_id as {{ dbt.type_string() }}) as organization_id, domain_name
from listed
where domain_name <> ''
