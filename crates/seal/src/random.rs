//! Randomness from the operating system, one call at a time or in bulk.

use core::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// Fills `buffer` with unpredictable bytes.
///
/// # Panics
/// If the operating system has no random generator to offer. There is nothing sensible to do then: a
/// key or nonce made without one would be worse than stopping.
pub fn fill_random(buffer: &mut [u8]) {
    // Unwrap safety: fails only on a system without a generator, where nothing may go on.
    getrandom::fill(buffer).expect("the operating system provides randomness");
}

/// `N` unpredictable bytes. Panics as [`fill_random`] does.
#[must_use]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    fill_random(&mut bytes);
    bytes
}

/// Bytes asked for at once.
const POOL_BYTES: usize = 4096;

/// Unpredictable bytes for bulk work: one system call for 4 KiB of them.
///
/// Every byte is handed out once and overwritten as it goes. Not `Clone`, and not to be carried across a
/// `fork`: two copies would hand out the same bytes. One per worker thread.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct RandomPool {
    bytes: Box<[u8; POOL_BYTES]>,
    used: usize,
}

impl RandomPool {
    /// An empty pool, which fills itself when first asked.
    #[must_use]
    pub fn new() -> Self {
        Self { bytes: Box::new([0; POOL_BYTES]), used: POOL_BYTES }
    }

    /// Fills `buffer`. Panics as [`fill_random`] does.
    #[inline]
    pub fn fill(&mut self, buffer: &mut [u8]) {
        if buffer.len() > POOL_BYTES - self.used {
            if buffer.len() > POOL_BYTES / 4 {
                return fill_random(buffer);
            }
            fill_random(&mut self.bytes[..]);
            self.used = 0;
        }
        let given = &mut self.bytes[self.used..self.used + buffer.len()];
        buffer.copy_from_slice(given);
        given.fill(0);
        self.used += buffer.len();
    }

    /// The next `N` bytes. Panics as [`fill_random`] does.
    #[inline]
    #[must_use]
    pub fn take<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }
}

impl Default for RandomPool {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for RandomPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RandomPool(…)")
    }
}
