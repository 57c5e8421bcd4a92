//! What somebody who acts on a mandate reads of the log: the part that the mandate covers.

use std::collections::BTreeSet;

use chengxin_core::mandate::Scope;
use chengxin_core::operation_words::ACCESS_DENY;
use chengxin_core::{Caller, Say};
use chengxin_store::log::LogRow;
use serde_json::Value;

use super::compose::variant;
use super::{Line, Lines};

/// What of the lines a mandate covers.
pub(super) struct Part<'a> {
    scope: &'a BTreeSet<Scope>,
    /// Number of the mandate.
    own: &'a str,
}

impl<'a> Part<'a> {
    /// The part that the caller reads; `None` for everybody who reads the whole: the person, and whose mandate covers everything there is.
    pub(super) fn of(caller: &'a Caller) -> Option<Self> {
        let deputy = caller.standing.deputy()?;
        let whole = Scope::ALL.iter().all(|scope| deputy.scope.contains(scope));
        (!whole).then_some(Self { scope: &deputy.scope, own: &deputy.number })
    }

    /// These lines without what lies beyond, and without numbers: gaps in them would tell how much was left out. Nor are there chains any more from which
    /// an export could be made, which would show it all.
    pub(super) fn of_lines(&self, lines: Lines) -> Lines {
        let shown = lines.lines.into_iter().filter(|line| self.covers(line)).map(|line| self.shown(line)).collect();
        let part = Say::new(
            "这里只有委托范围以内的留痕：范围以外的办理、授权以及其他委托的留痕，不论有无，均不显示；完整的留痕由当事人本人查看。",
            "Here is what the mandate covers: lines on what lies beyond it, on consents and on other mandates are not shown, whether or not there are any; the whole is for the person to read.",
        );
        Lines { lines: shown, part: Some(part), chains: Vec::new(), revealed: Vec::new(), anchors: Vec::new(), ..lines }
    }

    pub(super) fn covers(&self, line: &Line) -> bool {
        // What was done on one's own mandate, and to it, one knows.
        let own = line.mandate.as_deref() == Some(self.own);
        own || line.scope.is_none_or(|scope| self.scope.contains(&scope))
    }

    /// A line that is covered, without what else it would tell: which records, on which consent, who else acts for the person.
    fn shown(&self, mut line: Line) -> Line {
        line.number = None;
        if !self.scope.contains(&Scope::Records) {
            line.records.clear();
        }
        if line.on_consent && !self.scope.contains(&Scope::Consents) {
            line.basis = Some(Say::new("当事人的授权", "a consent of theirs"));
        }
        let others = line.mandate.as_deref().is_some_and(|number| number != self.own);
        if others && !self.scope.contains(&Scope::Mandates) {
            line.mandate = None;
            line.who.say = Say::new("另一位受托人", "somebody else who acts for them");
            line.basis = Some(Say::new("代当事人行使其权利", "their own right, exercised for them"));
        }
        line
    }
}

/// To what an entry belongs: what was done in a scope, to a consent, to a mandate, or on one in vain.
pub(super) fn scope(row: &LogRow, detail: &Value) -> Option<Scope> {
    match (row.operation.as_str(), variant(&row.operation, detail)) {
        (_, "consent") | ("consent_record", _) => Some(Scope::Consents),
        (ACCESS_DENY, "code" | "mandate") => Some(Scope::Mandates),
        ("mandate_accept" | "mandate_end" | "mandate_record" | "mandate_resign", _) => Some(Scope::Mandates),
        // That somebody is told of a record is about the record.
        ("record_expire", _) => Some(Scope::Records),
        ("notice_deliver" | "notice_letter" | "notice_make" | "notice_served", _) => Some(Scope::Records),
        (operation, _) => Scope::of(operation),
    }
}
