//! A row of a penalty file about a made-up person, held against the shipped item.

use chengxin_core::identity::SyntheticRule;
use chengxin_core::refusal::Reason;
use chengxin_core::row::{Facts, ReadRules, RowReader, Scratch, Verdict};

use crate::clocks::{day, item};

/// What a row says beside what every row says.
#[derive(Clone, Copy)]
pub(crate) struct PenaltyRow {
    /// The day of the decision.
    pub(crate) decided: (i16, i8, i8),
    /// The kind of penalty.
    pub(crate) kind: &'static str,
}

impl PenaltyRow {
    /// What becomes of it where it comes in on a day: what the store would keep, or for what it is refused.
    pub(crate) fn on(self, today: (i16, i8, i8)) -> Result<Facts, Vec<Reason>> {
        let item = item("penalty");
        let rules = ReadRules { today: day(today), synthetic: SyntheticRule::Allowed, adults_attested: false };
        let reader = RowReader::new(item, (0..item.fields.len()).map(Some).collect(), rules);
        let mut scratch = Scratch::default();
        reader.begin(&mut scratch);
        let decided = day(self.decided).to_string();
        let cell = |at: usize| match item.fields[at].field.code.as_str() {
            "CF_XDR_MC" => "周文",
            "CF_XDR_LB" => "自然人",
            "CF_XDR_ZJLX" => "身份证",
            "CF_XDR_ZJHM" => "990000199001010017",
            "CF_WSH" => "诚市监罚〔2026〕17号",
            "CF_WFXW" => "使用超过保质期的食品原料",
            "CF_SY" => "检查时发现过期原料",
            "CF_YJ" => "《中华人民共和国食品安全法》第一百二十四条",
            "CF_CFLB" => self.kind,
            "CF_NR" => "见决定书",
            "CF_NR_FK" if self.kind.contains("罚款") => "0.1",
            "CF_NR_ZKDX" if self.kind.contains("许可证件") => "食品经营许可证",
            "CF_JDRQ" => decided.as_str(),
            "CF_CFJG" => "诚信市市场监督管理局",
            "CF_CFJGDM" => "91350100M000100Y43",
            _ => "",
        };
        match reader.read(cell, &mut scratch) {
            Verdict::Good(facts) => Ok(facts),
            Verdict::Refused => Err(scratch.faults.iter().map(|fault| fault.reason.clone()).collect()),
            other @ (Verdict::Blank | Verdict::Held(..)) => panic!("neither taken nor refused: {other:?}"),
        }
    }
}
