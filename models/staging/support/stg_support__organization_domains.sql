-- Domains of an organisation: a table of them, or the list on the organisation where that table does not land.
with

    organizations as (select * from {{ ref('stg_support__organizations') }}),

    domains as (

        select cast(organization_id as varchar) as organization_id, domain_name
        from {{ source('zendesk', 'domain_name') }}

    ),

    listed as (

        select
            organizations.organization_id,
            {{ words_of(replace_pattern('organizations.domain_names', '[^A-Za-z0-9.-]+', ' ')) }} as domain_name
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
