//! Coordinates of tiles, and the paths under which they are published.

use std::fmt;
use std::str::FromStr;

/// Hashes in a full tile, and entries in a full bundle.
pub const TILE_WIDTH: u16 = 256;

/// Highest level that a tree of fewer than 2⁶⁴ leaves has a hash at.
///
/// The format allows levels up to 63. Levels above this one are refused all the same, because no tree can have them
/// and a path that names one is a mistake or a probe.
pub const MAX_LEVEL: u8 = 7;

/// The longest path: `tile/entries/`, seven elements of an index, and a width.
const MAX_PATH_BYTES: usize = 64;

/// Why coordinates or a path name no tile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// Level above [`MAX_LEVEL`].
    #[error("tile level {level}: expected 0 to {MAX_LEVEL}")]
    Level {
        /// The level named.
        level: u8,
    },
    /// Width of 0, or above 256.
    #[error("tile width {width}: expected 1 to {TILE_WIDTH}")]
    Width {
        /// The width named.
        width: u16,
    },
    /// A tile that begins or ends beyond 2⁶⁴ leaves.
    #[error("tile {index} of level {level}: expected a tile within a tree of fewer than 2^64 leaves")]
    BeyondTree {
        /// Level.
        level: u8,
        /// Index in the level.
        index: u64,
    },
    /// A path that is not in the one canonical form.
    #[error("tile path {path:?}: {expected}")]
    Path {
        /// The path, cut where it is long.
        path: String,
        /// What was expected.
        expected: &'static str,
    },
}

/// One tile of hashes: `width` hashes of `level`, from hash `index × 256` on.
///
/// Hash `n` of level `l` is the root of the full subtree over the leaves `n × 256ˡ` to `(n + 1) × 256ˡ`. Values of this type
/// are always within a tree of fewer than 2⁶⁴ leaves.
///
/// # Source
/// C2SP tlog-tiles, “Merkle Tree” and “Partial Tiles”.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    level: u8,
    index: u64,
    width: u16,
}

impl TileId {
    /// The tile with these coordinates.
    ///
    /// # Errors
    /// [`TileError::Level`], [`TileError::Width`], [`TileError::BeyondTree`].
    pub fn new(level: u8, index: u64, width: u16) -> Result<Self, TileError> {
        if level > MAX_LEVEL {
            return Err(TileError::Level { level });
        }
        if width == 0 || width > TILE_WIDTH {
            return Err(TileError::Width { width });
        }
        let leaves = 1u64 << (8 * level);
        let end = index.checked_mul(u64::from(TILE_WIDTH)).and_then(|first| first.checked_add(u64::from(width)));
        if end.and_then(|end| end.checked_mul(leaves)).is_none() {
            return Err(TileError::BeyondTree { level, index });
        }
        Ok(Self { level, index, width })
    }

    /// The tile `index` of `level` as wide as it is in a tree of `size` leaves; `None` where that tree has none there.
    #[must_use]
    pub fn in_tree(level: u8, index: u64, size: u64) -> Option<Self> {
        if level > MAX_LEVEL {
            return None;
        }
        let hashes = size >> (8 * level);
        let room = hashes.checked_sub(index.checked_mul(u64::from(TILE_WIDTH))?)?;
        let width = room.min(u64::from(TILE_WIDTH)) as u16;
        (width > 0).then_some(Self { level, index, width })
    }

    /// Level, 0 to [`MAX_LEVEL`].
    #[must_use]
    pub fn level(self) -> u8 {
        self.level
    }

    /// Running number in the level, from 0.
    #[must_use]
    pub fn index(self) -> u64 {
        self.index
    }

    /// Hashes in the tile, 1 to 256.
    #[must_use]
    pub fn width(self) -> u16 {
        self.width
    }

    /// Length of the tile in bytes.
    #[must_use]
    pub fn bytes(self) -> usize {
        usize::from(self.width) * 32
    }

    /// Whether the tile holds 256 hashes, and so never changes.
    #[must_use]
    pub fn is_full(self) -> bool {
        self.width == TILE_WIDTH
    }

    /// The same place at another width.
    ///
    /// # Errors
    /// [`TileError::Width`], [`TileError::BeyondTree`].
    pub fn with_width(self, width: u16) -> Result<Self, TileError> {
        Self::new(self.level, self.index, width)
    }
}

/// Every tile of a tree of `size` leaves, level by level, each level from the left.
pub fn tiles_of(size: u64) -> impl Iterator<Item = TileId> {
    (0..=MAX_LEVEL).flat_map(move |level| {
        let count = (size >> (8 * level)).div_ceil(u64::from(TILE_WIDTH));
        (0..count).filter_map(move |index| TileId::in_tree(level, index, size))
    })
}

