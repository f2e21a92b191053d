-- Published marts hold ids, never a contact's name or e-mail. Only columns that are meant for staff may hold an
-- address,
-- and a company may be called as it likes: Meet@Work is no address.
{%- set staff_columns = ['owner_email', 'account_executive_email', 'success_manager_email'] %}
{%- set marts = [
    'dim_accounts', 'dim_triggers', 'fct_account_signals_daily', 'fct_trigger_episodes', 'fct_fired_triggers',
    'fct_firing_status', 'fct_suppressed_triggers', 'fct_stage_changes', 'fct_expansions', 'identity_match_rate',
    'unmatched_records', 'quarantined_records', 'data_completeness', 'decline_analysis', 'instrumentation_backlog',
    'signal_coverage', 'trigger_coverage',
] %}
{%- set selects = [] %}
{%- for mart in marts %}
    {%- set relation = ref(mart) %}
    {%- if execute %}
        {%- for column in adapter.get_columns_in_relation(relation) if column.is_string() and column.name not in staff_columns and column.name != 'account_name' %}
            {%- do selects.append(
                "select '" ~ mart ~ "' as mart, '" ~ column.name ~ "' as column_name, " ~ column.name ~ " as value from "
                ~ relation ~ " where instr(" ~ column.name ~ ", '@') > 0"
            ) %}
        {%- endfor %}
    {%- endif %}
{%- endfor %}
{{ selects | join('\nunion all\n') if selects else 'select 1 as mart where false' }}
