//! Examples from the law, one file per provision.

mod civil_code_200_204;
mod civil_code_203;
mod clocks;
mod order_36_procedure;
mod penalty_law_48_85;
mod pipl_19_47;
