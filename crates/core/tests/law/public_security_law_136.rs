//! 治安管理处罚法 第一百三十六条 (in force 2026-01-01): records of public-security violations are given to nobody. They are refused at the door.

use chengxin_core::catalogue::forbidden::refused_at_the_door;
use rstest::rstest;

#[rstest]
#[case::the_law("《中华人民共和国治安管理处罚法》第四十三条", "罚款", true)]
#[case::its_name_before_2006("《中华人民共和国治安管理处罚条例》第二十二条", "警告", true)]
#[case::spaced_out("依据 治安 管理 处罚 法 第二十六条", "罚款", true)]
#[case::a_detention_whatever_is_cited("", "罚款、行政拘留", true)]
#[case::another_law("《中华人民共和国道路交通安全法》第九十条", "罚款", false)]
#[case::a_courts_own_measure("《中华人民共和国民事诉讼法》第一百一十四条", "司法拘留", false)]
fn what_rests_on_that_law_is_refused_however_it_is_written(
    #[case] basis: &str,
    #[case] kind: &str,
    #[case] refused: bool,
) {
    assert_eq!(refused_at_the_door(basis, kind), refused);
}
