-- Sums of squares over the accounts of a cell and cohort.
with

    accounts as (select * from {{ ref('int_lift_accounts') }}),

    cells as (select * from {{ ref('int_lift_cells') }}),

    cohorts as (select * from {{ ref('int_validation_cohorts') }}),

    -- Months have one stratum, 0, and one cohort: an account is one row of them as it is.
    by_cohort as (
        select
            accounts.frame_key,
            cohorts.cohort_key,
            {%- for basis in matched_bases() %}
                accounts.is_control_{{ basis }},
                accounts.a_{{ basis }},
                accounts.b_{{ basis }}{{ ',' if not loop.last }}
            {%- endfor %}
        from accounts
        inner join cohorts on accounts.cohort_stratum_key = cohorts.stratum_key
        where accounts.cohort_stratum_key = 0

        union all

        select
            accounts.frame_key,
            cohorts.cohort_key,
            {%- for basis in matched_bases() %}
                max(accounts.is_control_{{ basis }}) as is_control_{{ basis }},
                sum(accounts.a_{{ basis }}) as a_{{ basis }},
                sum(accounts.b_{{ basis }}) as b_{{ basis }}{{ ',' if not loop.last }}
            {%- endfor %}
        from accounts
        inner join cohorts on accounts.cohort_stratum_key = cohorts.stratum_key
        where accounts.cohort_stratum_key > 0
        group by accounts.frame_key, cohorts.cohort_key, accounts.account_key
    ),

    sums as (
        select
            frame_key,
            cohort_key,
            {%- for basis in matched_bases() %}
                count(b_{{ basis }}) as n_accounts_{{ basis }},
                sum(is_control_{{ basis }}) as n_control_accounts_{{ basis }},
                sum(a_{{ basis }} * a_{{ basis }}) as sum_aa_{{ basis }},
                sum(a_{{ basis }} * b_{{ basis }}) as sum_ab_{{ basis }},
                sum(b_{{ basis }} * b_{{ basis }}) as sum_bb_{{ basis }}{{ ',' if not loop.last }}
            {%- endfor %}
        from by_cohort
        group by frame_key, cohort_key
    )

{% for basis in matched_bases() -%}
    select
        cells.cell_key,
        sums.cohort_key,
        sums.n_accounts_{{ basis }} as n_accounts,
        sums.n_control_accounts_{{ basis }} as n_control_accounts,
        sums.sum_aa_{{ basis }} as sum_aa,
        sums.sum_ab_{{ basis }} as sum_ab,
        sums.sum_bb_{{ basis }} as sum_bb
    from sums
    inner join cells on sums.frame_key = cells.frame_key
    where cells.basis = '{{ basis }}' and sums.n_accounts_{{ basis }} > 0 {{ 'union all' if not loop.last }}
{% endfor %}