/// The partial tiles of a tree of `size` leaves, at most one a level. They are all that is needed to compute its root
/// and to go on adding leaves.
pub fn right_edge(size: u64) -> impl Iterator<Item = TileId> {
    (0..=MAX_LEVEL).filter_map(move |level| {
        let index = (size >> (8 * level)) / u64::from(TILE_WIDTH);
        TileId::in_tree(level, index, size).filter(|tile| !tile.is_full())
    })
}

/// What is published under `tile/`.
///
/// Its [`Display`](fmt::Display) is the path; [`FromStr`] takes exactly the paths that `Display` gives.
///
/// # Source
/// C2SP tlog-tiles, “Merkle Tree” and “Log entries”.
///
/// # Example
/// ```
/// use chengxin_tlog::{TileId, TilePath};
/// let path = TilePath::Hashes(TileId::new(0, 1_234_067, 8)?);
/// assert_eq!(path.to_string(), "tile/0/x001/x234/067.p/8");
/// assert_eq!("tile/0/x001/x234/067.p/8".parse(), Ok(path));
/// # Ok::<(), chengxin_tlog::TileError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TilePath {
    /// `tile/<level>/<index>[.p/<width>]`.
    Hashes(TileId),
    /// `tile/entries/<index>[.p/<width>]`: the bundle of the entries whose leaf hashes are in this tile of level 0.
    Entries(TileId),
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tile = match self {
            Self::Hashes(tile) => {
                write!(f, "tile/{}/", tile.level)?;
                tile
            }
            Self::Entries(tile) => {
                f.write_str("tile/entries/")?;
                tile
            }
        };
        write_index(f, tile.index)?;
        if tile.is_full() { Ok(()) } else { write!(f, ".p/{}", tile.width) }
    }
}

impl fmt::Display for TileId {
    /// The path of the tile.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        TilePath::Hashes(*self).fmt(f)
    }
}

/// `1234067` as `x001/x234/067`.
fn write_index(f: &mut fmt::Formatter<'_>, index: u64) -> fmt::Result {
    let mut divisor = 1u64;
    while index / divisor >= 1000 {
        divisor *= 1000;
    }
    while divisor > 1 {
        write!(f, "x{:03}/", index / divisor % 1000)?;
        divisor /= 1000;
    }
    write!(f, "{:03}", index % 1000)
}

impl FromStr for TilePath {
    type Err = TileError;

    /// # Errors
    /// [`TileError::Path`] for anything but the canonical form, and the errors of [`TileId::new`].
    fn from_str(path: &str) -> Result<Self, TileError> {
        let fail = |expected| TileError::Path { path: path.chars().take(MAX_PATH_BYTES).collect(), expected };
        if path.len() > MAX_PATH_BYTES {
            return Err(fail("expected at most 64 bytes"));
        }
        let rest = path.strip_prefix("tile/").ok_or_else(|| fail("expected it to begin with tile/"))?;
        let (kind, rest) = rest.split_once('/').ok_or_else(|| fail("expected a level and an index"))?;
        let (index, width) = match rest.rsplit_once(".p/") {
            None => (rest, TILE_WIDTH),
            Some((index, width)) => {
                let width = canonical(width).and_then(|width| u16::try_from(width).ok());
                let width = width.filter(|width| (1..TILE_WIDTH).contains(width));
                (index, width.ok_or_else(|| fail("expected a width from 1 to 255 without leading zeros"))?)
            }
        };
        let index = parse_index(index).ok_or_else(|| fail("expected an index of the form x001/x234/067"))?;
        if kind == "entries" {
            return TileId::new(0, index, width).map(Self::Entries);
        }
        let level = canonical(kind).and_then(|level| u8::try_from(level).ok());
        let level = level.ok_or_else(|| fail("expected a level without leading zeros, or entries"))?;
        TileId::new(level, index, width).map(Self::Hashes)
    }
}

fn parse_index(text: &str) -> Option<u64> {
    let (head, last) = text.rsplit_once('/').map_or((None, text), |(head, last)| (Some(head), last));
    let mut index = 0u64;
    for (place, element) in head.into_iter().flat_map(|head| head.split('/')).enumerate() {
        let group = three_digits(element.strip_prefix('x')?)?;
        if place == 0 && group == 0 {
            return None;
        }
        index = index.checked_mul(1000)?.checked_add(group)?;
    }
    index.checked_mul(1000)?.checked_add(three_digits(last)?)
}

fn three_digits(text: &str) -> Option<u64> {
    let digits = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// A decimal number in its one form: digits only, no leading zero, at most 2⁶⁴ − 1.
pub(crate) fn canonical(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits && (text == "0" || !text.starts_with('0')) { text.parse().ok() } else { None }
}

#[cfg(test)]
#[path = "tile_tests.rs"]
mod tests;
