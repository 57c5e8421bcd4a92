//! Who helps: where people reach the credit office. It is a setting of the installation, and stands at the foot of every page.

use chengxin_core::contact::Contact;
use chengxin_core::{Caller, Say};
use chengxin_store::View;
use chengxin_store::audit::SETTINGS;
use serde_json::json;

use crate::log::rows::marks;
use crate::reading::Reading;
use crate::{AppError, Installation, journal};

/// Setting that holds it.
const SETTING: &str = "contact";

impl Installation {
    /// Sets where people reach the credit office, in the place of what was said before.
    ///
    /// # Errors
    /// [`crate::Kind::Invalid`] for a telephone, a place or hours that cannot be, naming the field; [`crate::Kind::Forbidden`].
    pub fn contact_set(&mut self, caller: &Caller, contact: Contact) -> Result<Contact, AppError> {
        const NAME: &str = "contact_set";
        self.authorise(caller, NAME)?;
        let contact = contact.checked().map_err(|(field, why)| {
            let name = named(field);
            AppError::invalid(format!("{}：{}", name.zh, why.zh), format!("{}: {}", name.en, why.en))
        })?;
        let kept = serde_json::to_string(&contact).map_err(|error| AppError::internal(format!("contact: {error}")))?;
        let (now_us, keys) = (self.now_us(), self.keys.clone());
        self.store.write(NAME, |tx| -> Result<(), AppError> {
            tx.set_setting(SETTING, &kept)?;
            let rows = marks(tx.view(), &keys, &[(&SETTINGS, vec![SETTING.into()])])?;
            journal::log(tx, &keys, now_us, NAME, caller, &json!({ "contact": contact, "rows": rows })).map(drop)
        })?;
        Ok(contact)
    }

    /// Where people reach the credit office; empty where it never said so.
    ///
    /// # Errors
    /// The store's.
    pub fn contact_show(&self, caller: &Caller) -> Result<Contact, AppError> {
        self.authorise(caller, "contact_show")?;
        read(self.store.view())
    }
}

impl Reading {
    /// As [`Installation::contact_show`].
    ///
    /// # Errors
    /// As there.
    pub fn contact_show(&self, caller: &Caller) -> Result<Contact, AppError> {
        self.authorise(caller, "contact_show")?;
        read(self.store.view())
    }
}

fn read(view: View<'_>) -> Result<Contact, AppError> {
    let Some(text) = view.setting(SETTING)? else { return Ok(Contact::default()) };
    serde_json::from_str(&text).map_err(|error| AppError::internal(format!("contact: {error}")))
}

fn named(field: &str) -> Say {
    match field {
        "phone" => Say::new("电话", "telephone"),
        "place" => Say::new("地址", "place"),
        "place_en" => Say::new("英文地址", "place in English"),
        "hours" => Say::new("服务时间", "hours"),
        _ => Say::new("英文服务时间", "hours in English"),
    }
}
