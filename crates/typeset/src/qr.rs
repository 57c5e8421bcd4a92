//! The QR code as a vector drawing.
//!
//! One path that follows the outline of the dark areas, not one square per module: squares that only
//! touch show hairline gaps on screen and in print, and a path of outlines is a third as long.

use std::fmt::Write as _;

use fast_qr::ECL;
use fast_qr::qr::QRBuilder;

use crate::TypesetError;

/// Light modules around the code, which scanners need to find it.
///
/// # Source
/// ISO/IEC 18004, 5.3.8: a quiet zone of four modules.
const QUIET: usize = 4;

/// Draws `address` as an SVG image of one black path, quiet zone included. Empty in, empty out.
///
/// # Errors
/// [`TypesetError::QrTooLong`] where no code size holds the address at 15 % redundancy.
pub fn svg(address: &str) -> Result<String, TypesetError> {
    if address.is_empty() {
        return Ok(String::new());
    }
    let grid = grid(address)?;
    let side = grid.size + 2 * QUIET;
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\">\
         <path fill-rule=\"evenodd\" d=\"{}\"/></svg>",
        outline(&grid)
    ))
}

fn grid(text: &str) -> Result<Grid, TypesetError> {
    // Medium redundancy: the code is printed on clean paper, and larger modules scan better than more.
    let code = QRBuilder::new(text).ecl(ECL::M).build().map_err(|_| TypesetError::QrTooLong)?;
    let size = code.size;
    Ok(Grid { size, dark: (0..size * size).map(|i| code[i / size][i % size].value()).collect() })
}

/// Draws `text` in lines of block characters, two rows of modules a line, dark on light, quiet zone included.
///
/// # Errors
/// As [`svg`].
pub fn lines(text: &str) -> Result<Vec<String>, TypesetError> {
    let grid = grid(text)?;
    // Outside the grid all is light; terminals are dark more often than not, so that light is what is drawn.
    let (first, last) = (-(QUIET as isize), (grid.size + QUIET) as isize);
    let light = |x: isize, y: isize| !usize::try_from(x).is_ok_and(|x| usize::try_from(y).is_ok_and(|y| grid.at(x, y)));
    let glyph = |x: isize, y: isize| match (light(x, y), light(x, y + 1)) {
        (true, true) => '█',
        (true, false) => '▀',
        (false, true) => '▄',
        (false, false) => ' ',
    };
    Ok((first..last).step_by(2).map(|y| (first..last).map(|x| glyph(x, y)).collect()).collect())
}

/// The modules of a code, row by row.
struct Grid {
    size: usize,
    dark: Vec<bool>,
}

impl Grid {
    /// Whether the module at this column and row is dark. Outside the code all is light.
    fn at(&self, x: usize, y: usize) -> bool {
        x < self.size && y < self.size && self.dark[y * self.size + x]
    }

    /// Whether an edge of unit length leads from this corner in this direction, dark on its right.
    fn edge(&self, (x, y): (usize, usize), turn: Turn) -> bool {
        // The four modules around the corner; subtraction below zero leaves the grid: light.
        let (left, up) = (x.wrapping_sub(1), y.wrapping_sub(1));
        let (ahead_right, ahead_left) = match turn {
            Turn::East => (self.at(x, y), self.at(x, up)),
            Turn::South => (self.at(left, y), self.at(x, y)),
            Turn::West => (self.at(left, up), self.at(left, y)),
            Turn::North => (self.at(x, up), self.at(left, up)),
        };
        ahead_right && !ahead_left
    }
}

/// The direction in which an outline runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    East,
    South,
    West,
    North,
}

impl Turn {
    fn right(self) -> Self {
        match self {
            Self::East => Self::South,
            Self::South => Self::West,
            Self::West => Self::North,
            Self::North => Self::East,
        }
    }

    fn left(self) -> Self {
        self.right().right().right()
    }
}

/// The outlines of all dark areas and of the holes in them, as SVG path data.
fn outline(grid: &Grid) -> String {
    let corners = grid.size + 1;
    let mut seen = vec![false; corners * corners];
    let mut path = String::with_capacity(grid.size * grid.size * 4);
    // Every outline has an edge to the east; starting from those alone finds each exactly once.
    for y in 0..corners {
        for x in 0..corners {
            if grid.edge((x, y), Turn::East) && !seen[y * corners + x] {
                trace(grid, (x, y), &mut seen, &mut path);
            }
        }
    }
    path
}

