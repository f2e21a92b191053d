-- Everything that a message may name about a firing. People's names stand here and in the sync marts only.
with

    context as (select * from {{ ref('int_firing_context') }}),

    words as (select * from {{ ref('int_firing_words') }}),

    survivors as (select * from {{ ref('stg_crm__account_survivors') }}),

    accounts as (select account_id, account_name from {{ ref('stg_crm__accounts') }}),

    library as (select trigger_id, trigger_name from {{ ref('trigger_library') }}),

    users as (select email, max(user_name) as user_name from {{ ref('stg_crm__users') }} group by email),

    contacts as (select contact_id, email, first_name from {{ ref('stg_crm__contacts') }}),

    erased as (select kind, value from {{ ref('stg_push__erasures') }})

select
    context.firing_id,
    coalesce(survivors.survivor_account_id, context.account_id) as account_id,
    -- Braces would read as tokens.
    replace(replace(accounts.account_name, '{', '('), '}', ')') as account_name,
    library.trigger_name,
    context.evidence,
    context.recommended_action,
    words.signal_text,
    words.context_text,
    coalesce(replace(replace(contacts.first_name, '{', '('), '}', ')'), 'there') as first_name,
    contacts.email as recipient_email,
    case when erased_users.value is null then context.recipient_user_id end as recipient_user_id,
    contacts.contact_id as recipient_contact_id,
    coalesce(users.user_name, '{{ var("sender_name") }}') as owner_name,
    replace(
        replace('{{ var("cta_url") }}', '{firing_id}', context.firing_id),
        '{account_id}',
        coalesce(survivors.survivor_account_id, context.account_id)
    ) as cta_url,
    replace(
        replace('{{ var("view_url") }}', '{firing_id}', context.firing_id),
        '{account_id}',
        coalesce(survivors.survivor_account_id, context.account_id)
    ) as view_url,
    replace(
        replace('{{ var("book_call_url") }}', '{firing_id}', context.firing_id),
        '{account_id}',
        coalesce(survivors.survivor_account_id, context.account_id)
    ) as book_call_url
from context
inner join words on context.firing_id = words.firing_id
left join survivors on context.account_id = survivors.account_id
left join accounts on coalesce(survivors.survivor_account_id, context.account_id) = accounts.account_id
left join library on context.trigger_id = library.trigger_id
left join users on context.owner_email = users.email
left join
    erased as erased_contacts
    on context.recipient_contact_id = erased_contacts.value
    and erased_contacts.kind = 'contact_id'
left join erased as erased_users on context.recipient_user_id = erased_users.value and erased_users.kind = 'user_id'
left join
    contacts
    on context.recipient_contact_id = contacts.contact_id
    and erased_contacts.value is null
    and not exists (select 1 from erased where erased.kind = 'email' and lower(erased.value) = lower(contacts.email))
