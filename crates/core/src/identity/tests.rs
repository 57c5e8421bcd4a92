//! What the rules of this module promise, one sentence each.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use jiff::civil::{Date, date};
use proptest::prelude::*;
use rstest::rstest;

use super::*;

fn resident(text: &str) -> Result<(Document, Option<DocumentWarning>), DocumentError> {
    Document::parse(DocumentKind::ResidentId, text, SyntheticRule::Allowed)
}

fn number_of(kind: DocumentKind, text: &str) -> Result<String, DocumentError> {
    Document::parse(kind, text, SyntheticRule::Refused).map(|(d, _)| d.into_number())
}

// ---- resident identity numbers ----

#[rstest]
#[case("11010519491231002X", date(1949, 12, 31), "110105")]
#[case("440524188001010014", date(1880, 1, 1), "440524")]
#[case("990000199001010017", date(1990, 1, 1), "990000")]
fn the_standards_examples_are_read(#[case] text: &str, #[case] birth: Date, #[case] area: &str) {
    let id = ResidentId::parse(text).unwrap();
    assert_eq!((id.as_str(), id.birth_date(), id.area()), (text, birth, area));
    assert_eq!(id.is_synthetic(), text.starts_with("990000"));
}

#[rstest]
#[case("", ResidentIdError::Length)]
#[case("1101051949123100", ResidentIdError::Length)]
#[case("110105194912310021X", ResidentIdError::Length)]
#[case("110105491231002", ResidentIdError::FifteenDigits)]
#[case("11010549123100X", ResidentIdError::Length)]
#[case("11010519491231X02X", ResidentIdError::Character)]
#[case("11010519491231002Y", ResidentIdError::Character)]
#[case("1101051949123100 2", ResidentIdError::Character)]
#[case("证证证证证证", ResidentIdError::Character)]
#[case("101105194912310026", ResidentIdError::Area)]
#[case("990001199001010012", ResidentIdError::Area)]
#[case("110105194902300026", ResidentIdError::BirthDate)]
#[case("110105194913310026", ResidentIdError::BirthDate)]
#[case("110105000001010026", ResidentIdError::BirthDate)]
#[case("110105194912310021", ResidentIdError::Checksum)]
fn a_wrong_number_is_refused_with_its_reason(#[case] text: &str, #[case] error: ResidentIdError) {
    assert_eq!(ResidentId::parse(text), Err(error));
}

#[test]
fn a_lower_case_x_is_the_check_character_x() {
    assert_eq!(ResidentId::parse("11010519491231002x").unwrap().as_str(), "11010519491231002X");
}

#[rstest]
fn every_province_code_is_known_and_no_other(#[values(true, false)] listed: bool) {
    let known = [11..=15, 21..=23, 31..=37, 41..=46, 50..=54, 61..=65, 71..=71, 81..=83, 91..=91];
    for code in 0..=99u8 {
        if known.iter().any(|range| range.contains(&code)) == listed {
            let text = with_check(&format!("{code:02}010019900101001"));
            assert_eq!(ResidentId::parse(&text).is_ok(), listed, "province {code:02}");
        }
    }
}

#[test]
fn a_birth_date_after_the_day_asked_about_is_refused() {
    let id = ResidentId::parse("990000199001010017").unwrap();
    assert_eq!(id.check_born_by(date(1989, 12, 31)), Err(ResidentIdError::BornLater));
    assert_eq!(id.check_born_by(date(1990, 1, 1)), Ok(()));
}

// ---- age ----