/// Follows one outline from a corner, marks its edges to the east as seen, and appends it.
fn trace(grid: &Grid, start: (usize, usize), seen: &mut [bool], path: &mut String) {
    let corners = grid.size + 1;
    let (mut at, mut turn) = (start, Turn::East);
    // Writing to a String cannot fail.
    let _ = write!(path, "M{} {}", start.0 + QUIET, start.1 + QUIET);
    loop {
        let mut steps = 0_usize;
        loop {
            if turn == Turn::East {
                seen[at.1 * corners + at.0] = true;
            }
            match turn {
                Turn::East => at.0 += 1,
                Turn::South => at.1 += 1,
                Turn::West => at.0 -= 1,
                Turn::North => at.1 -= 1,
            }
            steps += 1;
            // Where two dark areas touch at a corner, turning right first keeps them apart.
            if grid.edge(at, turn.right()) || !grid.edge(at, turn) {
                break;
            }
        }
        let _ = match turn {
            Turn::East => write!(path, "h{steps}"),
            Turn::South => write!(path, "v{steps}"),
            Turn::West => write!(path, "h-{steps}"),
            Turn::North => write!(path, "v-{steps}"),
        };
        turn = if grid.edge(at, turn.right()) { turn.right() } else { turn.left() };
        if at == start && turn == Turn::East {
            path.push('z');
            return;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    /// Paints the path back into modules: even–odd along each row's middle.
    fn paint(path: &str, size: usize) -> Vec<bool> {
        // Vertical edges as (x, y of the upper end, length).
        let mut edges = Vec::new();
        for part in path.split('z').filter(|part| !part.is_empty()) {
            let body = part.strip_prefix('M').unwrap();
            let first = body.find(['h', 'v']).unwrap();
            let (x, y) = body[..first].split_once(' ').unwrap();
            let (mut x, mut y): (i64, i64) = (x.parse().unwrap(), y.parse().unwrap());
            let mut rest = &body[first..];
            while !rest.is_empty() {
                let end = rest[1..].find(['h', 'v']).map_or(rest.len(), |at| at + 1);
                let by: i64 = rest[1..end].parse().unwrap();
                if rest.starts_with('h') {
                    x += by;
                } else {
                    edges.push((x, y.min(y + by), by.abs()));
                    y += by;
                }
                rest = &rest[end..];
            }
        }
        let quiet = QUIET as i64;
        (0..size * size)
            .map(|i| {
                let (column, row) = ((i % size) as i64 + quiet, (i / size) as i64 + quiet);
                let crossed =
                    edges.iter().filter(|(x, y, length)| *x <= column && *y <= row && row < y + length).count();
                crossed % 2 == 1
            })
            .collect()
    }

    #[test]
    fn the_outline_paints_back_to_the_same_modules() {
        for address in ["https://credit.example/v/AB12-CD34", "x", &"长".repeat(300)] {
            let code = QRBuilder::new(address).ecl(ECL::M).build().unwrap();
            let dark: Vec<bool> =
                (0..code.size * code.size).map(|i| code[i / code.size][i % code.size].value()).collect();
            let grid = Grid { size: code.size, dark: dark.clone() };
            assert_eq!(paint(&outline(&grid), code.size), dark);
        }
    }

    #[test]
    fn lines_of_blocks_hold_the_same_modules_with_light_around_them() {
        let lines = lines("7KQ2-M9F4-3T").unwrap();
        let grid = grid("7KQ2-M9F4-3T").unwrap();
        let side = grid.size + 2 * QUIET;
        assert!(lines.len() == side.div_ceil(2) && lines.iter().all(|line| line.chars().count() == side));
        for (y, line) in lines.iter().enumerate() {
            for (x, glyph) in line.chars().enumerate() {
                let light = |half: usize| match (x.checked_sub(QUIET), (2 * y + half).checked_sub(QUIET)) {
                    (Some(x), Some(y)) => !grid.at(x, y),
                    _ => true,
                };
                let drawn = (matches!(glyph, '█' | '▀'), matches!(glyph, '█' | '▄'));
                assert_eq!(drawn, (light(0), light(1)), "{x} {y}");
            }
        }
    }

    #[test]
    fn an_empty_address_has_no_code_and_a_huge_one_is_refused() {
        assert_eq!(svg("").unwrap(), "");
        assert_eq!(svg(&"a".repeat(3000)), Err(TypesetError::QrTooLong));
    }
}
