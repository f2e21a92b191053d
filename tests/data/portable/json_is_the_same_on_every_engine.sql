-- An object of every kind of value, a list in its order, words in theirs, and the conditions read back from evidence.
with

    listed as (

        select 2 as place, 'second' as word
        union all
        select 1 as place, 'first' as word
        union all
        select 3 as place, 'third' as word

    ),

    written as (

        select
            {{ json_object([
                ('text', "'a \"quoted\" word'"), ('whole', 'cast(3 as bigint)'), ('none', 'cast(null as bigint)'),
                ('yes', 'true'), ('number', 'cast(0.5 as double)'), ('inner', "'[1,2]'", 'json'),
            ]) }} as object

    ),

    collected as (

        select
            {{ json_list("concat('\"', word, '\"')", 'place') }} as list,
            {{ joined_texts('word', ', ', 'place') }} as joined
        from listed

    ),

    evidence as (

        select
            'f1' as firing_id,
            '{"conditions":[{"signal":"power_users","value":3.0},{"signal":"contract_value","value":null}]}' as evidence

    ),

    conditions as ({{ evidence_conditions('evidence') }})

select 'object' as found_in, object as got
from written
-- 92 is the backslash, which engines read differently inside a literal.
where
    replace(object, chr(92), '~')
    <> '{"text":"a ~"quoted~" word","whole":3,"none":null,"yes":true,"number":0.5,"inner":[1,2]}'

union all

select 'list' as found_in, list as got
from collected
where list <> '["first","second","third"]' or joined <> 'first, second, third'

union all

select 'conditions' as found_in, cast(count(*) as {{ dbt.type_string() }}) as got
from conditions
where (signal = 'power_users' and signal_value = 3) or (signal = 'contract_value' and signal_value is null)
having count(*) <> 2
