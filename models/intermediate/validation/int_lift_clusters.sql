-- Sums of squares over the accounts of a cell and cohort.
with

accounts as (
    select * from {{ ref('int_lift_accounts') }}
),

cohorts as (
    select * from {{ ref('int_validation_cohorts') }}
),

by_cohort as (
    select
        cell_key,
        'all' as cohort_type,
        'all' as cohort,
        is_control,
        account_a,
        account_b
    from accounts
    where cohort_stratum_key = 0

    union all

    select
        accounts.cell_key,
        cohorts.cohort_type,
        cohorts.cohort,
        max(accounts.is_control) as is_control,
        sum(accounts.account_a) as account_a,
        sum(accounts.account_b) as account_b
    from accounts
    inner join cohorts on accounts.cohort_stratum_key = cohorts.stratum_key
    where accounts.cohort_stratum_key > 0
    group by accounts.cell_key, cohorts.cohort_type, cohorts.cohort, accounts.account_key
)

select
    cell_key,
    cohort_type,
    cohort,
    count(*) as n_accounts,
    sum(is_control) as n_control_accounts,
    sum(account_a * account_a) as sum_aa,
    sum(account_a * account_b) as sum_ab,
    sum(account_b * account_b) as sum_bb
from by_cohort
group by cell_key, cohort_type, cohort