#[rstest]
#[case(date(2008, 3, 1), date(2026, 2, 28), 17)]
#[case(date(2008, 3, 1), date(2026, 3, 1), 17)]
#[case(date(2008, 3, 1), date(2026, 3, 2), 18)]
#[case(date(2008, 2, 29), date(2026, 2, 28), 17)]
#[case(date(2008, 2, 29), date(2026, 3, 1), 18)]
#[case(date(2008, 2, 29), date(2028, 2, 29), 19)]
#[case(date(2008, 2, 29), date(2028, 3, 1), 20)]
#[case(date(2007, 2, 28), date(2028, 2, 29), 21)]
#[case(date(2008, 12, 31), date(2026, 12, 31), 17)]
#[case(date(2008, 12, 31), date(2027, 1, 1), 18)]
#[case(date(2026, 3, 1), date(2026, 3, 1), 0)]
#[case(date(2026, 3, 1), date(2026, 2, 28), -1)]
fn a_year_of_life_is_completed_on_the_day_after_the_birthday(#[case] birth: Date, #[case] on: Date, #[case] age: i16) {
    assert_eq!(age_on(birth, on), age);
    assert_eq!(is_of_age_on(birth, on), age >= 18);
}

// ---- unified social credit codes ----

#[test]
fn the_standards_example_code_is_read_without_a_warning() {
    let (code, warning) = Uscc::parse("91350100M000100Y43").unwrap();
    assert_eq!((code.as_str(), code.area(), warning), ("91350100M000100Y43", "350100", None));
}

#[test]
fn a_code_whose_check_character_does_not_fit_is_read_with_a_warning() {
    let (code, warning) = Uscc::parse("91350100M000100Y44").unwrap();
    assert_eq!((code.as_str(), warning), ("91350100M000100Y44", Some(UsccWarning::Checksum)));
}

#[rstest]
#[case("91350100M000100Y4", UsccError::Length)]
#[case("91350100M000100Y4I", UsccError::Character)]
#[case("9135O100M000100Y43", UsccError::Character)]
#[case("000000000000000000", UsccError::Placeholder)]
#[case("111111111111111111", UsccError::Placeholder)]
fn a_wrong_code_is_refused_with_its_reason(#[case] text: &str, #[case] error: UsccError) {
    assert_eq!(Uscc::parse(text), Err(error));
}

// ---- documents ----

#[rstest]
#[case(DocumentKind::ResidentId, " 110105 19491231 002x ", "11010519491231002X")]
#[case(DocumentKind::ResidentId, "１１０１０５１９４９１２３１００２Ｘ\u{200b}", "11010519491231002X")]
#[case(DocumentKind::Uscc, "91350100m000100y43\u{3000}", "91350100M000100Y43")]
#[case(DocumentKind::Passport, "e12345678", "E12345678")]
#[case(DocumentKind::HkMacauPermit, "h 12345678", "H12345678")]
#[case(DocumentKind::HkMacauPermit, "M1234567801", "M1234567801")]
#[case(DocumentKind::TaiwanPermit, "12345678", "12345678")]
#[case(DocumentKind::TaiwanPermit, "0123456789（Ｂ）", "0123456789B")]
#[case(DocumentKind::ForeignPermanentResidentCard, "usa110000000001", "USA110000000001")]
fn a_number_is_brought_into_canonical_form(#[case] kind: DocumentKind, #[case] text: &str, #[case] canonical: &str) {
    assert_eq!(number_of(kind, text).as_deref(), Ok(canonical));
}

#[rstest]
#[case(DocumentKind::Passport, "1234", DocumentError::Format(DocumentKind::Passport))]
#[case(DocumentKind::Passport, "PASSPORT", DocumentError::Format(DocumentKind::Passport))]
#[case(DocumentKind::Passport, "110105491231002", DocumentError::Format(DocumentKind::Passport))]
#[case(DocumentKind::Passport, "E1234-678", DocumentError::Format(DocumentKind::Passport))]
#[case(DocumentKind::Passport, "E00000000", DocumentError::Placeholder(DocumentKind::Passport))]
#[case(DocumentKind::HkMacauPermit, "A12345678", DocumentError::Format(DocumentKind::HkMacauPermit))]
#[case(DocumentKind::HkMacauPermit, "H123456789", DocumentError::Format(DocumentKind::HkMacauPermit))]
#[case(DocumentKind::TaiwanPermit, "123456789", DocumentError::Format(DocumentKind::TaiwanPermit))]
#[case(DocumentKind::TaiwanPermit, " \u{3000}", DocumentError::Empty(DocumentKind::TaiwanPermit))]
#[case(
    DocumentKind::ForeignPermanentResidentCard,
    "US1100000000001",
    DocumentError::Format(DocumentKind::ForeignPermanentResidentCard)
)]
fn a_number_of_another_form_is_refused(#[case] kind: DocumentKind, #[case] text: &str, #[case] error: DocumentError) {
    assert_eq!(number_of(kind, text), Err(error));
}

