-- The domains by which an account is known, of every CRM: of each site that its website field names, where the host is
-- its own and not that of a mail provider or of a site on which many have a page.
with

    accounts as (

        {{ vendor_rows('crm', {
        'salesforce': ref('base_salesforce__accounts'),
        'hubspot': ref('base_hubspot__accounts'),
    }) }}

    ),

    addresses as (select account_id, {{ addresses_in('website') }} as address from accounts where website is not null),

    hosts as (select distinct account_id, {{ web_domain('address') }} as domain from addresses),

    nobodys_domains as ({{ nobodys_domains() }}),

    own as (

        select hosts.account_id, hosts.domain
        from hosts
        left join nobodys_domains on hosts.domain = nobodys_domains.domain
        where nobodys_domains.domain is null and {{ is_domain('hosts.domain') }}

    ),

    hosts_of_many as (select lower(host) as host from {{ ref('shared_hosts') }} where host like '*.%'),

    below_shared_hosts as (

        select distinct own.domain
        from own
        inner join hosts_of_many on own.domain like replace(hosts_of_many.host, '*', '%')
    )

select own.account_id, own.domain
from own
left join below_shared_hosts on own.domain = below_shared_hosts.domain
where below_shared_hosts.domain is null
