-- Messages feel like service: none holds a phrase of the list, however it is written.
select templates.template_id, templates.channel, phrases.phrase
from {{ ref('message_templates') }} as templates
inner join
    {{ ref('salesy_phrases') }} as phrases
    on instr(
        lower(coalesce(templates.subject, '') || ' ' || replace(templates.body, chr(10), ' ')), lower(phrases.phrase)
    )
    > 0
