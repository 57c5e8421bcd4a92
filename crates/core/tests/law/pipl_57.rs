//! 个人信息保护法 第五十七条 (in force 2021-11-01; not verified): after a leak the office and the people concerned are told what leaked, why, and what to do.
//!
//! Who was touched, and the letters with what leaked, is shown in `crates/app/tests/use_cases/leak.rs`; here, who may look, and that each who is found reads it.

use chengxin_core::Role;
use chengxin_core::operation::{Api, operation};
use chengxin_core::operation_words::act;

#[test]
fn looking_for_who_was_touched_is_told_to_each_of_them_and_opens_no_record() {
    for name in ["leak_list", "leak_notices"] {
        let said = act(name, "").expect("words");
        assert!(said.zh.contains("因可能发生泄露") && said.zh.contains("没有查看记录内容"), "{said}");
        assert!(said.en.contains("possible leak") && said.en.contains("did not read"), "{said}");
        assert!(!operation(name).expect("an operation").discloses, "{name}");
    }
}

#[test]
fn letters_are_the_credit_offices_and_files_about_many_people_pass_no_network() {
    assert_eq!(operation("leak_notices").expect("an operation").roles, [Role::CreditOffice]);
    let lookers = operation("leak_list").expect("an operation").roles;
    assert!(lookers.iter().all(|role| matches!(role, Role::CreditOffice | Role::Auditor)), "{lookers:?}");
    for name in ["leak_list", "leak_notices"] {
        assert!(matches!(operation(name).expect("an operation").api, Api::ConsoleOnly(_)), "{name}");
    }
}
