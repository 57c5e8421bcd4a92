//! Complaints: who does what, in which order, and when the answer is late.

use chengxin_core::Say;
use chengxin_core::complaint::{COMPLAINT, Complaint, ComplaintError, ComplaintState as S, ComplaintStep as K, clock};
use chengxin_core::deadline::{DeadlineKind, Due};
use chengxin_core::workflow::Party;
use jiff::civil::{Date, date};
use proptest::prelude::*;

const FILED: Date = date(2026, 11, 21);

fn due(kind: DeadlineKind, start: Date) -> Due {
    Due { kind, start, last: date(2026, 12, 11), moved_from: None, how: Say::default() }
}

fn filed() -> Complaint {
    Complaint::file(FILED, "有人无故查看我的记录".to_owned(), due(DeadlineKind::ComplaintAnswer, FILED)).unwrap()
}

#[test]
fn it_is_taken_up_commented_on_and_answered_with_reasons() {
    let of = filed();
    assert_eq!((of.state(), of.is_open(), of.days_late(date(2026, 12, 13))), (S::Filed, true, 2));
    let of = of.after(K::Accept, Party::CreditOffice, FILED, String::new()).unwrap();
    let of = of.after(K::Comment, Party::Concerned, FILED, "因办理业务".to_owned()).unwrap();
    assert_eq!(of.state(), S::Accepted, "a comment answers nothing");
    let silent = of.after(K::Uphold, Party::CreditOffice, FILED, " ".to_owned());
    assert_eq!(silent.unwrap_err(), ComplaintError::SaysNothing);
    let of = of.after(K::Uphold, Party::CreditOffice, date(2026, 12, 12), "无办件".to_owned()).unwrap();
    assert_eq!((of.closed_on(), of.days_late(date(2027, 1, 1)), of.due()), (Some(date(2026, 12, 12)), 1, None));
}

#[test]
fn the_authority_complained_of_answers_nothing_and_nobody_else_takes_it_back() {
    let taken_up = filed().after(K::Accept, Party::CreditOffice, FILED, String::new()).unwrap();
    for step in [K::Uphold, K::NotUphold, K::PassOn, K::Accept, K::Withdraw] {
        let tried = taken_up.after(step, Party::Concerned, FILED, "x".to_owned());
        assert!(matches!(tried, Err(ComplaintError::Unlawful(_))), "{step:?}");
    }
    assert!(filed().after(K::Withdraw, Party::CreditOffice, FILED, String::new()).is_err());
    let back = filed().after(K::Withdraw, Party::Person, FILED, String::new()).unwrap();
    assert_eq!((back.state(), back.days_late(date(2027, 1, 1))), (S::Withdrawn, 0));
}

#[test]
fn without_words_or_on_another_clock_nothing_is_filed() {
    let good = due(DeadlineKind::ComplaintAnswer, FILED);
    assert_eq!(Complaint::file(FILED, " ".to_owned(), good.clone()).unwrap_err(), ComplaintError::SaysNothing);
    let words = || "x".to_owned();
    let later = Complaint::file(date(2026, 11, 22), words(), good).unwrap_err();
    let other = Complaint::file(FILED, words(), due(DeadlineKind::ObjectionAnswer, FILED)).unwrap_err();
    assert_eq!((later, other), (ComplaintError::WrongClock, ComplaintError::WrongClock));
}

#[test]
fn it_is_handed_over_to_another_authority_than_the_one_complained_of_and_the_clock_goes_on() {
    let say = || "属贵单位职责".to_owned();
    for to in ["", "complained-of"] {
        let refused = filed().referred(to, "complained-of", FILED, say()).unwrap_err();
        assert_eq!(refused, ComplaintError::WrongHandler, "{to}");
    }
    assert_eq!(filed().after(K::Refer, Party::CreditOffice, FILED, say()).unwrap_err(), ComplaintError::WrongHandler);
    let of = filed().referred("handler", "complained-of", FILED, say()).unwrap();
    assert_eq!((of.state(), of.handler(), of.due()), (S::Referred, Some("handler"), filed().due()));
    for by in [Party::CreditOffice, Party::Concerned, Party::Supervisor] {
        assert!(of.after(K::Uphold, by, FILED, say()).is_err(), "{by:?} does not answer what another one has");
    }
    let of = of.after(K::Comment, Party::Supervisor, FILED, say()).unwrap();
    let back = of.after(K::Accept, Party::CreditOffice, FILED, String::new()).unwrap();
    assert_eq!((back.state(), back.handler()), (S::Accepted, None), "the credit office takes it back to itself");
    let of = of.after(K::NotUphold, Party::Handler, date(2026, 12, 12), say()).unwrap();
    assert_eq!((of.state(), of.handler(), of.days_late(date(2027, 1, 1))), (S::NotUpheld, Some("handler"), 1));
}

proptest! {
    #[test]
    fn whatever_is_tried_only_lawful_steps_are_done_and_an_open_one_has_a_clock(
        tries in prop::collection::vec((0..K::ALL.len(), 0..Party::ALL.len(), 0i64..9), 0..12),
    ) {
        let (mut of, mut on) = (filed(), FILED);
        for (step, by, days) in tries {
            let (step, by) = (K::ALL[step], Party::ALL[by]);
            on = on.checked_add(jiff::Span::new().days(days)).unwrap();
            let lawful = COMPLAINT.iter().find(|row| row.from == of.state() && row.step == step && row.by == by);
            let tried = match (step, by) {
                (K::Refer, Party::CreditOffice) => of.referred("b", "a", on, "x".to_owned()),
                _ => of.after(step, by, on, "x".to_owned()),
            };
            prop_assert_eq!(tried.is_ok(), lawful.is_some());
            if let Ok(next) = tried {
                prop_assert_eq!(next.done().len(), of.done().len() + 1, "nothing that was said is lost");
                of = next;
            }
            prop_assert_eq!(of.is_open(), of.due().is_some());
            prop_assert_eq!(of.is_open(), clock(of.state()).is_some());
        }
    }
}