#[test]
fn a_present_resident_card_states_a_birth_date_and_is_checked() {
    let kind = DocumentKind::ForeignPermanentResidentCard;
    let good = with_check("93184019850615001");
    let (card, _) = Document::parse(kind, &good, SyntheticRule::Refused).unwrap();
    assert_eq!(card.birth_date(), Some(date(1985, 6, 15)));
    let last = if good.ends_with('0') { '1' } else { '0' };
    let altered = format!("{}{last}", &good[..17]);
    assert_eq!(number_of(kind, &altered), Err(DocumentError::CardChecksum));
    assert_eq!(number_of(kind, &with_check("93184019850631001")), Err(DocumentError::CardBirthDate));
    assert_eq!(number_of(kind, "990000199001010017"), Err(DocumentError::Format(kind)));
}

#[test]
fn made_up_numbers_are_accepted_only_where_synthetic_data_is_allowed() {
    let code = uscc_with_check("91990000MA0000001");
    for (kind, text) in [(DocumentKind::ResidentId, "990000199001010017"), (DocumentKind::Uscc, &*code)] {
        let (document, _) = Document::parse(kind, text, SyntheticRule::Allowed).unwrap();
        assert!(document.is_synthetic());
        assert_eq!(number_of(kind, text), Err(DocumentError::SyntheticRefused(kind)));
    }
}

#[test]
fn real_looking_numbers_are_accepted_in_a_synthetic_city_too() {
    let (document, _) = resident("11010519491231002X").unwrap();
    assert!(!document.is_synthetic());
    assert_eq!(document.birth_date(), Some(date(1949, 12, 31)));
}

#[test]
fn only_documents_that_state_a_birth_date_have_one() {
    let (passport, _) = Document::parse(DocumentKind::Passport, "E19900101", SyntheticRule::Refused).unwrap();
    assert_eq!(passport.birth_date(), None);
}

// ---- kinds ----

#[test]
fn a_kind_is_found_by_its_name_its_code_and_its_stored_number() {
    for kind in DocumentKind::ALL {
        assert_eq!(DocumentKind::from_value(kind.name_zh()), Some(kind));
        assert_eq!(DocumentKind::from_value(kind.code()), Some(kind));
        assert_eq!(DocumentKind::from_u8(kind.as_u8()), Some(kind));
    }
    assert_eq!(DocumentKind::from_value(" 居民身份证 "), Some(DocumentKind::ResidentId));
    assert_eq!(DocumentKind::from_value("驾驶证"), None);
    assert_eq!(DocumentKind::from_u8(0), None);
}

#[test]
fn the_stored_number_of_a_kind_never_changes() {
    assert_eq!(DocumentKind::ALL.map(DocumentKind::as_u8), [1, 2, 3, 4, 5, 6]);
    let names = serde_json::to_string(&DocumentKind::ALL).unwrap();
    assert_eq!(
        names,
        r#"["resident_id","passport","hk_macau_permit","taiwan_permit","foreign_permanent_resident_card","uscc"]"#
    );
}

// ---- masking and names ----

#[rstest]
#[case(DocumentKind::ResidentId, "990000199001010017", "990*************17")]
#[case(DocumentKind::ResidentId, "99000019", "********")]
#[case(DocumentKind::ResidentId, "", "")]
#[case(DocumentKind::Passport, "E12345678", "E******78")]
#[case(DocumentKind::Passport, "E1234", "*****")]
#[case(DocumentKind::HkMacauPermit, "H12345678", "H******78")]
#[case(DocumentKind::Uscc, "91350100M000100Y43", "91350100M000100Y43")]
#[case(DocumentKind::Uscc, "91350100M000100Y44", "913*************44")]
#[case(DocumentKind::Uscc, "990000199001010017", "990*************17")]
fn a_number_is_masked(#[case] kind: DocumentKind, #[case] number: &str, #[case] masked: &str) {
    assert_eq!(mask_number(kind, number), masked);
}

