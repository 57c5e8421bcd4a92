//! Whom what a provider says leads to: an account that is theirs, one that begins for them, or nobody.

use chengxin_core::Role;
use chengxin_core::identity::{Document, is_of_age_on};
use chengxin_core::issuer::Residents;
use chengxin_seal::random_bytes;
use chengxin_store::account::{AccountKind, AccountRow, AccountState, BindingRow, RightRow};
use chengxin_store::issuer::IdentityRow;

use super::{Back, unbelieved, unvouched};
use crate::account::keys::Names;
use crate::account::person::{Person, bound_document_of};
use crate::account::proof::Candidate;
use crate::issuer::{Said, Trusted};
use crate::{AppError, Installation, Kind};

/// Whom what a provider says leads to.
pub(super) struct Found {
    pub(super) account: AccountRow,
    pub(super) new: Option<New>,
    /// The identity as it is to be written, where it was not linked before.
    pub(super) link: Option<IdentityRow>,
    /// One-time code that linked it.
    pub(super) code: Option<[u8; 32]>,
}

/// An account that begins.
pub(super) struct New {
    pub(super) person: Person,
    pub(super) binding: BindingRow,
    pub(super) right: RightRow,
}

/// Is it a person's account, and in use?
fn is_persons(candidate: &Candidate) -> bool {
    candidate.account.kind == AccountKind::Person as i64 && candidate.account.state == AccountState::InUse as i64
}

impl Installation {
    /// Whom what a provider says leads to.
    pub(super) fn lead(&mut self, back: &Back, said: &Said) -> Result<Found, AppError> {
        let tag = self.keys.identity_tag(&back.trusted, &said.claims.sub);
        let linked = self.store.view().identity(&tag)?.filter(|row| self.keys.is_identity(row));
        let known = match &linked {
            Some(row) => {
                self.candidate(&row.account_id)?.filter(|known| known.account.state != AccountState::Closed as i64)
            }
            None => None,
        };
        match (back.away.link, known) {
            (Some(code), known) => self.link_staff(back, tag, code, known.as_ref()),
            (None, Some(known)) if known.account.kind == AccountKind::Staff as i64 => {
                if !back.trusted.terms.staff || known.account.state != AccountState::InUse as i64 {
                    return Err(unbelieved("it signs no staff in, or the account is not in use"));
                }
                Ok(Found { account: known.account, new: None, link: None, code: None })
            }
            (None, known) => self.lead_person(back, said, tag, known),
        }
    }

    /// An account of staff that an administrator's code links.
    fn link_staff(
        &self,
        back: &Back,
        tag: [u8; 32],
        code: [u8; 32],
        known: Option<&Candidate>,
    ) -> Result<Found, AppError> {
        let row = self
            .store
            .view()
            .activation(&code)?
            .filter(|row| self.keys.is_activation(row) && row.used_us.is_none() && self.now_us() < row.expires_us);
        let row = row.ok_or_else(|| unbelieved("the one-time code is used or over"))?;
        let id = row.account_id.ok_or_else(|| AppError::internal("a code that links names no account"))?;
        let candidate = self.candidate(&id)?.filter(|candidate| !candidate.voids(row.issued_us));
        let account = candidate.map(|candidate| candidate.account).filter(|account| {
            account.kind == AccountKind::Staff as i64 && account.state != AccountState::Closed as i64
        });
        let account = account.ok_or_else(|| unbelieved("the account is closed, or was recovered since"))?;
        if !back.trusted.terms.staff || known.is_some_and(|known| known.account.account_id != id) {
            return Err(unbelieved("it signs no staff in, or whom it names has another account"));
        }
        let link = self.new_identity(&back.trusted, tag, id, &row.issued_by);
        Ok(Found { account, new: None, link: Some(link), code: Some(code) })
    }

    fn new_identity(&self, trusted: &Trusted, tag: [u8; 32], account_id: [u8; 16], by: &str) -> IdentityRow {
        let (issuer, linked_us, linked_by) = (trusted.name.clone(), self.now_us(), by.to_owned());
        self.keys.sealed_identity(IdentityRow {
            identity_tag: tag,
            account_id,
            issuer,
            linked_us,
            linked_by,
            seal: [0; 32],
        })
    }

