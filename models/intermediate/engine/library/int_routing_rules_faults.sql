-- What is wrong with routing_rules.csv, in sentences. What a rule misspells it never matches, and nothing else says so.
with

    rules as (select * from {{ ref('routing_rules') }}),

    roles as (select * from {{ ref('int_roles') }}),

    channels as (select * from {{ ref('channels') }}),

    named as ({{ rule_items('rules', ['trigger_ids', 'tiers', 'segments', 'owner_role', 'channels']) }}),

    known as ({{ rule_names() }}),

    reaching as (

        select distinct rules.rule_id
        from rules
        inner join channels on {{ is_named_in('channels.channel', 'rules.channels') }} and channels.reaches_customer

    )

select
    'routing_rules' as seed_name,
    named.rule_id as row_id,
    named.column_name,
    {{ dbt.concat(['named.item', "' is not in '", 'named.file_name']) }} as fault
from named
left join known on named.file_name = known.file_name and named.item = known.item
where named.item <> '' and known.item is null

union all

select
    'routing_rules' as seed_name,
    rules.rule_id as row_id,
    'owner_role' as column_name,
    {{ dbt.concat([
    "'the role '", 'rules.owner_role',
    "' is nobody and no channel of the rule reaches the customer: expected a role with a person or a queue'"
]) }} as fault
from rules
inner join roles on rules.owner_role = roles.role
left join reaching on rules.rule_id = reaching.rule_id
where roles.is_automatic and reaching.rule_id is null