#[test]
fn a_self_employed_business_is_masked_as_a_person_is() {
    let code = uscc_with_check("92990000MA0000001");
    assert!(mask_number(DocumentKind::Uscc, &code).starts_with("929*****"));
}

#[rstest]
#[case("王小明", "王*明")]
#[case("王明", "王*")]
#[case("王", "*")]
#[case("", "")]
#[case("欧阳小明", "欧**明")]
#[case("阿依古丽·买买提", "阿******提")]
#[case("葛\u{e0100}小明\u{e0101}", "葛\u{e0100}*明\u{e0101}")]
#[case("\u{20bb7}野家", "\u{20bb7}*家")]
fn a_name_is_masked(#[case] name: &str, #[case] masked: &str) {
    assert_eq!(mask_name(name), masked);
}

#[rstest]
#[case("王小明", "王小明")]
#[case(" 王　 明\t", "王明")]
#[case("\u{feff}王\u{200b}明", "王明")]
#[case("Ｊａｎｅ   roe", "JANE ROE")]
#[case("王 Jane", "王 JANE")]
#[case("某某（新城）有限公司", "某某(新城)有限公司")]
#[case("", "")]
fn a_name_is_brought_into_the_form_in_which_names_are_compared(#[case] name: &str, #[case] form: &str) {
    assert_eq!(normalise_name(name), form);
}

#[test]
fn the_separators_within_a_name_are_not_made_the_same() {
    let separators = ['·', '•', '・', '‧', '．', '.'];
    let forms: std::collections::BTreeSet<String> =
        separators.iter().map(|dot| normalise_name(&format!("买买提{dot}艾力"))).collect();
    assert_eq!(forms.len(), separators.len());
}

// ---- nothing leaks ----

#[test]
fn debug_output_and_messages_never_contain_the_number() {
    let (document, _) = resident("990000199001010017").unwrap();
    let id = ResidentId::parse("990000199001010017").unwrap();
    for shown in [format!("{document:?}"), format!("{id:?}")] {
        assert!(!shown.contains("19900101"), "{shown}");
    }
    for text in ["990000199001010018", "990000199013010017", "9900001990010100171", "990000900101001"] {
        let error = resident(text).unwrap_err();
        let said = error.say();
        for shown in [format!("{error:?}"), error.to_string(), said.zh, said.en] {
            assert!(!shown.contains(&text[..9]), "{shown}");
        }
    }
}

#[test]
fn every_error_says_in_both_languages_what_to_do() {
    let mut errors = vec![DocumentError::CardBirthDate, DocumentError::CardChecksum];
    for kind in DocumentKind::ALL {
        errors.extend([
            DocumentError::Empty(kind),
            DocumentError::Format(kind),
            DocumentError::Placeholder(kind),
            DocumentError::SyntheticRefused(kind),
        ]);
    }
    use ResidentIdError as R;
    errors.extend(
        [R::FifteenDigits, R::Length, R::Character, R::Area, R::BirthDate, R::BornLater, R::Checksum]
            .map(DocumentError::from),
    );
    errors.extend([UsccError::Length, UsccError::Character, UsccError::Placeholder].map(DocumentError::from));
    for error in errors {
        let said = error.say();
        assert!(said.zh.contains('请') && said.zh.ends_with('。'), "{error:?}: {}", said.zh);
        assert!(said.en.contains(';'), "{error:?}: {}", said.en);
        assert!(!said.zh.contains("代码号码") && !said.en.contains("  "), "{said:?}");
    }
}

// ---- properties ----

