with

    zendesk as (

        select
            {{ known_id('id') }} as organization_id,
            name as organization_name,
            {{ known_id('external_id') }} as external_id
        from {{ source('zendesk', 'organization') }}
        where coalesce(_fivetran_deleted, false) = false

    ),

    organizations as ({{ vendor_rows('support', {'zendesk': 'zendesk'}) }})

select organization_id, organization_name, external_id
from organizations
