with organizations as ({{ vendor_rows('support', {'zendesk': ref('base_zendesk__organizations')}) }})

select organization_id, organization_name, external_id
from organizations