/// The 17 digits with their check character.
fn with_check(first17: &str) -> String {
    let check = ResidentId::check_character(first17.as_bytes().try_into().unwrap()).unwrap();
    format!("{first17}{check}")
}

fn uscc_with_check(first17: &str) -> String {
    let check = Uscc::check_character(first17.as_bytes().try_into().unwrap()).unwrap();
    format!("{first17}{check}")
}

prop_compose! {
    fn valid_id()(
        province in prop::sample::select(vec![11, 15, 21, 37, 46, 54, 65, 71, 83, 91]),
        place in 0..10_000u32,
        year in 1900..2100i16,
        month in 1..=12i8,
        day in 1..=28i8,
        sequence in 0..1000u32,
    ) -> String {
        with_check(&format!("{province}{place:04}{year:04}{month:02}{day:02}{sequence:03}"))
    }
}

prop_compose! {
    fn valid_code()(first17 in "[1-9AN][1-9][0-9]{6}[0-9A-HJ-NPQRTUWXY]{9}") -> String {
        uscc_with_check(&first17)
    }
}

proptest! {
    #[test]
    fn every_number_built_by_the_standard_is_read_and_keeps_its_text(text in valid_id()) {
        let id = ResidentId::parse(&text).unwrap();
        prop_assert_eq!(id.as_str(), &*text);
        let (document, _) = resident(&text).unwrap();
        prop_assert_eq!(document.birth_date(), Some(id.birth_date()));
    }

    #[test]
    fn every_substitution_of_one_character_is_detected(text in valid_id()) {
        for at in 0..18 {
            for new in b"0123456789X" {
                let mut altered = text.clone().into_bytes();
                if altered[at] != *new {
                    altered[at] = *new;
                    prop_assert!(ResidentId::parse(core::str::from_utf8(&altered).unwrap()).is_err());
                }
            }
        }
    }

    #[test]
    fn every_swap_of_neighbours_is_detected(text in valid_id()) {
        for at in 0..17 {
            let mut altered = text.clone().into_bytes();
            altered.swap(at, at + 1);
            if altered != text.as_bytes() {
                prop_assert!(ResidentId::parse(core::str::from_utf8(&altered).unwrap()).is_err());
            }
        }
    }

    #[test]
    fn a_substitution_of_one_character_of_a_code_is_warned_about_or_refused(
        text in valid_code(), at in 0..18usize, new in "[0-9A-HJ-NPQRTUWXY]",
    ) {
        prop_assert_eq!(Uscc::parse(&text).unwrap().1, None);
        let mut altered = text.clone();
        altered.replace_range(at..=at, &new);
        if altered != text {
            prop_assert!(!matches!(Uscc::parse(&altered), Ok((_, None))));
        }
    }

    #[test]
    fn no_text_makes_parsing_masking_or_normalising_panic(text in any::<String>(), kind in 0..6usize) {
        let kind = DocumentKind::ALL[kind];
        let parsed = Document::parse(kind, &text, SyntheticRule::Allowed);
        if let Ok((document, _)) = parsed {
            let again = Document::parse(kind, document.number(), SyntheticRule::Allowed).unwrap().0;
            prop_assert_eq!(&again, &document);
        }
        prop_assert_eq!(mask_number(DocumentKind::Passport, &text).chars().count(), text.chars().count());
        let normal = normalise_name(&text);
        prop_assert_eq!(normalise_name(&normal), normal);
        prop_assert!(mask_name(&text).chars().count() <= text.chars().count());
    }
}

#[test]
fn the_kind_of_a_number_is_told_where_it_is_certain() {
    assert_eq!(DocumentKind::of_number("990000199001010017"), DocumentKind::ResidentId);
    assert_eq!(DocumentKind::of_number("91350100M000100Y43"), DocumentKind::Uscc);
    assert_eq!(
        DocumentKind::of_number("990000199001010018"),
        DocumentKind::ResidentId,
        "mistyped, not an organisation"
    );
    assert_eq!(DocumentKind::of_number("E12345678"), DocumentKind::ResidentId, "a passport is named");
}
