//! Examples from the law, one file per provision.

mod civil_code_200_204;
