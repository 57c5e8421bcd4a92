//! Ids of subjects.

use chengxin_seal::RandomPool;

/// Makes ids of subjects that rise in the order in which they are made: 6 bytes milliseconds since 1970, 3 bytes running
/// number, 7 random bytes.
///
/// Wholly random ids would put every new subject, its key and its first record at a random place of three indexes, which
/// took a fifth of the time of a large import; these are appended. An id then says when its subject was first named, as
/// `subject.created_at_us` does beside it, and nothing else. See `docs/decisions/0007-subject-ids-in-order.md`.
#[derive(Debug, Clone)]
pub(crate) struct SubjectIds {
    at_ms: u64,
    count: u32,
}

impl SubjectIds {
    /// For what happens at `at_us`, in microseconds UTC.
    pub(crate) fn new(at_us: i64) -> Self {
        Self { at_ms: u64::try_from(at_us / 1000).unwrap_or(0), count: 0 }
    }

    /// The next id.
    pub(crate) fn next_id(&mut self, pool: &mut RandomPool) -> [u8; 16] {
        let mut id = [0; 16];
        id[..6].copy_from_slice(&self.at_ms.to_be_bytes()[2..]);
        id[6..9].copy_from_slice(&self.count.to_be_bytes()[1..]);
        pool.fill(&mut id[9..]);
        self.count = self.count.wrapping_add(1);
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_rise_with_time_and_count_and_never_repeat() {
        let mut pool = RandomPool::new();
        let (mut first, mut second) = (SubjectIds::new(1_795_305_600_000_000), SubjectIds::new(1_795_305_600_001_000));
        let mut ids: Vec<_> = (0..300).map(|_| first.next_id(&mut pool)).collect();
        ids.extend((0..300).map(|_| second.next_id(&mut pool)));
        assert!(ids.is_sorted_by(|a, b| a < b));
        let twin = SubjectIds::new(1_795_305_600_000_000).next_id(&mut pool);
        assert!(twin[..9] == ids[0][..9] && twin != ids[0], "two processes in one millisecond differ by chance");
    }
}