    /// A person, by the number that the provider verified. Each sign-in shows it anew.
    fn lead_person(
        &mut self,
        back: &Back,
        said: &Said,
        tag: [u8; 32],
        known: Option<Candidate>,
    ) -> Result<Found, AppError> {
        let residents = back.trusted.terms.residents.as_ref().ok_or_else(|| unbelieved("it signs no persons in"))?;
        let document = self.vouched(residents, said)?;
        let person = self.person(&document)?;
        let bindings = self.store.view().account_bindings(&person.subject)?;
        let by = format!("issuer:{}", back.trusted.name);
        if let Some(known) = known {
            let bound = bindings.iter().find(|binding| binding.account_id == known.account.account_id);
            if !bound.is_some_and(|binding| self.binds(binding, &document)) || !is_persons(&known) {
                return Err(unbelieved("the number of whom it names is another than when they were linked"));
            }
            return Ok(Found { account: known.account, new: None, link: None, code: None });
        }
        if let Some(binding) = bindings.first() {
            // The window compared the same document: it is the same person, who has one account.
            let candidate = self.candidate(&binding.account_id)?;
            let theirs = candidate.filter(|candidate| self.binds(binding, &document) && is_persons(candidate));
            let account =
                theirs.ok_or_else(|| unbelieved("the person's account is not in use, or not theirs"))?.account;
            let link = self.new_identity(&back.trusted, tag, account.account_id, "self");
            return Ok(Found { account, new: None, link: Some(link), code: None });
        }
        let id = random_bytes();
        self.new_account_key(&id)?;
        let names = Names { login: String::new(), name: String::new() };
        let account = AccountRow {
            account_id: id,
            kind: AccountKind::Person as i64,
            state: AccountState::InUse as i64,
            subject_id: Some(person.subject),
            sealed: self.keys.seal_names(&id, &names),
            opened_us: self.now_us(),
            opened_by: "self".to_owned(),
        };
        let binding = BindingRow {
            subject_id: person.subject,
            account_id: id,
            sealed: self.sealed_for(&person.subject, &id, &person.sealed)?,
            bound_us: self.now_us(),
            issued_by: by.clone(),
        };
        let right = self.new_right(&id, Role::Resident, None, &by);
        let link = self.new_identity(&back.trusted, tag, id, "self");
        Ok(Found { account, new: Some(New { person, binding, right }), link: Some(link), code: None })
    }

    /// Does a binding open, for the account that it names, and is the document in it this one? One that was put in or altered by hand does not.
    fn binds(&self, binding: &BindingRow, document: &Document) -> bool {
        let bound = bound_document_of(&self.keys, &self.key_store, binding);
        bound.is_ok_and(|(kind, number)| kind == document.kind() && number == document.number())
    }

    /// The document that a provider vouches for.
    fn vouched(&self, residents: &Residents, said: &Said) -> Result<Document, AppError> {
        let more = said.person.as_ref().map_err(unbelieved)?;
        let claims = residents.claims(&said.claims.more, more);
        if !residents.level.by(&claims) {
            return Err(unvouched("the level is another"));
        }
        let number = claims.get(&residents.number).and_then(serde_json::Value::as_str);
        let number = number.ok_or_else(|| unvouched("there is no number"))?;
        let document = Document::parse(residents.kind, number, self.synthetic_rule());
        let (document, _) = document.map_err(|_| unvouched("the number cannot be"))?;
        if document.birth_date().is_some_and(|birth| !is_of_age_on(birth, self.today())) {
            return Err(AppError::new(
                Kind::Forbidden,
                "平台没有未成年人的记录，未满 18 周岁的不在网上开立账户；有需要的，请由监护人陪同到窗口",
                "there are no records about anybody under 18, and no account begins for them here: come to a window with a guardian",
            ));
        }
        Ok(document)
    }
}
