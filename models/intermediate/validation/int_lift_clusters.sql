-- Sums of squares over the accounts of a cell and cohort.
with

accounts as (
    select * from {{ ref('int_lift_accounts') }}
),

cohorts as (
    select * from {{ ref('int_validation_cohorts') }}
),

-- Months have one stratum, 0, and one cohort: an account is one row of them as it is.
by_cohort as (
    select
        accounts.cell_key,
        cohorts.cohort_key,
        accounts.is_control,
        accounts.account_a,
        accounts.account_b
    from accounts
    inner join cohorts on accounts.cohort_stratum_key = cohorts.stratum_key
    where accounts.cohort_stratum_key = 0

    union all

    select
        accounts.cell_key,
        cohorts.cohort_key,
        max(accounts.is_control) as is_control,
        sum(accounts.account_a) as account_a,
        sum(accounts.account_b) as account_b
    from accounts
    inner join cohorts on accounts.cohort_stratum_key = cohorts.stratum_key
    where accounts.cohort_stratum_key > 0
    group by accounts.cell_key, cohorts.cohort_key, accounts.account_key
)

select
    cell_key,
    cohort_key,
    count(*) as n_accounts,
    sum(is_control) as n_control_accounts,
    sum(account_a * account_a) as sum_aa,
    sum(account_a * account_b) as sum_ab,
    sum(account_b * account_b) as sum_bb
from by_cohort
group by cell_key, cohort_key
