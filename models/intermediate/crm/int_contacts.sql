-- Contacts with whether their title holds an executive one as whole words.
with

    contacts as (

        select
            contacts.*,
            trim({{ replace_pattern("lower(coalesce(contacts.title, ''))", '[^a-z0-9]+', ' ') }}) as title_words
        from {{ ref('stg_crm__contacts') }} as contacts
        inner join {{ ref('int_clock') }} as clock on contacts.created_at <= clock.as_of

    ),

    executive_titles as (

        select trim({{ replace_pattern('lower(title)', '[^a-z0-9]+', ' ') }}) as title_words
        from {{ ref('executive_titles') }}

    ),

    executives as (

        select distinct contacts.contact_id
        from contacts
        inner join
            executive_titles
            on instr(
                {{ dbt.concat(["' '", 'contacts.title_words', "' '"]) }},
                {{ dbt.concat(["' '", 'executive_titles.title_words', "' '"]) }}
            )
            > 0

    )

select
    contacts.contact_id,
    contacts.account_id,
    contacts.created_at,
    executives.contact_id is not null as is_executive,
    contacts.is_mailable and coalesce({{ plain_address('contacts.email') }} like '%_@_%', false) as is_reachable
from contacts
left join executives on contacts.contact_id = executives.contact_id
