//! Rows of which nothing may be kept.

use super::dense;

/// Must a row be refused before anything of it is kept? So it is with whatever rests on the law on public-security
/// penalties or is a detention: records of it may be given to nobody. `cited_basis` is the legal basis that the row
/// cites, `penalty_type` its kind of penalty; pass every text in which either may stand.
///
/// Spacing, brackets and the names of the law before 2006 (`治安管理处罚条例`) make no difference.
///
/// # Source
/// 治安管理处罚法 art. 136, in force 2026-01-01.
///
/// # Example
/// ```
/// use chengxin_core::catalogue::forbidden::refused_at_the_door;
///
/// assert!(refused_at_the_door("《中华人民共和国治安 管理处罚法》第四十三条", "罚款"));
/// assert!(refused_at_the_door("", "罚款、行政拘留"));
/// assert!(!refused_at_the_door("《中华人民共和国水污染防治法》第八十三条", "罚款"));
/// ```
#[must_use]
pub fn refused_at_the_door(cited_basis: &str, penalty_type: &str) -> bool {
    rests_on_public_security_law(cited_basis) || is_detention(penalty_type)
}

const PUBLIC_SECURITY: &[&str] =
    &["治安管理处罚", "治安处罚", "治安管理条例", "治安管理法", "治安法第", "治安管理處罰", "治安處罰"];

fn rests_on_public_security_law(basis: &str) -> bool {
    // Called for every row of a file: most texts do not even have the first character.
    if memchr::memmem::find(basis.as_bytes(), "治".as_bytes()).is_none() {
        return false;
    }
    let basis = dense(basis);
    PUBLIC_SECURITY.iter().any(|name| basis.contains(name))
}

fn is_detention(penalty_type: &str) -> bool {
    if memchr::memmem::find(penalty_type.as_bytes(), "拘".as_bytes()).is_none() {
        return false;
    }
    // 司法拘留 is a court's measure in its own proceedings and not a public-security penalty; nobody but a court
    // can impose it, and no other kind of detention stands in a penalty column.
    dense(penalty_type).replace("司法拘留", "").contains("拘留")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_on_the_public_security_law_are_refused_however_it_is_written() {
        for basis in [
            "《中华人民共和国治安管理处罚法》第二十六条第一项",
            "中华人民共和国治安管理处罚法第26条",
            "依据〈治安 管理\n处罚法〉",
            "治安管理处罚条例",
            "《治安处罚法》",
            "《中华人民共和国 治安管理　处罚法》",
        ] {
            assert!(refused_at_the_door(basis, "罚款"), "{basis}");
        }
        for penalty in ["行政拘留", "罚款;行政拘留", "拘留五日", "行政 拘留"] {
            assert!(refused_at_the_door("", penalty), "{penalty}");
        }
        for basis in
            ["《中华人民共和国水污染防治法》", "《综合治理条例》", "《道路交通安全法》第九十条", "治理安全隐患办法"]
        {
            assert!(!refused_at_the_door(basis, "罚款"), "{basis}");
        }
        assert!(!refused_at_the_door("《民事诉讼法》", "司法拘留"));
    }
}
