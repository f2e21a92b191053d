-- Every account of the CRM, deleted and merged ones too: what other records name is resolved through them.
select * from {{ ref('base_salesforce__accounts') }}
