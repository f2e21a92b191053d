with domains as ({{ vendor_rows('support', {'zendesk': ref('base_zendesk__organization_domains')}) }})

select organization_id, domain_name
from domains
