//! Examples from the law, one file per provision.

mod civil_code_200_204;
mod civil_code_203;
mod clocks;
mod credit_reporting_25;
mod licensing_law_42_82;
mod order_36_periods;
mod order_36_procedure;
mod order_36_repair;
mod penalty_law_48_85;
mod pipl_19_47;
mod public_security_law_136;
mod report_standard_2022_adults;
