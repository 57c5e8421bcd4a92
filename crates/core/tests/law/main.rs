//! Examples from the law, one file per provision.
//!
//! What of a provision lives above this crate is shown there, and its file says where.

mod civil_code_200_204;
mod civil_code_203;
mod clocks;
mod credit_reporting_14;
mod credit_reporting_16;
mod credit_reporting_25;
mod licensing_law_42_82;
mod ndrc_2018_424;
mod order_36_objections;
mod order_36_periods;
mod order_36_procedure;
mod order_36_repair;
mod penalty_law_48_85;
mod penalty_row;
mod pipl_19_47;
mod pipl_24;
mod pipl_44_45;
mod pipl_46;
mod pipl_47;
mod pipl_48;
mod pipl_57;
mod proposal;
mod public_security_law_136;
mod report_standard_2022_adults;
mod state_council_2020_49;
