//! The matters of windows, for everybody to read: who may be asked what, on which clause, and what a finding would mean.

use chengxin_core::catalogue::Catalogue;
use chengxin_core::catalogue::matter::{Convenience, FindingKind, MatterDef, MatterGround, Relevance};
use chengxin_core::check::cited;
use chengxin_core::{Caller, Say};
use jiff::civil::Date;
use serde::Serialize;

use crate::authority::{called, served};
use crate::reading::Reading;
use crate::{AppError, Installation};

/// A matter in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MatterView {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Say,
    /// The clause that states it.
    pub clause: String,
    /// The same as printed.
    pub clause_label: Say,
    /// On which ground it is asked.
    pub ground: MatterGround,
    /// Kinds of authority that may ask.
    pub authorities: Vec<String>,
    /// May many applications be checked at once?
    pub batch: bool,
    /// First day.
    pub from: Date,
    /// First day no longer.
    pub until: Option<Date>,
    /// What is relevant, the gravest first.
    pub relevant: Vec<RelevantView>,
    /// Eases for good standing.
    pub conveniences: Vec<RelevantView>,
}

/// What a matter makes relevant, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RelevantView {
    /// Items by code and name; the class where it names one.
    pub what: Vec<Say>,
    /// What it is to the matter, or which ease.
    pub kind: Say,
    /// The clause that makes it relevant.
    pub clause: String,
    /// The same as printed.
    pub clause_label: Say,
    /// What it means there.
    pub means: Say,
    /// What the applicant can do; nothing for an ease.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub can_do: Option<Say>,
}

impl Installation {
    /// Matters in force, in the order of their codes.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] without a purpose.
    pub fn matter_list(&self, caller: &Caller) -> Result<Vec<MatterView>, AppError> {
        self.authorise(caller, "matter_show")?;
        Ok(in_force(&self.catalogue, self.today()))
    }

    /// Those of them that the caller's authority may ask about, on whatever ground.
    ///
    /// # Errors
    /// [`crate::Kind::Forbidden`] for whoever may not check at all.
    pub fn matter_list_own(&self, caller: &Caller) -> Result<Vec<MatterView>, AppError> {
        self.authorise(caller, "check_answer")?;
        let office = self.store.view().authority(served(caller)?)?;
        let mut matters = in_force(&self.catalogue, self.today());
        matters.retain(|matter| office.as_ref().is_some_and(|office| matter.authorities.contains(&office.kind)));
        Ok(matters)
    }

    /// One matter.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for an unknown code.
    pub fn matter_show(&self, caller: &Caller, code: &str) -> Result<MatterView, AppError> {
        self.authorise(caller, "matter_show")?;
        find(self.catalogue.matter(code), code).map(|matter| view(&self.catalogue, matter))
    }
}

impl Reading {
    /// As [`Installation::matter_list`].
    ///
    /// # Errors
    /// As there.
    pub fn matter_list(&self, caller: &Caller) -> Result<Vec<MatterView>, AppError> {
        self.authorise(caller, "matter_show")?;
        Ok(in_force(&self.catalogue, self.today()))
    }

    /// As [`Installation::matter_show`].
    ///
    /// # Errors
    /// As there.
    pub fn matter_show(&self, caller: &Caller, code: &str) -> Result<MatterView, AppError> {
        self.authorise(caller, "matter_show")?;
        find(self.catalogue.matter(code), code).map(|matter| view(&self.catalogue, matter))
    }

    /// At whose windows a matter is handled: authorities of the kinds that it names, by code and name. A matter that is not in force is
    /// handled nowhere.
    ///
    /// # Errors
    /// [`crate::Kind::NotFound`] for an unknown code.
    pub fn matter_offices(&self, caller: &Caller, code: &str) -> Result<Vec<(String, Say)>, AppError> {
        self.authorise(caller, "matter_show")?;
        let matter = find(self.catalogue.matter(code), code)?;
        let today = self.today();
        let kinds = &matter.matter.authorities;
        let offices = self.store.view().authorities()?;
        let handles = offices.iter().filter(|office| matter.holds_on(today) && kinds.contains(&office.kind));
        Ok(handles.map(|office| (office.code.clone(), called(Some(office), &office.code))).collect())
    }
}

fn in_force(catalogue: &Catalogue, today: Date) -> Vec<MatterView> {
    let in_force = catalogue.matters().iter().filter(|matter| matter.holds_on(today));
    let mut views: Vec<_> = in_force.map(|matter| view(catalogue, matter)).collect();
    views.sort_by(|a, b| a.code.cmp(&b.code));
    views
}

fn view(catalogue: &Catalogue, matter: &MatterDef) -> MatterView {
    let plain = &matter.matter;
    let kinds = [FindingKind::Bars, FindingKind::Consider, FindingKind::Informs];
    let of_kind = |kind| plain.relevant.iter().filter(move |relevance| relevance.finding == kind);
    let relevant = kinds.into_iter().flat_map(of_kind);
    MatterView {
        code: plain.code.clone(),
        name: matter.name(),
        clause: plain.clause.clone(),
        clause_label: cited(catalogue, &plain.clause).label,
        ground: plain.ground,
        authorities: plain.authorities.clone(),
        batch: plain.batch,
        from: plain.from,
        until: plain.until,
        relevant: relevant.map(|relevance| relevant_view(catalogue, relevance)).collect(),
        conveniences: plain.conveniences.iter().map(|ease| ease_view(catalogue, ease)).collect(),
    }
}

fn relevant_view(catalogue: &Catalogue, relevance: &Relevance) -> RelevantView {
    let mut what: Vec<Say> = relevance.items.iter().map(|code| item_label(catalogue, code)).collect();
    if !relevance.class.is_empty() {
        what.push(Say::new(&relevance.class, &relevance.class));
    }
    RelevantView {
        what,
        kind: relevance.finding.name(),
        clause: relevance.clause.clone(),
        clause_label: cited(catalogue, &relevance.clause).label,
        means: Say::new(&relevance.means, &relevance.means_en),
        can_do: Some(Say::new(&relevance.can_do, &relevance.can_do_en)),
    }
}

fn ease_view(catalogue: &Catalogue, ease: &Convenience) -> RelevantView {
    RelevantView {
        what: vec![item_label(catalogue, &ease.item)],
        kind: ease.kind.name(),
        clause: ease.clause.clone(),
        clause_label: cited(catalogue, &ease.clause).label,
        means: Say::new(&ease.means, &ease.means_en),
        can_do: None,
    }
}

fn item_label(catalogue: &Catalogue, code: &str) -> Say {
    catalogue.item(code).map_or_else(
        || Say::new(code, code),
        |item| Say::new(format!("{}（{code}）", item.item.name), format!("{} ({code})", item.item.name_en)),
    )
}

/// The matter with a code, or a sentence that says where the codes are.
pub(crate) fn find<'c>(matter: Option<&'c MatterDef>, code: &str) -> Result<&'c MatterDef, AppError> {
    matter.ok_or_else(|| {
        let excerpt: String = code.chars().take(40).collect();
        AppError::not_found(
            format!("目录中没有办理事项“{excerpt}”；请运行 chengxin matter list 查看"),
            format!("the catalogue has no matter “{excerpt}”: chengxin matter list shows them"),
        )
    })
}
