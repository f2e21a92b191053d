-- A row of signal_phrases.csv takes the place of a signal's words: of one that the catalogue does not have it takes
-- none.
select own_words.signal
from {{ ref('signal_phrases') }} as own_words
left join {{ ref('int_signal_catalogue') }} as catalogue on own_words.signal = catalogue.signal
where catalogue.signal is null
