select cast(id as varchar) as organization_id, name as organization_name, external_id, domain_names
from {{ source('zendesk', 'organization') }}
where coalesce(_fivetran_deleted, false) = false
