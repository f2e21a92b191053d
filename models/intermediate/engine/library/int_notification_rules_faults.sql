-- What is wrong with notification_rules.csv, in sentences. What a rule misspells it never matches, and nothing else
-- says
-- so.
with

    rules as (select * from {{ ref('notification_rules') }}),

    roles as (select * from {{ ref('int_roles') }}),

    named as ({{ rule_items('rules', ['trigger_ids', 'tiers', 'segments', 'recipients', 'channel']) }}),

    known as ({{ rule_names() }})

select
    'notification_rules' as seed_name,
    named.rule_id as row_id,
    named.column_name,
    {{ dbt.concat(['named.item', "' is not in '", 'named.file_name']) }} as fault
from named
left join known on named.file_name = known.file_name and named.item = known.item
where named.item <> '' and known.item is null

union all

select
    'notification_rules' as seed_name,
    rules.rule_id as row_id,
    'recipients' as column_name,
    {{ dbt.concat([
    "'the role '", 'roles.role',
    "' is nobody and cannot be told in '", 'rules.channel', "': expected a role with a person or a queue, or no channel'"
]) }}
    as fault
from rules
inner join roles on {{ is_named_in('roles.role', 'rules.recipients') }}
where roles.is_automatic and rules.channel is not null

union all

select
    'notification_rules' as seed_name,
    rules.rule_id as row_id,
    'channel' as column_name,
    {{ dbt.concat([
    "'neither the rule nor roles.csv says where the role '", 'roles.role', "' is told: expected a channel'"
]) }} as fault
from rules
inner join roles on {{ is_named_in('roles.role', 'rules.recipients') }}
where not roles.is_automatic and rules.channel is null and roles.channel is null
