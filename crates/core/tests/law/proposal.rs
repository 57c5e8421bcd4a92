//! An item that a city proposes beside the shipped catalogue, with nothing wrong in it. An example changes one thing and says what is refused.

use chengxin_core::catalogue::{Finding, FindingRule, check};
use jiff::civil::{Date, date};

use crate::clocks::catalogue_files;

/// The day on which the proposal is judged.
const TODAY: Date = date(2026, 9, 1);

const ITEM: &str = r#"
[[item]]
code = "proposed"
name = "拟增事项"
name_en = "Proposed item"
class = "行政管理"
domains = ["食品药品"]
subjects = ["person"]
authorities = ["market_regulation"]
polarity = "adverse"
sharing = "public"
open_to_minors = false
uses = ["party-person", "determination", "source"]

[[item.basis]]
clause = "food-safety-law#archive"
from = "2026-04-01"

[[item.period]]
from = "2026-04-01"
max_months = 12
clock = "decided_on"
clause = "order-36#general"

[[item.use]]
for = "check"
from = "2026-04-01"
subjects = ["person"]
clause = "state-council-2020-49#sec-3"

[[item.repair]]
from = "2026-04-01"
conditions = ["已改正"]
conditions_en = ["The conduct is corrected"]
accept_working_days = 3
decide_working_days = 10
clause = "order-36#conditions"

[[item.field]]
code = "NTXX"
label = "拟采集内容"
label_en = "What is to be collected"
type = "text"
max_length = 100
shown_to = ["subject", "check"]
content = "decision"
"#;

/// What a city wants its catalogue to be.
pub(crate) struct Proposal {
    text: String,
    place: &'static str,
}

impl Proposal {
    pub(crate) fn new() -> Self {
        Self { text: ITEM.to_owned(), place: "990000" }
    }

    /// One passage, which must stand there exactly once, replaced.
    pub(crate) fn with(mut self, from: &str, to: &str) -> Self {
        assert_eq!(self.text.matches(from).count(), 1, "the passage to change must stand there exactly once: {from}");
        self.text = self.text.replace(from, to);
        self
    }

    /// Something more.
    pub(crate) fn and(mut self, more: &str) -> Self {
        self.text.push_str(more);
        self
    }

    /// In a city whose code begins so.
    pub(crate) fn at(mut self, place: &'static str) -> Self {
        self.place = place;
        self
    }

    /// For what it is refused, beside the shipped files; nothing where it may stand.
    pub(crate) fn refused(&self) -> Vec<FindingRule> {
        let mut files = catalogue_files();
        files.push(("proposal.toml".to_owned(), self.text.clone()));
        let errors = check(&files, TODAY, self.place).into_iter().filter(Finding::is_error);
        let mut rules: Vec<_> = errors.map(|finding| finding.rule).collect();
        rules.dedup();
        rules
    }
}

#[test]
fn the_proposal_has_nothing_wrong_with_it() {
    assert_eq!(Proposal::new().refused(), []);
}
