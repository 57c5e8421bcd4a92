//! Where people reach the credit office, kept for the foot of every page.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use chengxin_core::contact::Contact;

/// After so long it is read again: it may have been set at the console.
const OLD_NS: i64 = 60_000_000_000;

/// It, and when it was read.
#[derive(Debug)]
pub(crate) struct Reached {
    contact: RwLock<Arc<Contact>>,
    read_ns: AtomicI64,
}

impl Reached {
    pub(crate) fn new(contact: Contact) -> Self {
        Self { contact: RwLock::new(Arc::new(contact)), read_ns: AtomicI64::new(0) }
    }

    pub(crate) fn get(&self) -> Arc<Contact> {
        Arc::clone(&self.contact.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn set(&self, contact: Contact) {
        *self.contact.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(contact);
    }

    /// Is it for whoever asks to read it again? One of them is told so, and the others go on with what stands here.
    pub(crate) fn is_old(&self, now_ns: i64) -> bool {
        let read = self.read_ns.load(Ordering::Relaxed);
        now_ns - read > OLD_NS
            && self.read_ns.compare_exchange(read, now_ns, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_those_who_ask_reads_it_again_once_a_minute() {
        let reached = Reached::new(Contact::default());
        assert!(!reached.is_old(OLD_NS));
        assert!(reached.is_old(OLD_NS + 1));
        assert!(!reached.is_old(OLD_NS + 2), "somebody reads it already");
        assert!(reached.is_old(2 * OLD_NS + 2));
        let phone = "0990-123456".to_owned();
        reached.set(Contact { phone: phone.clone(), ..Contact::default() });
        assert_eq!(reached.get().phone, phone);
    }
}
